# /// mutant
# misconception = "Reasons that name no fact"
# revisit = "risk#is-a-dpia-required"
# loses = {"screening-form-test" = 1, "screening-criteria-test" = 1, "screening-conclusion-test" = 1}
# ///
# %% screening
def dpia_screening() -> dict:
    criteria = {
        "evaluation_or_scoring": (False, "We have considered this carefully and find it so."),
        "automated_decision": (False, "We have considered this carefully and find it so."),
        "systematic_monitoring": (True, "We have considered this carefully and find it so."),
        "sensitive_data": (True, "We have considered this carefully and find it so."),
        "large_scale": (False, "We have considered this carefully and find it so."),
        "combining_datasets": (False, "We have considered this carefully and find it so."),
        "vulnerable_persons": (True, "We have considered this carefully and find it so."),
        "new_technology": (True, "We have considered this carefully and find it so."),
        "prevents_right_or_service": (False, "We have considered this carefully and find it so."),
    }
    return {
        "criteria": {name: {"met": met, "because": because} for name, (met, because) in criteria.items()},
        "on_the_list": {"met": True, "because": "We have considered this carefully and find it so."},
        "required": True,
        "done_by": "2027-08-31",
    }
