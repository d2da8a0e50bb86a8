"""Only the holder of the key can say who is who; the key is the owner's, and stays."""

import os
from pathlib import Path

import pytest

from hipkit.errors import KitError
from hipkit.grading.pseudonyms import KEY, numbered, pseudonym, read_key

IDS = [f"student{number:02}" for number in range(40)]


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    os.umask(0)
    key = read_key(tmp_path)
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600
    assert read_key(tmp_path) == key
    (tmp_path / "other").mkdir()
    assert read_key(tmp_path / "other") != key


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    read_key(tmp_path)
    (tmp_path / KEY).chmod(0o640)
    with pytest.raises(KitError, match="chmod 600"):
        read_key(tmp_path)


@pytest.mark.parametrize("text", ["", "no key", "00ff"])
def test_a_damaged_key_is_refused(tmp_path: Path, text: str) -> None:
    read_key(tmp_path)
    (tmp_path / KEY).write_text(text)
    with pytest.raises(KitError, match="holds no key"):
        read_key(tmp_path)


def test_pseudonyms_need_the_key_and_differ_by_purpose() -> None:
    assert pseudonym(b"a", "research", "kari") == pseudonym(b"a", "research", "kari")
    assert len({pseudonym(key, purpose, "kari") for key in (b"a", b"b") for purpose in ("research", "report")}) == 4
    assert len({pseudonym(b"a", "research", one) for one in IDS}) == len(IDS)


def test_numbers_follow_the_key_and_not_the_names() -> None:
    found = numbered(b"a", "report", IDS)
    assert found == numbered(b"a", "report", IDS[::-1])
    assert sorted(found.values(), key=lambda text: int(text.split()[1])) == [f"Student {n}" for n in range(1, 41)]
    assert [found[one] for one in IDS] != [f"Student {n}" for n in range(1, 41)]
    assert found != numbered(b"b", "report", IDS)
