# /// mutant
# misconception = "The lowest scores read first"
# revisit = "accountability#does-anybody-read-it"
# loses = {"precision-test" = 1, "precision-edge-test" = 1}
# ///
# %% precision
def precision_at(cases: pd.DataFrame, a_week: int) -> float:
    order = cases.sort_values(["week", "score", "first"])
    return float(order.groupby("week").head(a_week)["snooping"].mean())
