# /// mutant
# misconception = "Divided by what could have been read instead of what was"
# revisit = "accountability#does-anybody-read-it"
# loses = {"precision-edge-test" = 1}
# ///
# %% precision
def precision_at(cases: pd.DataFrame, a_week: int) -> float:
    order = cases.sort_values(["week", "score", "first"], ascending=[True, False, True])
    read = order.groupby("week").head(a_week)
    return float(read["snooping"].sum() / (a_week * cases["week"].nunique()))
