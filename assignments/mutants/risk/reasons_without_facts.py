# /// mutant
# misconception = "Reasons that name no fact"
# revisit = "risk#is-a-dpia-required"
# loses = {"screening-form-test" = 1, "screening-criteria-test" = 1, "screening-conclusion-test" = 1}
# ///
# %% screening
def dpia_screening() -> dict:
    return {
        "criteria": {
            "evaluation_or_scoring": {"met": False, "because": "We have considered this carefully and find it so."},
            "automated_decision": {"met": False, "because": "We have considered this carefully and find it so."},
            "systematic_monitoring": {"met": True, "because": "We have considered this carefully and find it so."},
            "sensitive_data": {"met": True, "because": "We have considered this carefully and find it so."},
            "large_scale": {"met": False, "because": "We have considered this carefully and find it so."},
            "combining_datasets": {"met": False, "because": "We have considered this carefully and find it so."},
            "vulnerable_persons": {"met": True, "because": "We have considered this carefully and find it so."},
            "new_technology": {"met": True, "because": "We have considered this carefully and find it so."},
            "prevents_right_or_service": {"met": False, "because": "We have considered this carefully and find it so."},
        },
        "on_the_list": {"met": True, "because": "We have considered this carefully and find it so."},
        "required": True,
        "done_by": "2027-08-31",
    }
