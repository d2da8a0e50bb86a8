# /// mutant
# misconception = "Tables merged, so that the rows lose their index"
# revisit = "accountability#does-anybody-read-it"
# loses = {"flags-test" = 1}
# ///
# %% flags
def flags(openings: pd.DataFrame, staff: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    joined = openings.merge(staff, on="hpr_number").merge(patients, on="person_id", suffixes=("", "_patient"))
    hour = joined["at"].dt.hour
    namesake = joined["family_name"] == joined["family_name_patient"]
    return pd.DataFrame(
        {
            "no_relation": ~joined["care_relation"],
            "namesake": namesake,
            "same_town": namesake & (joined["municipality_code"] == joined["municipality_code_patient"]),
            "vip": joined["vip"],
            "night": (hour >= 22) | (hour < 6),
        }
    )
