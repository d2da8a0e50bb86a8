# /// mutant
# misconception = "The assessment said to be due when the criteria are decided"
# revisit = "risk#is-a-dpia-required"
# loses = {"screening-conclusion-test" = 1}
# ///
# %% screening
def dpia_screening() -> dict:
    criteria = {
        "evaluation_or_scoring": (False, "F5: the algorithm marks a possible fall; it does not score the person."),
        "automated_decision": (False, "F5: an operator always looks; the algorithm alone decides nothing."),
        "systematic_monitoring": (True, "F3: sensors observe bedroom and bathroom every night, all night."),
        "sensitive_data": (True, "F2 and F3: the data tell of dementia, falls and nights at home."),
        "large_scale": (False, "F1: 120 persons; arguable, since these are all who get the service."),
        "combining_datasets": (False, "F10: nothing is combined with other registers."),
        "vulnerable_persons": (True, "F2: most are over 80, four in ten live with dementia, some cannot consent."),
        "new_technology": (True, "F5 and F6: a new product with an algorithm that nobody here has used."),
        "prevents_right_or_service": (False, "F11: whoever says no gets a visit by a nurse instead."),
    }
    return {
        "criteria": {name: {"met": met, "because": because} for name, (met, because) in criteria.items()},
        "on_the_list": {"met": True, "because": "F9: GPS positions, together with health data of vulnerable persons."},
        "required": True,
        "done_by": "2027-01-15",
    }
