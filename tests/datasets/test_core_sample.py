"""The sample in the repository: what it holds, and that the generator makes it again."""

import pytest

from hipkit.datasets import SAMPLE_PATIENTS, load_persons, load_table, write_sample
from hipkit.datasets.checking import check_folder
from hipkit.datasets.generator.pipeline import table_names
from hipkit.datasets.loaders import SAMPLE
from hipkit.datasets.sample import SUMS

MB = 1_000_000


def test_the_generator_makes_the_sample_again(tmp_path):
    write_sample(tmp_path / "sample")
    assert (tmp_path / "sample" / SUMS).read_text() == (SAMPLE / SUMS).read_text()


def test_every_table_is_there_in_both_forms_and_small():
    for kind in ("csv", "parquet"):
        assert {file.stem for file in (SAMPLE / kind).glob(f"*.{kind}")} == set(table_names())
    assert sum(file.stat().st_size for file in SAMPLE.rglob("*") if file.is_file()) < 8 * MB


def test_the_sample_fits_its_contracts_and_sums():
    assert check_folder(SAMPLE) == []
    assert len(load_persons("sample")) == SAMPLE_PATIENTS


@pytest.mark.parametrize("table", table_names())
def test_both_forms_hold_the_same(table):
    import pandas as pd

    one, other = load_table(table, SAMPLE / "parquet"), load_table(table, SAMPLE / "csv")
    lists = [name for name in one if len(one) and hasattr(one[name].iloc[0], "tolist") and one[name].dtype == object]
    for name in lists:
        assert [x.tolist() for x in one[name]] == [x.tolist() for x in other[name]]
    pd.testing.assert_frame_equal(one.drop(columns=lists), other.drop(columns=lists))


def test_a_changed_file_in_the_sample_is_found(tmp_path):
    target = tmp_path / "sample"
    write_sample(target)
    file = target / "csv" / "organisations.csv"
    file.write_text(file.read_text().replace("øvingssykehus", "sykehus"))
    assert [str(f) for f in check_folder(target)] == [
        f"table organisations: csv/organisations.csv is not the file that {SUMS} describes"
    ]
