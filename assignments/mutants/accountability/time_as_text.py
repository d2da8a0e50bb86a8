# /// mutant
# misconception = "The time turned into text, which can no longer be sorted or compared as a time"
# revisit = "accountability#the-patient-s-own-view"
# loses = {"view-form-test" = 1}
# ///
# %% view
def patient_view(log: pd.DataFrame, staff: pd.DataFrame, patient: int, now: pd.Timestamp) -> pd.DataFrame:
    recent = log["at"].between(now - pd.DateOffset(years=3), now)
    hers = log[recent & (log["person_id"] == patient)].sort_values("at", ascending=False)
    members = staff.set_index("hpr_number").loc[hers["hpr_number"]]
    who = members["given_name"].astype(str) + " " + members["family_name"].astype(str)
    view = pd.DataFrame({"when": hers["at"], "who": who.to_numpy(), "what": hers["document"], "why": hers["purpose"]})
    view["emergency"] = hers["break_glass"]
    view["when"] = view["when"].dt.strftime("%Y-%m-%d %H:%M:%S")
    return view.reset_index(drop=True)
