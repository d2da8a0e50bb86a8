# /// mutant
# misconception = "What two controls on one scenario spare added up"
# revisit = "risk#the-defence-controls-under-a-budget"
# loses = {"optimum-test" = 1}
# ///
# %% controls
def best_controls(harm: dict, controls: dict, budget: float) -> list:
    def spared(chosen):
        return sum(size * (1 - controls[c]["leaves"].get(s, 1.0)) for c in chosen for s, size in harm.items())

    sets = [chosen for size in range(len(controls) + 1) for chosen in itertools.combinations(controls, size)]
    return list(max((s for s in sets if sum(controls[c]["cost"] for c in s) <= budget), key=spared))
