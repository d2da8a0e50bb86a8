# /// mutant
# misconception = "The share of all snooping that was found taken for precision"
# revisit = "accountability#does-anybody-read-it"
# loses = {"precision-test" = 1, "precision-edge-test" = 1}
# ///
# %% precision
def precision_at(cases: pd.DataFrame, a_week: int) -> float:
    order = cases.sort_values(["week", "score", "first"], ascending=[True, False, True])
    read = order.groupby("week").head(a_week)
    return float(read["snooping"].sum() / max(1, cases["snooping"].sum()))
