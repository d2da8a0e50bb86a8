# /// mutant
# misconception = "Best harm spared per krone bought first"
# revisit = "risk#the-defence-controls-under-a-budget"
# loses = {"optimum-test" = 1}
# ///
# %% controls
def best_controls(harm: dict, controls: dict, budget: float) -> list:
    def spared(control):
        return sum(size * (1 - controls[control]["leaves"].get(scenario, 1.0)) for scenario, size in harm.items())

    chosen, money = [], budget
    for control in sorted(controls, key=lambda c: -spared(c) / controls[c]["cost"]):
        if controls[control]["cost"] <= money:
            chosen.append(control)
            money -= controls[control]["cost"]
    if not any(controls[c]["cost"] <= budget for c in controls):
        return []
    best_alone = max((c for c in controls if controls[c]["cost"] <= budget), key=spared)
    return chosen if sum(map(spared, chosen)) >= spared(best_alone) else [best_alone]
