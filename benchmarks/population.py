"""How fast and how large: the population generator against the usual row loop with Faker, and with itself.

Prints a table and writes `benchmarks/population.json` and `.png`, which the book shows. Timed on the machine at hand;
nothing here is a test.

    python benchmarks/population.py            everything, about a quarter of an hour and 10 GB of disk
    python benchmarks/population.py --largest 1000000      without the population of ten million
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import OrderedDict
from datetime import date
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import polars as pl
import psutil
from distributed import LocalCluster
from faker import Faker
from rich.console import Console
from rich.table import Table

from hipkit.datasets import make_population, write_population
from hipkit.datasets.generator.pools import read_reference

HERE = Path(__file__).parent
SEED = 2026
FAKER_ROWS = 3_000
PERSONS_ROWS = 1_000_000
ALL_TABLES_ROWS = 1_000_000
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
GOALS = {"in memory": 200, "including Parquet": 150, "CPU seconds": 40, "GB": 1.5}


def weights(rows) -> OrderedDict:
    """Pairs of value and weight as Faker wants them for a weighted draw."""
    return OrderedDict(rows)


def faker_rows(n: int, weighted: bool) -> pd.DataFrame:
    """The persons table as it is usually made: one dictionary a row, every value asked of Faker.

    The columns are the same. Where `weighted`, ages, names, municipalities and postcodes have the generator's weights,
    drawn in the way that Faker documents (an OrderedDict of weights); else every age, name and place is as likely as
    any other. Both loops do less than the generator: relatives are drawn without regard to age, families share neither
    name nor home, and numbers are unique in one process only. National numbers are month + 80.
    """
    fake = Faker("no_NO")
    fake.seed_instance(SEED)
    postcodes = read_reference("postcodes").rows()
    ages = weights(read_reference("age_sex").select("age", "share").iter_rows())
    towns = weights(read_reference("municipalities").select("municipality_code", "population").iter_rows())
    streets = {town: weights((row, row[3]) for row in postcodes if row[2] == town) for town in towns}
    norwegian = read_reference("names").filter(pl.col("origin") == "norway")
    names = {
        key: weights(zip(part["name"], part["weight"], strict=True))
        for key, part in norwegian.partition_by("sex", "decade", as_dict=True).items()
    }
    surnames = weights(
        read_reference("surnames").filter(pl.col("origin") == "norway").select("surname", "weight").iter_rows()
    )
    first, last = norwegian["decade"].min(), norwegian["decade"].max()
    hospital = dict(read_reference("municipalities").select("municipality_code", "hospital_id").iter_rows())
    seen: set[str] = set()

    def national_id(birth: date, sex: str, d_number: bool) -> str:
        while True:
            low, high = (500, 999) if birth.year >= 2000 else (0, 499)
            individual = fake.random_int(low, high)
            if individual % 2 != (sex == "M"):
                continue
            digits = f"{birth.day + 40 * d_number:02}{birth.month + 80:02}{birth.year % 100:02}{individual:03}"
            for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
                control = (11 - sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11) % 11
                if control == 10:
                    break
                digits += str(control)
            if len(digits) == 11 and digits not in seen:
                seen.add(digits)
                return digits

    def relative(percent: int) -> int | None:
        return fake.random_int(1, n) if fake.boolean(percent) else None

    def birth_date() -> date:
        if not weighted:
            return fake.date_of_birth(minimum_age=0, maximum_age=100)
        age = fake.random_element(ages)
        return fake.date_of_birth(minimum_age=age, maximum_age=age)

    def given_name(sex: str, year: int) -> str:
        if not weighted:
            return fake.first_name_female() if sex == "F" else fake.first_name_male()
        return fake.random_element(names[sex, min(max(year // 10 * 10, first), last)])

    def family_name() -> str:
        return fake.random_element(surnames) if weighted else fake.last_name()

    def home() -> tuple:
        return fake.random_element(streets[fake.random_element(towns)]) if weighted else fake.random_element(postcodes)

    rows = []
    for person_id in range(1, n + 1):
        sex = fake.random_element("FM")
        family = family_name()
        birth = birth_date()
        postcode, place, municipality, _ = home()
        d_number = fake.boolean(1)
        rows.append(
            {
                "person_id": person_id,
                "national_id": national_id(birth, sex, d_number),
                "id_type": "dnr" if d_number else "fnr",
                "given_name": given_name(sex, birth.year),
                "family_name": family,
                "birth_family_name": family_name() if fake.boolean(20) else family,
                "sex": sex,
                "birth_date": birth,
                "death_date": fake.date_between(date(2024, 1, 1), date(2025, 12, 31)) if fake.boolean(2) else None,
                "municipality_code": municipality,
                "postcode": postcode,
                "place": place,
                "street_address": fake.street_address(),
                "phone": fake.numerify("6805####"),
                "email": fake.email(domain="example.org"),
                "household_id": fake.random_int(1, n),
                "mother_id": relative(45),
                "father_id": relative(42),
                "partner_id": relative(50),
                "gp_hpr": fake.random_int(900_000_001, 900_000_001 + n // 1000),
                "hospital_id": hospital[municipality],
                "origin": fake.random_element(("norway", "nordic_eu", "rest_of_world")),
                "interpreter_needed": fake.boolean(3),
                "education": fake.random_element((None, 1, 2, 3, 4)),
                "vip": fake.boolean(1),
            }
        )
    return pd.DataFrame(rows)


def cpu_seconds(work) -> float:
    """CPU seconds of this process, all threads, for one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def run_apart(code: str) -> dict:
    """Run code in a fresh Python; return its wall and CPU seconds (children included) and its largest memory."""
    measured = (
        "import json, resource, time\n"
        "start = time.perf_counter()\n"
        f"if __name__ == '__main__':\n    {code}\n"
        "    own, children = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))\n"
        "    print(json.dumps({'wall': time.perf_counter() - start, 'rss': own.ru_maxrss * 1024,\n"
        "        'cpu': sum(u.ru_utime + u.ru_stime for u in (own, children))}))\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".py", delete=False) as script:
        script.write(measured)
    try:
        result = subprocess.run([sys.executable, script.name], capture_output=True, text=True, check=True)
    finally:
        Path(script.name).unlink()
    return json.loads(result.stdout.splitlines()[-1])


def writing(folder: Path, n: int, processes: int = 1, tables: tuple[str, ...] | None = None) -> dict:
    call = f"write_population({str(folder)!r}, {n}, {SEED}, tables={tables!r}, processes={processes})"
    return run_apart(f"from hipkit.datasets import write_population; {call}")


def measure(largest: int, folder: Path) -> dict:
    screen = Console(stderr=True)
    found: dict = {}
    with screen.status("Faker's row loop") as status:
        for kind, weighted in (("plain", False), ("weighted", True)):
            frames = []
            seconds = cpu_seconds(lambda w=weighted, f=frames: f.append(faker_rows(FAKER_ROWS, w)))
            to_parquet = cpu_seconds(lambda f=frames: f[0].to_parquet(folder / "faker.parquet"))
            found[f"{kind}_memory"] = seconds / FAKER_ROWS
            found[f"{kind}_parquet"] = (seconds + to_parquet) / FAKER_ROWS
        status.update("Persons, in memory and on disk")
        make_population(25_000, 1, tables=("persons",))  # imports and reference tables, which a long run pays once
        found["memory"] = cpu_seconds(lambda: make_population(PERSONS_ROWS, SEED, tables=("persons",))) / PERSONS_ROWS
        store = lambda: write_population(folder / "persons", PERSONS_ROWS, SEED, tables=("persons",))  # noqa: E731
        found["parquet"] = cpu_seconds(store) / PERSONS_ROWS
        status.update("All tables, one process")
        n = min(ALL_TABLES_ROWS, largest)
        found["all_n"] = n
        found["all_1"] = writing(folder / "all", n)
        manifest = json.loads((folder / "all" / "population.json").read_text())["tables"]
        found["all_bytes"] = sum(entry["bytes"] for entry in manifest.values())
        status.update("All tables, two processes")
        found["all_2"] = writing(folder / "all", n, processes=2)
        again = json.loads((folder / "all" / "population.json").read_text())["tables"]
        found["same"] = manifest == again
        status.update("All tables, Dask with two workers")
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            write_population(folder / "all", n, SEED, dask=cluster.scheduler_address)
        found["same_dask"] = manifest == json.loads((folder / "all" / "population.json").read_text())["tables"]
        found["linear"] = {}
        for size in (size for size in SIZES if size <= largest):
            status.update(f"Persons, {size}")
            found["linear"][size] = writing(folder / "persons", size, tables=("persons",))
    return found


def spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def rows_of(found: dict) -> list[list[str]]:
    """The table as text: measure, Faker's row loop, ours, ratio, goal."""
    rows = []
    both = (("in memory", "memory"), ("including Parquet", "parquet"))
    loops = (("plain", "any name and place as likely as any other"), ("weighted", "weighted as here"))
    for name, key, loop, words in ((*one, *other) for other in loops for one in both):
        baseline, ours = found[f"{loop}_{key}"] * 1e6, found[key] * 1e6
        ratio = f"{baseline / ours:.0f}"
        rows.append(
            [
                f"Persons {name}, CPU a row; the loop: {words}",
                f"{baseline:.0f} µs",
                f"{ours:.2f} µs",
                ratio,
                f"{GOALS[name]}",
            ]
        )
    one, two = found["all_1"], found["all_2"]
    rows += [
        [
            f"All tables, {spaced(found['all_n'])} patients: CPU",
            "",
            f"{one['cpu']:.1f} s",
            "",
            f"{GOALS['CPU seconds']} s",
        ],
        ["All tables: largest memory", "", f"{one['rss'] / 1e9:.2f} GB", "", f"{GOALS['GB']} GB"],
        ["All tables: on disk", "", f"{found['all_bytes'] / 1e9:.2f} GB", "", ""],
        ["All tables: time, one process", "", f"{one['wall']:.1f} s", "", ""],
        [
            "All tables: time, two processes",
            "",
            f"{two['wall']:.1f} s",
            f"{one['wall'] / two['wall']:.2f}",
            "more than 1",
        ],
        ["Same bytes: two processes", "", "yes" if found["same"] else "NO", "", "yes"],
        ["Same bytes: Dask, two workers", "", "yes" if found["same_dask"] else "NO", "", "yes"],
    ]
    for size, run in found["linear"].items():
        shown = f"{run['wall']:.1f} s, {run['rss'] / 1e9:.2f} GB"
        rows.append(
            [f"Persons, {spaced(size)}: time, memory", "", shown, f"{run['cpu'] / size * 1e6:.2f} µs a row", ""]
        )
    return rows


def missed(found: dict) -> list[str]:
    """The measures, as in the table, whose goal was not reached."""
    reached = {}
    for row in rows_of(found):
        if row[3] and row[4].isdecimal():
            reached[row[0]] = float(row[3]) >= float(row[4])
    reached |= {
        f"All tables, {spaced(found['all_n'])} patients: CPU": found["all_1"]["cpu"] <= GOALS["CPU seconds"],
        "All tables: largest memory": found["all_1"]["rss"] / 1e9 <= GOALS["GB"],
        "All tables: time, two processes": found["all_2"]["wall"] < found["all_1"]["wall"],
        "Same bytes: two processes": found["same"],
        "Same bytes: Dask, two workers": found["same_dask"],
    }
    return [name for name, good in reached.items() if not good]


def machine() -> str:
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB of memory, Python {sys.version.split()[0]}, {date.today():%d %B %Y}"
    )


def draw(found: dict, file: Path) -> None:
    sizes = list(found["linear"])
    figure, (time_axis, memory_axis) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    time_axis.loglog(sizes, [found["linear"][s]["wall"] for s in sizes], "o-", label="hipkit: persons as Parquet")
    time_axis.loglog(sizes, [found["weighted_parquet"] * s for s in sizes], "s--", label="Faker row loop, extrapolated")
    time_axis.set(xlabel="patients", ylabel="seconds", title="Time for the persons table")
    time_axis.legend()
    memory_axis.semilogx(sizes, [found["linear"][s]["rss"] / 1e9 for s in sizes], "o-")
    memory_axis.set(xlabel="patients", ylabel="GB", title="Largest memory", ylim=(0, None))
    for axis in (time_axis, memory_axis):
        axis.grid(alpha=0.3)
    figure.savefig(file, dpi=120)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="largest population to make")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measured = measure(options.largest, Path(scratch))
    table = Table("Measure", "Faker row loop", "This course", "Ratio", "Goal")
    for row in rows_of(measured):
        table.add_row(*row)
    Console().print(table)
    kept = {"machine": machine(), "rows": rows_of(measured), "missed": missed(measured)}
    (HERE / "population.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draw(measured, HERE / "population.png")
