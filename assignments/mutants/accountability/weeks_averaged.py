# /// mutant
# misconception = "The precisions of the weeks averaged, although quiet weeks have fewer cases"
# revisit = "accountability#does-anybody-read-it"
# loses = {"precision-edge-test" = 1}
# ///
# %% precision
def precision_at(cases: pd.DataFrame, a_week: int) -> float:
    order = cases.sort_values(["week", "score", "first"], ascending=[True, False, True])
    read = order.groupby("week").head(a_week)
    return float(read.groupby("week")["snooping"].mean().mean())
