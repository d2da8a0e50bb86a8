"""The data card keeps up with the data: headings, tables, numbers, formats, biases and links."""

import re
import tomllib

import pyarrow.parquet as pq
import pytest

from hipkit.datasets import COURSE_PATIENTS, COURSE_SEED, SAMPLE_PATIENTS
from hipkit.datasets.contracts import contracts
from hipkit.datasets.exports import FORMATS
from hipkit.datasets.exports.fhir import RESOURCES
from hipkit.datasets.exports.omop import NEEDS
from hipkit.datasets.generator.block import BLOCK_SIZE, HISTORY_END, HISTORY_START, REFERENCE_DATE
from hipkit.paths import DATASETS, ROOT

CARD = (DATASETS / "README.md").read_text(encoding="utf-8")
# A long line is broken anywhere.
TEXT = " ".join(CARD.split())
# The card says "about": a share, and a number of rows in small tables.
ABOUT, FEW = 0.15, 20


def named(text: str) -> set[str]:
    return set(re.findall("`([a-z_]+)`", text))


def between(start: str, end: str) -> str:
    return CARD[CARD.index(start) : CARD.index(end)]


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
    assert named(between("| tables | about |", "**How many rows?**")) == set(contracts())
    formats = between("| format | what is written", "The first three have every table")
    assert re.findall("^\\| `([a-z]+)` \\|", formats, re.M) == list(FORMATS)
    assert named(between("FHIR has `", "OMOP has `")) == {"persons", *RESOURCES}
    assert named(between("OMOP has `", "Labels of errors")) == set(NEEDS)


def test_sizes_and_dates_are_those_of_the_code() -> None:
    assert f"The course uses {COURSE_PATIENTS:,} patients and the seed {COURSE_SEED}" in TEXT
    assert f"A sample of {SAMPLE_PATIENTS:,} patients" in TEXT
    assert f"a block of {BLOCK_SIZE:,} persons" in TEXT
    days = [f"{day.day} {day:%B %Y}" for day in (HISTORY_START, HISTORY_END, REFERENCE_DATE)]
    assert f'from {days[0]} to {days[1]}. The data\'s "today" is {days[2]}' in TEXT


def test_the_rows_of_the_sample_are_about_those_of_the_card() -> None:
    table = between("| table | rows |", "Most tables grow")
    told = {name: int(rows.replace(",", "")) for name, rows in re.findall(r"`([a-z_]+)` \| ([0-9,]+) \|", table)}
    parquet = DATASETS / "sample" / "parquet"
    made = {name: pq.read_metadata(parquet / f"{name}.parquet").num_rows for name in contracts()}
    assert told == pytest.approx(made, rel=ABOUT, abs=FEW)


def test_the_sizes_of_the_sample_are_about_those_of_the_card() -> None:
    told = [float(size) for size in re.findall(r"\(about ([0-9.]+) MB\)", TEXT)]
    made = [sum(f.stat().st_size for f in (DATASETS / "sample" / kind).iterdir()) / 1e6 for kind in ("csv", "parquet")]
    assert told == pytest.approx(made, rel=ABOUT)


def test_there_are_as_many_biases_as_the_card_says() -> None:
    assert "three biases on purpose" in TEXT
    causal = (DATASETS / "reference" / "causal.toml").read_text(encoding="utf-8")
    assert set(re.findall("BIAS ([0-9])", causal)) == {"1", "2", "3"}


def test_every_reference_table_names_its_source() -> None:
    sources = tomllib.loads((DATASETS / "reference" / "sources.toml").read_text(encoding="utf-8"))
    files = {entry["file"] for entry in sources.values()}
    assert {file.name for file in (DATASETS / "reference").glob("*.csv")} <= files
    assert all((DATASETS / "reference" / file).is_file() for file in files)


def test_the_command_that_judges_everything_names_what_exists() -> None:
    assert "`make judges`" in CARD
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\njudges:")[2].partition("\n\n")[0]
    (program,) = re.findall(r"python (\S+\.py) --n 1000000", recipe)
    (file, test) = re.findall(r"HIPKIT_FHIR_POPULATION=course .* pytest -q (\S+) -k (\S+)$", recipe, re.M)[0]
    assert (ROOT / program).is_file()
    assert re.search(rf"^def test_\w*{test}", (ROOT / file).read_text(encoding="utf-8"), re.M)


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", CARD)
    assert targets
    assert [target for target in targets if not (DATASETS / target).exists()] == []
