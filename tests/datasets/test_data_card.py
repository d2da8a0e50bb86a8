"""The data card keeps up with the data: headings, tables, formats, sizes and links."""

import re

from hipkit.datasets import COURSE_PATIENTS, COURSE_SEED, SAMPLE_PATIENTS
from hipkit.datasets.contracts import contracts
from hipkit.datasets.exports import FORMATS
from hipkit.datasets.generator.block import BLOCK_SIZE, HISTORY_END, HISTORY_START, REFERENCE_DATE
from hipkit.paths import DATASETS

CARD = (DATASETS / "README.md").read_text(encoding="utf-8")
# A long line is broken anywhere.
TEXT = " ".join(CARD.split())


def test_the_headings_are_those_of_datasheets_for_datasets() -> None:
    assert re.findall("^## (.*)$", CARD, re.M) == [
        "Motivation",
        "Composition",
        "Collection process",
        "Preprocessing, cleaning and labelling",
        "Uses",
        "Distribution",
        "Maintenance",
    ]


def test_every_table_and_format_is_named_and_no_other() -> None:
    listed = CARD[CARD.index("| tables | about |") : CARD.index("**How many rows?**")]
    assert set(re.findall("`([a-z_]+)`", listed)) == set(contracts())
    formats = CARD[CARD.index("| format | what is written") : CARD.index("`dcat.jsonld`")]
    assert re.findall("^\\| `([a-z]+)` \\|", formats, re.M) == list(FORMATS)


def test_sizes_and_dates_are_those_of_the_code() -> None:
    assert f"The course uses {COURSE_PATIENTS:,} patients and the seed {COURSE_SEED}" in TEXT
    assert f"A sample of {SAMPLE_PATIENTS:,} patients" in TEXT
    assert f"a block of {BLOCK_SIZE:,} persons" in TEXT
    days = [f"{day.day} {day:%B %Y}" for day in (HISTORY_START, HISTORY_END, REFERENCE_DATE)]
    assert f'from {days[0]} to {days[1]}. The data\'s "today" is {days[2]}' in TEXT


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", CARD)
    assert targets
    assert [target for target in targets if not (DATASETS / target).exists()] == []
