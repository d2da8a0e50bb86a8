"""The helpers of labs and assignments say what other parts of the kit read."""

import pytest

from hipkit.teaching import show_score


def test_a_score_is_a_line_that_the_grade_report_reads(capsys: pytest.CaptureFixture[str]) -> None:
    show_score("leak of rare patients", 0.123456, "lower")
    show_score("utility", 1, "higher")
    assert capsys.readouterr().out == (
        "Score: leak of rare patients = 0.1235 (lower is better)\nScore: utility = 1 (higher is better)\n"
    )


@pytest.mark.parametrize(("name", "better"), [("leak", "smaller"), ("leak = 0 or", "lower")])
def test_a_score_that_cannot_be_read_is_refused(name: str, better: str) -> None:
    with pytest.raises(ValueError, match="better is"):
        show_score(name, 0.5, better)
