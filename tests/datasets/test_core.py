"""The generator's core: same bytes in every way of running, safe numbers, families that make sense, clear errors."""

import json
import shutil
import signal
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from stdnum.no import fodselsnummer, orgnr

from hipkit.datasets import make_population, write_population
from hipkit.datasets.generator import identity, storage
from hipkit.datasets.generator.block import BLOCK_SIZE
from hipkit.errors import KitError

CORE = ("organisations", "personnel", "persons")
# More than one block, the last of them not full.
N = BLOCK_SIZE * 2 + 321


@pytest.fixture(scope="module")
def one_process(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population") / "one"
    write_population(folder, N, 7, tables=CORE)
    return folder


@pytest.fixture(scope="module")
def made():
    return make_population(N, 7, tables=CORE)


@pytest.fixture(scope="module")
def persons(made):
    return made["persons"]


def manifest(folder):
    return json.loads((folder / storage.MANIFEST).read_text())["tables"]


def test_a_second_run_gives_the_same_bytes(one_process, tmp_path):
    write_population(tmp_path / "again", N, 7, tables=CORE)
    assert manifest(tmp_path / "again") == manifest(one_process)
    assert {name: storage.sha256_of(one_process / f"{name}.parquet") for name in CORE} == {
        name: entry["sha256"] for name, entry in manifest(one_process).items()
    }


def test_two_processes_give_the_same_bytes(one_process, tmp_path):
    write_population(tmp_path / "two", N, 7, tables=CORE, processes=2)
    assert manifest(tmp_path / "two") == manifest(one_process)


def test_a_dask_cluster_of_two_workers_gives_the_same_bytes(one_process, tmp_path):
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        write_population(tmp_path / "dask", N, 7, tables=CORE, dask=cluster.scheduler_address)
    assert manifest(tmp_path / "dask") == manifest(one_process)


def test_another_seed_gives_other_persons(persons):
    other = make_population(200, 8, tables=("persons",))["persons"]
    assert (
        other["national_id"].to_list()
        != make_population(200, 7, tables=("persons",))["persons"]["national_id"].to_list()
    )
    assert other.height == 200


def test_memory_and_disk_hold_the_same_rows(one_process, made):
    for name in CORE:
        stored = pl.read_parquet(one_process / f"{name}.parquet")
        strings = [c for c, kind in made[name].schema.items() if kind in (pl.Enum, pl.Categorical)]
        text = [pl.col(c).cast(pl.String) for c in strings]
        assert stored.with_columns(text).equals(made[name].with_columns(text)), name


def test_every_number_is_synthetic_unique_and_has_right_control_digits(persons):
    numbers = persons["national_id"]
    assert numbers.n_unique() == N
    assert numbers.str.slice(2, 2).cast(pl.Int64).is_between(81, 92).all()
    for number in numbers.head(2000):
        assert number[9] == fodselsnummer.calc_check_digit1(number)
        assert number[10] == fodselsnummer.calc_check_digit2(number)
        assert not fodselsnummer.is_valid(number)


def test_a_number_tells_birth_date_sex_and_kind(persons):
    numbers = persons["national_id"]
    day = numbers.str.slice(0, 2).cast(pl.Int64) - 40 * (persons["id_type"] == "dnr").cast(pl.Int64)
    assert (day == persons["birth_date"].dt.day()).all()
    assert (numbers.str.slice(2, 2).cast(pl.Int64) - 80 == persons["birth_date"].dt.month()).all()
    assert (numbers.str.slice(4, 2).cast(pl.Int64) == persons["birth_date"].dt.year() % 100).all()
    assert ((numbers.str.slice(8, 1).cast(pl.Int64) % 2 == 1) == (persons["sex"] == "M")).all()
    assert 0 < (persons["id_type"] == "dnr").mean() < 0.03


@pytest.mark.parametrize(("year", "low", "high"), [(1899, 500, 749), (1939, 0, 499), (1970, 0, 999), (2001, 500, 999)])
def test_individual_numbers_follow_the_series_of_the_birth_year(year, low, high):
    rng = np.random.default_rng(1)
    ones = np.ones(2000, dtype=np.int64)
    birth, number, _ = identity.allot(rng, ones * year, ones, ones * 0, 0, 1)
    individual = number // 100 % 1000
    assert low <= individual.min() and individual.max() <= high
    if year == 1970:
        assert not ((individual > 499) & (individual < 900)).any()
    assert (birth.astype("M8[Y]").astype(int) + 1970 == year).all()
    # All days of the year occur, and some persons share a birthday.
    assert 350 < len(np.unique(birth)) <= 366


def test_blocks_share_no_number_even_when_a_year_is_nearly_full():
    """Forty blocks of one birth year and sex use four fifths of its numbers."""
    size, n_blocks = 1900, 40
    ones = np.ones(size, dtype=np.int64)
    parts = [
        identity.allot(np.random.default_rng(b), ones * 1985, ones * 0, ones * 0, b, n_blocks) for b in range(n_blocks)
    ]
    numbers = np.concatenate([number for _, number, _ in parts])
    assert len(np.unique(numbers)) == size * n_blocks
    assert not np.concatenate([d_number for *_, d_number in parts]).any()


def test_a_full_year_goes_on_with_d_numbers_and_then_says_so():
    ones = np.ones(3000, dtype=np.int64)
    _, number, d_number = identity.allot(np.random.default_rng(1), ones * 2010, ones, ones * 0, 3, 40)
    assert len(np.unique(number)) == 3000
    assert 0 < d_number.sum() < 3000
    with pytest.raises(KitError, match="born in 2010"):
        identity.allot(np.random.default_rng(1), np.repeat(ones, 2) * 2010, np.repeat(ones, 2), np.zeros(6000), 3, 40)


def test_organisation_numbers_are_valid_and_not_issued(made):
    numbers = made["organisations"]["org_number"]
    assert numbers.n_unique() == len(numbers)
    for number in numbers:
        assert number[0] in "23"
        assert orgnr.checksum(number) == 0


def test_contacts_are_reserved(made, persons):
    assert persons["phone"].drop_nulls().str.starts_with("6805").all()
    assert persons["email"].drop_nulls().str.contains(r"@(example\.(org|net)|epost\.example|post\.test)$").all()
    assert persons["email"].drop_nulls().str.contains(r"^[a-z.'-]+\d+@").all()
    assert made["personnel"]["hpr_number"].min() > 900_000_000


def test_ages_and_sexes_follow_the_frame(persons):
    age = 2025 - persons["birth_date"].dt.year()
    bands = (age // 10).clip(0, 9).value_counts(sort=True).sort("birth_date")["count"] / N * 100
    target = [10.4, 11.6, 12.6, 13.9, 12.8, 13.3, 11.2, 9.0, 4.3, 0.9]
    assert np.abs(bands.to_numpy() - target).max() < 0.1
    women = (persons["sex"] == "F").mean() * 100
    assert abs(women - 49.6) < 0.3
    for low, high, share in [(80, 89, 57), (90, 120, 69)]:
        assert abs((persons["sex"] == "F").filter(age.is_between(low, high)).mean() * 100 - share) < 1.5


def test_municipalities_follow_their_sizes_and_agree_with_postcodes(persons):
    from hipkit.datasets.generator.pools import read_reference

    towns = read_reference("municipalities")
    share = persons.group_by(pl.col("municipality_code").cast(pl.String)).len().join(towns, on="municipality_code")
    expected = share["population"] / towns["population"].sum() * N
    assert (((share["len"] - expected) / expected.sqrt()).abs() < 6).all()
    pairs = persons.select(pl.col("postcode", "municipality_code", "place").cast(pl.String)).unique()
    assert pairs.join(read_reference("postcodes"), on=list(pairs.columns)).height == pairs.height


def relatives(persons, column):
    about = persons.select("person_id", "birth_date", "sex", "partner_id", "household_id", "mother_id")
    return persons.join(about, left_on=column, right_on="person_id", suffix="_of_relative")


def test_families_make_sense(persons):
    mothers = relatives(persons, "mother_id")
    gap = mothers["birth_date"].dt.year() - mothers["birth_date_of_relative"].dt.year()
    assert (mothers["sex_of_relative"] == "F").all()
    assert gap.is_between(18, 44).all()
    assert 28 < gap.mean() < 31
    fathers = relatives(persons, "father_id")
    assert (fathers["sex_of_relative"] == "M").all()
    assert (fathers["birth_date"].dt.year() - fathers["birth_date_of_relative"].dt.year() >= 18).all()
    couples = relatives(persons, "partner_id")
    assert (couples["partner_id_of_relative"] == couples["person_id"]).all()
    assert (couples["household_id_of_relative"] == couples["household_id"]).all()
    assert (couples["mother_id"] != couples["mother_id_of_relative"]).fill_null(True).all()
    assert ((couples["person_id"] - 1) // BLOCK_SIZE == (couples["partner_id"] - 1) // BLOCK_SIZE).all()


def test_siblings_are_two_years_apart_and_homes_have_one_address(persons):
    siblings = persons.filter(pl.col("mother_id").is_not_null()).sort("mother_id", "birth_date")
    years = siblings.select((pl.col("birth_date").dt.year().diff()).over("mother_id").alias("gap"))["gap"].drop_nulls()
    assert len(years) > N / 20
    assert (years >= 2).all()
    homes = persons.group_by("household_id").agg(pl.col("street_address", "postcode", "municipality_code").n_unique())
    assert (homes.select("street_address", "postcode", "municipality_code").max_horizontal() == 1).all()
    heads = persons.filter(pl.col("household_id") == pl.col("person_id"))
    assert heads.height == homes.height
    assert 1.9 < N / homes.height < 2.4


def test_no_child_lives_without_an_adult(persons):
    grown = persons.filter(pl.col("birth_date").dt.year() <= 2007)["household_id"].unique()
    children = persons.filter(pl.col("birth_date").dt.year() > 2007)
    assert children["household_id"].is_in(grown.implode()).all()


def test_references_between_the_core_tables_hold(made, persons):
    assert persons["gp_hpr"].is_in(made["personnel"].filter("list_holder")["hpr_number"].implode()).all()
    gp_town = persons.join(
        made["personnel"].select("hpr_number", "municipality_code"), left_on="gp_hpr", right_on="hpr_number"
    )
    assert (gp_town["municipality_code"] == gp_town["municipality_code_right"]).all()
    assert made["personnel"]["organisation_id"].is_in(made["organisations"]["organisation_id"].implode()).all()
    assert made["organisations"].filter(pl.col("kind") == "hospital").height == 3


@pytest.mark.parametrize("n_patients", [1, 2, 17])
def test_a_very_small_population_works(n_patients):
    persons = make_population(n_patients, 3, tables=("persons",))["persons"]
    assert persons["person_id"].to_list() == list(range(1, n_patients + 1))


@pytest.mark.parametrize(
    ("n_patients", "seed", "message"),
    [
        (0, 1, "between 1 and 10000000"),
        (-5, 1, "between 1 and 10000000"),
        (10**12, 1, "between 1 and 10000000"),
        (2.5, 1, "whole number, not 2.5"),
        (True, 1, "whole number, not True"),
        ("20", 1, "whole number, not '20'"),
        (10, "abc", "seed must be a whole number, not 'abc'"),
        (10, -1, "seed must be between 0"),
        (10, None, "seed must be a whole number, not None"),
        (10, 2**70, "seed must be between 0"),
    ],
)
def test_bad_sizes_and_seeds_are_refused(n_patients, seed, message, tmp_path):
    with pytest.raises(KitError, match=message):
        make_population(n_patients, seed)
    with pytest.raises(KitError, match=message):
        write_population(tmp_path / "never", n_patients, seed)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_table_is_refused():
    with pytest.raises(KitError, match="no table 'patients'"):
        make_population(10, 1, tables=("patients",))


def test_numpy_whole_numbers_are_accepted():
    assert make_population(np.int32(5), np.uint64(1), tables=("persons",))["persons"].height == 5


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("three years of work")
    with pytest.raises(KitError, match="holds other files"):
        write_population(tmp_path, 10, 1, tables=CORE)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(KitError, match="holds other files"):
        write_population(tmp_path / "file", 10, 1, tables=CORE)
    with pytest.raises(KitError, match="cannot be written"):
        write_population(tmp_path / "file" / "below", 10, 1, tables=CORE)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's; nobody may make a folder there, not even root")
def test_a_read_only_place_is_refused():
    with pytest.raises(KitError, match="cannot be written"):
        write_population("/proc/population", 10, 1, tables=CORE)


def test_too_small_a_disk_is_seen_before_anything_is_made(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage)
    with pytest.raises(KitError, match="GB of disk"):
        write_population(tmp_path / "big", 5_000_000, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_leaves_the_old_population(tmp_path, monkeypatch):
    folder = tmp_path / "population"
    write_population(folder, 50, 1, tables=CORE)
    before = manifest(folder)

    def full(self, table, rows):
        raise OSError(28, "No space left on device", "persons.parquet")

    monkeypatch.setattr(storage.PopulationWriter, "write", full)
    with pytest.raises(KitError, match="No space left"):
        write_population(folder, 60, 2, tables=CORE)
    assert manifest(folder) == before
    assert [file.name for file in tmp_path.iterdir()] == ["population"]


def test_a_failure_in_the_middle_leaves_the_old_population(tmp_path):
    folder = tmp_path / "population"
    write_population(folder, 50, 1, tables=CORE)
    before = manifest(folder)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_population(folder, N, 2, tables=CORE, progress=stop)
    assert manifest(folder) == before
    assert [file.name for file in tmp_path.iterdir()] == ["population"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_run_leaves_the_old_population_and_the_next_one_tidies_up(tmp_path):
    folder = tmp_path / "population"
    write_population(folder, 50, 1, tables=CORE)
    before = manifest(folder)
    script = (
        "import sys, time\n"
        "from hipkit.datasets import write_population\n"
        "def stay(done, total):\n"
        "    print('started', flush=True)\n"
        "    time.sleep(600)\n"
        f"write_population({str(folder)!r}, {N}, 2, tables={CORE!r}, progress=stay)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout.readline() == "started\n"
        run.send_signal(signal.SIGKILL)
    assert manifest(folder) == before
    assert len(list(tmp_path.iterdir())) == 2
    write_population(folder, 60, 2, tables=CORE)
    assert manifest(folder)["persons"]["rows"] == 60
    assert [file.name for file in tmp_path.iterdir()] == ["population"]


def test_a_run_killed_between_the_two_renames_is_put_right(tmp_path):
    folder = tmp_path / "population"
    write_population(folder, 50, 1, tables=CORE)
    # A process number that is not in use.
    folder.rename(tmp_path / ".population.old-4194999")
    write_population(folder, 60, 2, tables=CORE)
    assert manifest(folder)["persons"]["rows"] == 60
    assert [file.name for file in tmp_path.iterdir()] == ["population"]


def test_a_scheduler_without_workers_is_named(tmp_path):
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=None) as cluster, pytest.raises(KitError, match="has no workers"):
        write_population(tmp_path / "dask", 10, 1, tables=CORE, dask=cluster.scheduler_address)
    assert list(tmp_path.iterdir()) == []


def test_an_address_without_a_scheduler_is_named(tmp_path):
    with pytest.raises(KitError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        write_population(tmp_path / "dask", 10, 1, tables=CORE, dask="tcp://127.0.0.1:9")
    assert list(tmp_path.iterdir()) == []


def test_a_frame_that_breaks_its_contract_is_not_written(made):
    with pytest.raises(ValueError, match="columns"):
        storage.to_arrow("persons", made["persons"].drop("vip"))
    with pytest.raises(ValueError, match=r"persons\.sex: .* nulls"):
        storage.to_arrow("persons", made["persons"].with_columns(sex=pl.lit(None).cast(pl.String)))
