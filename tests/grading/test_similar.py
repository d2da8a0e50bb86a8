"""Shared code that nothing explains makes a pair; the handout, the reference and the usual way to write it do not."""

import re

from hipkit.grading.similar import MANY, similar

STUB = {"task": "def clean(rows):\n    raise NotImplementedError\n"}
REFERENCE = {"task": "def clean(rows):\n    return [one.strip().lower() for one in rows if one and one.strip()]\n"}
ODD = """
def clean(rows):
    kept = []
    position = 0
    while position < len(rows):
        current = rows[position]
        if current is not None and len(current) > 0:
            piece = current.strip()
            if piece != "":
                kept.append(piece.lower())
        position = position + 1
    return kept
"""
OWN = """
def clean(rows):
    tidy = (str.lower(text) for text in map(str.strip, filter(None, rows)))
    return list(filter(lambda text: text, tidy))
"""


def renamed(code: str) -> str:
    for old, new in {"kept": "result", "position": "i", "current": "line", "piece": "s"}.items():
        code = re.sub(rf"\b{old}\b", new, code)
    return code + "# my own work\n"


def pairs(**answers: str) -> list[tuple[str, str]]:
    found = similar({name: {"task": code} for name, code in answers.items()}, [STUB, REFERENCE])
    assert all(0.5 <= pair.share <= 1 for pair in found)
    return [(pair.first, pair.second) for pair in found]


def test_a_copy_is_found_under_other_names_and_comments() -> None:
    assert pairs(kari=ODD, ola=OWN, per=renamed(ODD)) == [("kari", "per")]


def test_a_copy_inside_more_code_is_found_and_its_cell_is_named() -> None:
    answers = {"kari": {"task": ODD, "other": "x = 1"}, "per": {"task": OWN, "other": renamed(ODD)}}
    (pair,) = similar(answers, [STUB, REFERENCE])
    assert (pair.first, pair.second, pair.cells) == ("kari", "per", ["task"])


def test_what_everybody_was_given_explains_itself() -> None:
    answers = {"kari": {"task": ODD}, "per": {"task": renamed(ODD)}}
    assert len(similar(answers, [STUB, REFERENCE])) == 1
    assert similar(answers, [STUB, {"task": ODD}]) == []
    assert similar(answers, [{"another": ODD}, REFERENCE]) == []


def test_what_many_write_is_the_usual_way() -> None:
    few = {f"student{number}": ODD for number in range(3)}
    many = {f"student{number}": ODD for number in range(MANY + 1)}
    assert len(pairs(**few)) == 3
    assert pairs(**many) == []


def test_short_answers_are_no_pair() -> None:
    assert pairs(kari="def clean(rows): return sorted(rows)", ola="def clean(rows): return sorted(rows)") == []
