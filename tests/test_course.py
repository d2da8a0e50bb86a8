"""The order in which modules are learned, and which of them a path takes, come from the front matter."""

from datetime import date
from pathlib import Path

import pytest

from hipkit.course import Course, Module, load_course
from hipkit.errors import KitError


def module(slug: str, prerequisites: list[str], roles: list[str]) -> Module:
    minutes = {"reading": 10, "lab": 30, "assignment": 30}
    return Module(slug, slug, "foundations", minutes, roles, prerequisites, [], [], date(2026, 11, 23), Path())


def slugs(modules: list[Module]) -> list[str]:
    return [one.slug for one in modules]


def test_nothing_comes_before_what_it_builds_on_and_otherwise_the_contents_decide() -> None:
    course = Course([module("c", ["b"], []), module("d", [], []), module("b", ["a"], []), module("a", [], [])])
    assert slugs(course.learning_order) == ["a", "b", "c", "d"]


def test_a_path_has_what_serves_its_roles_and_all_that_this_builds_on() -> None:
    course = Course([
        module("a", [], ["engineer"]),
        module("b", ["a"], ["engineer"]),
        module("c", ["b"], ["buyer"]),
        module("d", [], ["engineer"]),
    ])  # fmt: skip
    assert slugs(course.path({"buyer"})) == ["a", "b", "c"]


def test_modules_that_wait_for_each_other_are_named() -> None:
    course = Course([module("a", ["b"], []), module("b", ["a"], [])])
    with pytest.raises(KitError, match="a → b → a"):
        _ = course.learning_order


def test_the_course_can_be_learned() -> None:
    course = load_course()
    done: set[str] = set()
    for one in course.learning_order:
        assert set(one.prerequisites) <= done
        done.add(one.slug)
    assert len(done) == len(course.modules)
