# /// mutant
# misconception = "The budget held for each control and not for their sum"
# revisit = "risk#the-defence-controls-under-a-budget"
# loses = {"budget-test" = 1, "optimum-test" = 1}
# ///
# %% controls
def best_controls(harm: dict, controls: dict, budget: float) -> list:
    return [control for control in controls if controls[control]["cost"] <= budget]
