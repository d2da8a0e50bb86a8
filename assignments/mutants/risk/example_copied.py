# /// mutant
# misconception = "The lesson's example handed in"
# revisit = "risk#the-register"
# loses = {"register-form-test" = 1, "register-case-test" = 2}
# ///
# %% register
def risk_register() -> str:
    return (DATASETS / "risk" / "register.yml").read_text(encoding="utf-8")
