# /// mutant
# misconception = "The highest scores of the whole time read, not of each week"
# revisit = "accountability#does-anybody-read-it"
# loses = {"precision-test" = 1, "precision-edge-test" = 1}
# ///
# %% precision
def precision_at(cases: pd.DataFrame, a_week: int) -> float:
    order = cases.sort_values(["score", "first"], ascending=[False, True])
    return float(order.head(a_week * cases["week"].nunique())["snooping"].mean())
