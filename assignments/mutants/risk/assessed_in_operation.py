# /// mutant
# misconception = "The assessment planned for the first year of operation"
# revisit = "risk#is-a-dpia-required"
# loses = {"screening-conclusion-test" = 1}
# ///
# %% screening
def dpia_screening() -> dict:
    return {
        "criteria": {
            "evaluation_or_scoring": {"met": False, "because": "F5: the algorithm marks an event, a possible fall; it does not profile or score the person."},
            "automated_decision": {"met": False, "because": "F5: an operator always looks, and nothing is decided by the algorithm alone."},
            "systematic_monitoring": {"met": True, "because": "F3: sensors observe bedroom and bathroom every night, all night."},
            "sensitive_data": {"met": True, "because": "F2 and F3: the data tell of dementia, falls and nights; they concern health and the home."},
            "large_scale": {"met": False, "because": "F1: 120 persons in two municipalities; arguable, since it is everybody who gets the service."},
            "combining_datasets": {"met": False, "because": "F10: nothing is combined with other registers."},
            "vulnerable_persons": {"met": True, "because": "F2: most are over 80, four in ten live with dementia, some cannot consent."},
            "new_technology": {"met": True, "because": "F5 and F6: a new product with an algorithm that neither municipality has used."},
            "prevents_right_or_service": {"met": False, "because": "F11: whoever says no gets a visit by a nurse instead."},
        },
        "on_the_list": {"met": True, "because": "F9: GPS positions, together with vulnerable persons and health data."},
        "required": True,
        "done_by": "2028-06-30",
    }
