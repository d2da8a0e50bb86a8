# /// mutant
# misconception = "The whole error probability used for each of the two limits"
# revisit = "differential-privacy#measured-beside-claimed"
# loses = {"audit-test" = 2}
# ///
# %% audit
def epsilon_lower_bound(hits: int, false_alarms: int, runs: int, confidence: float) -> float:
    alpha = 1 - confidence
    low = stats.beta.ppf(alpha, hits, runs - hits + 1) if hits > 0 else 0.0
    high = stats.beta.ppf(1 - alpha, false_alarms + 1, runs - false_alarms) if false_alarms < runs else 1.0
    return float(max(0.0, np.log(low / high))) if low > 0 else 0.0
