"""Wrong answers are read with their headers, and a malformed one is refused with what to write."""

from pathlib import Path

import pytest

from hipkit.errors import KitError
from hipkit.grading.mutants import read_mutant, read_mutants

FIXTURES = Path(__file__).parent / "fixtures"
HEADER = """\
# /// mutant
# misconception = "A share is a percentage"
# revisit = "counting#shares"
# loses = {"share-test" = 3}
# ///
"""


def test_a_wrong_answer_is_read(tmp_path: Path) -> None:
    path = tmp_path / "percent.py"
    path.write_text(HEADER + "# %% share\ndef share():\n    return 100\n\n# %% other\nx = 1\n")
    mutant = read_mutant(path)
    assert (mutant.name, mutant.misconception, mutant.revisit) == (
        "percent",
        "A share is a percentage",
        "counting#shares",
    )
    assert mutant.loses == {"share-test": 3}
    assert mutant.cells == {"share": "def share():\n    return 100", "other": "x = 1"}


def test_all_wrong_answers_of_an_assignment_are_read() -> None:
    assert [one.name for one in read_mutants("counting", FIXTURES)] == [
        "limit_included",
        "no_values_forgotten",
        "percent",
        "warns",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no header"),
        ("# /// mutant\n# x = 1\n", "no header"),
        (HEADER.replace("# loses", "loses"), "does not begin with '# '"),
        (HEADER.replace('"share-test" = 3', '"share-test": 3'), "not valid TOML"),
        (HEADER.replace('# misconception = "A share is a percentage"\n', ""), "no 'misconception'"),
        (HEADER.replace("A share is a percentage", ""), "no 'misconception'"),
        (HEADER.replace('{"share-test" = 3}', '"share-test"'), "no 'loses'"),
        (HEADER.replace('{"share-test" = 3}', "{}"), "no 'loses'"),
        (HEADER.replace("= 3}", "= 0}"), "a number above 0"),
        (HEADER.replace("= 3}", "= true}"), "a number above 0"),
        (HEADER.replace("# loses", '# author = "me"\n# loses'), "unknown field 'author'"),
        (HEADER.replace("counting#shares", "counting"), "<slug>#<heading>"),
        (HEADER, "there is no cell"),
        (HEADER + "x = 1\n# %% share\nx = 2\n", "stands in no cell"),
        (HEADER + "# %% share\nx = 1\n# %% share\nx = 2\n", "two cells"),
        (HEADER + "# %% share\ndef share(:\n", "not valid Python"),
    ],
)
def test_a_malformed_wrong_answer_is_refused_with_what_to_write(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(text)
    with pytest.raises(KitError, match=r"wrong\.py") as raised:
        read_mutant(path)
    assert says in str(raised.value)
