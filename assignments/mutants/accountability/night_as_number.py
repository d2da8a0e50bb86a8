# /// mutant
# misconception = "A truth value stored as a number"
# revisit = "accountability#does-anybody-read-it"
# loses = {"night-test" = 1}
# ///
# %% flags
def flags(openings: pd.DataFrame, staff: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    member = staff.set_index("hpr_number").loc[openings["hpr_number"]]
    patient = patients.set_index("person_id").loc[openings["person_id"]]
    namesake = member["family_name"].to_numpy() == patient["family_name"].to_numpy()
    same_town = member["municipality_code"].to_numpy() == patient["municipality_code"].to_numpy()
    hour = openings["at"].dt.hour
    return pd.DataFrame(
        {
            "no_relation": ~openings["care_relation"],
            "namesake": namesake,
            "same_town": namesake & same_town,
            "vip": patient["vip"].to_numpy(),
            "night": ((hour >= 22) | (hour < 6)).astype(int),
        },
        index=openings.index,
    )
