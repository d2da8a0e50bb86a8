# /// mutant
# misconception = "The observed ratio taken for a proof"
# revisit = "differential-privacy#measured-beside-claimed"
# loses = {"audit-edge-test" = 1, "audit-test" = 2}
# ///
# %% audit
def epsilon_lower_bound(hits: int, false_alarms: int, runs: int, confidence: float) -> float:
    return float(max(0.0, np.log(max(hits, 1) / max(false_alarms, 1))))
