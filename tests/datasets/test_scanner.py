"""The scanner finds what it must and leaves alone what it must. Forbidden numbers are made here, never written."""

import json

import numpy as np
import polars as pl
import pytest
from stdnum.no import fodselsnummer

from hipkit.datasets import scanner
from hipkit.errors import KitError

AT = "@"
PHONE = "22" + "334455"  # in two parts, or the scanner would find this file


def with_control(nine: str, extra: int = 0) -> str | None:
    """Append control digits by the definition: k1 = 11 + extra - sum mod 11. None when no such number is issued."""
    k1 = (11 + extra - sum(int(d) * w for d, w in zip(nine, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11) % 11
    if k1 == 10:
        return None
    k2 = -sum(int(d) * w for d, w in zip(f"{nine}{k1}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return None if k2 == 10 else f"{nine}{k1}{k2}"


def first_number(prefix: str, extra: int = 0) -> str:
    return next(n for i in range(100, 500) if (n := with_control(f"{prefix}{i}", extra)))


REAL = first_number("010190")
RULE_2032 = first_number("010190", extra=2)


def rules(text: str) -> list[str]:
    return [finding.rule for finding in scanner.scan_text(text)]


@pytest.mark.parametrize("extra", [0, 1, 2, 3])
@pytest.mark.parametrize("prefix", ["010190", "410190", "014190", "016690", "814190", "311245"])
def test_numbers_of_every_series_are_found_under_both_rules(prefix: str, extra: int) -> None:
    assert rules(f"The patient {first_number(prefix, extra)} came.") == ["national-id"]


def test_the_two_rules_really_differ() -> None:
    assert fodselsnummer.is_valid(REAL) and not fodselsnummer.is_valid(RULE_2032)


@pytest.mark.parametrize("form", ["{0} {1}", "{0}-{1}", "{0}\xa0{1}", "({0} {1})", '"{0}:{1}"'])
def test_the_printed_form_is_found(form: str) -> None:
    assert rules(form.format(REAL[:6], REAL[6:])) == ["national-id"]


@pytest.mark.parametrize("form", ["{}", "{}.", "fnr{}", "id={},", "'{}'", "a,{},b", "\\n{}\\n", "<td>{}</td>", "#{}_x"])
def test_numbers_are_found_whatever_stands_round_them(form: str) -> None:
    assert rules(form.format(REAL)) == ["national-id"]


@pytest.mark.parametrize("prefix", ["018190", "419290", "318545"])
def test_synthetic_numbers_are_left_alone(prefix: str) -> None:
    number = first_number(prefix)
    assert rules(f"{number} and {number[:6]} {number[6:]}") == []


def test_a_month_field_just_outside_the_synthetic_range_is_found() -> None:
    for month in ("80", "93"):
        assert rules(first_number(f"01{month}90")) == ["national-id"]


def test_hashes_decimals_and_longer_numbers_are_left_alone() -> None:
    digest = "ab" * 10 + REAL + "cd" * 17
    assert rules(f"--hash=sha256:{digest[:64]}") == []
    assert rules(f"0.{REAL} 7{REAL} {REAL}7 {REAL}.5") == []
    assert rules(f"sha512-qngIah1{REAL}xzzaw7fctTIVN9PamGgEurbD7k==") == []
    assert rules("550e8400-e29b-41d4-a716-" + REAL + "a") == []


def test_random_hashes_give_no_alarm() -> None:
    rng = np.random.default_rng(1)
    text = "\n".join(rng.bytes(32).hex() for _ in range(20_000))
    assert rules(text) == []


def test_array_and_scalar_answers_agree_with_the_definition() -> None:
    numbers = [f"{n:011d}" for n in np.random.default_rng(2).integers(0, 10**11, 50_000)]
    by_array = scanner.is_forbidden(scanner.as_digits(numbers))
    by_text = np.array([rules(n) == ["national-id"] for n in numbers])
    by_definition = np.array(
        [n in {with_control(n[:9], e) for e in range(4)} and not 81 <= int(n[2:4]) <= 92 for n in numbers]
    )
    assert by_definition.sum() > 1_000
    np.testing.assert_array_equal(by_array, by_definition)
    np.testing.assert_array_equal(by_text, by_definition)


@pytest.mark.parametrize(
    "form",
    [
        "+47 {0}",
        "+47{0}",
        "0047 {0}",
        "tlf. {0}",
        "Telefon: {0}",
        'phone = "{0}"',
        '"phone": "{0}"',
        "mobil {1}",
        "Ring {1}.",
    ],
)
def test_phones_are_found(form: str) -> None:
    spaced = " ".join(PHONE[i : i + 2] for i in (0, 2, 4, 6))
    assert rules(form.format(PHONE, spaced)) == ["phone"]


def test_a_mobile_written_in_three_groups_is_found() -> None:
    assert rules("Ring " + "412" + " 34 567 i dag") == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "tlf. 68051234",
        "+47 68 05 12 34",
        "phone 6805 1234",
        f"order {PHONE}",
        f"zenodo.{PHONE}",
        "[20 30 40 50]",
        "20 30 40 50 60",
        "row  22 33 44 55  66",
        "400 000 000 kroner",
        f"{PHONE[:2]} 33 44 55%",
        "on 2026-01-01, 116117",
    ],
)
def test_what_is_not_a_forbidden_phone_is_left_alone(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize("domain", ["hospital.no", "gmail.com", "example.no", "notexample.org", "example.org.no"])
def test_mail_outside_reserved_domains_is_found(domain: str) -> None:
    assert rules(f"Write to kari@{domain}.") == ["e-mail"]


@pytest.mark.parametrize(
    "address", ["a@example.org", "a@post.example.com", "b@kommune.test", "c@x.invalid", "d@b.example"]
)
def test_mail_in_reserved_domains_is_left_alone(address: str) -> None:
    assert rules(f"<{address}>") == []


def test_code_that_only_looks_like_mail_is_left_alone() -> None:
    code = f"y = X@w.sum(axis=0)\n{AT}pytest.mark.slow\ndef f(): ...; "
    assert rules(code + f"git{AT}host.no:org/repo.git; npm i @navikt/fnrvalidator@2.2.1") == []


def test_tree_names_file_line_rule_and_mend_in_every_kind_of_file(tmp_path) -> None:
    (tmp_path / "a.md").write_text(f"one\ntwo {REAL}\n")
    (tmp_path / "b.csv").write_text(f"person_id,phone\n1,68051234\n2,{PHONE}\n")
    cell = {"cell_type": "code", "source": ["x\n", f"'{REAL}'"], "outputs": [{"data": {"image/png": REAL}}]}
    (tmp_path / "c.ipynb").write_text(json.dumps({"cells": [{"source": "ok"}, cell]}))
    (tmp_path / "sub").mkdir()
    frame = pl.DataFrame(
        {
            "national_id": [REAL, first_number("018190")],
            "phone": [PHONE, "68050000"],
            "note": [f"a{AT}b.no", f"ID {RULE_2032}."],
        }
    )
    frame.write_parquet(tmp_path / "sub" / "d.parquet")
    (tmp_path / "e.png").write_bytes(b"\x89PNG\0" + REAL.encode())
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x").write_text(REAL)
    scan = scanner.scan_tree(tmp_path)
    got = {(f.file, f.line, f.rule, f.where) for f in scan.findings}
    assert got == {
        ("a.md", 2, "national-id", ""),
        ("b.csv", 3, "phone", "column phone"),
        ("c.ipynb", 0, "national-id", "cell 2, line 2 of it"),
        ("sub/d.parquet", 0, "national-id", "column national_id"),
        ("sub/d.parquet", 0, "phone", "column phone"),
        ("sub/d.parquet", 0, "e-mail", "column note"),
        ("sub/d.parquet", 0, "national-id", "column note"),
    }
    assert [p.name for p in scan.unread] == ["e.png"] and scan.read == 4
    assert all(REAL not in str(f) and f.mend in str(f) for f in scan.findings)


def test_a_missing_folder_is_a_clear_error(tmp_path) -> None:
    with pytest.raises(KitError, match="no folder"):
        scanner.scan_tree(tmp_path / "nowhere")


def test_a_broken_parquet_file_is_a_clear_error(tmp_path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(KitError, match=r"x\.parquet"):
        scanner.scan_tree(tmp_path)
