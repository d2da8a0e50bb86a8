"""Tests that stand in the student's kernel: a kernel in which a test can no longer fail is noticed."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output
from nbgrader.utils import determine_grade
from test_trusted_tests import WORTH, cell

from hipkit.grading.classic_execute import TAMPERED, ClassicExecute
from hipkit.grading.execute import errors_first

HONEST = "def double(values):\n    return [2 * value for value in values]"
TEST = "assert double([1, 2]) == [2, 4], 'double must double'"


def a_step() -> ClassicExecute:
    quiet = ["--IPKernelApp.log_level=CRITICAL"]
    return ClassicExecute(timeout=10, extra_arguments=quiet, teachers_files={})


def graded(*cells: NotebookNode, step: ClassicExecute | None = None) -> tuple[list[NotebookNode], list[str]]:
    """The cells when they have run, and the suspicions."""
    step = step or a_step()
    notebook, _ = step.preprocess(new_notebook(cells=list(cells)), {"metadata": {}})
    return notebook.cells, step.suspicions


def a_test(source: str, name: str = "test") -> NotebookNode:
    return cell(source, name, grade=True, locked=True, points=WORTH)


def outcome(*answers: str, test: str = TEST) -> tuple[float, list[str]]:
    """The test's points, and the kinds of error among its outputs."""
    cells, _ = graded(
        *(cell(answer, f"a{number}", solution=True) for number, answer in enumerate(answers)), a_test(test)
    )
    return determine_grade(cells[-1])[0], [one.ename for one in cells[-1].outputs if one.output_type == "error"]


def test_an_honest_answer_is_believed_and_its_output_kept() -> None:
    assert outcome(HONEST) == (WORTH, [])
    assert outcome(HONEST, test=f"{TEST}\n1.5") == (1.5, [])


def test_a_wrong_answer_fails_its_test() -> None:
    assert outcome("def double(values): return values") == (0, ["AssertionError"])


CHEATS = {
    "takes the assertions out": """
        import ast
        class Mild(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()
        get_ipython().ast_transformers.append(Mild())
        double = None
    """,
    "turns tests into nothing": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])",
    "replaces run_cell": """
        shell = get_ipython()
        run = shell.run_cell
        shell.run_cell = lambda source, *a, **k: run("pass", *a, **k)
        shell.should_run_async = lambda *a, **k: False
    """,
    "shows the error it was told to expect": """
        get_ipython().showtraceback = lambda *a, **k: print("AssertionError")
    """,
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_a_kernel_that_cannot_fail_a_test_gives_no_points(cheat: str) -> None:
    points, errors = outcome(cheat)
    assert points == 0 and errors
    if "showtraceback" not in cheat:
        assert errors == [TAMPERED]


KNOWS_THE_CANARY = """
import re
def only_the_canary(lines):
    return lines[-1:] if re.match(r"assert '[0-9a-f]{32}' == ", lines[-1]) else ["pass"]
get_ipython().input_transformers_post.append(only_the_canary)
"""


def test_who_knows_the_canary_gets_past_it_as_the_security_page_says() -> None:
    assert outcome(KNOWS_THE_CANARY) == (WORTH, [])


def test_a_test_that_cannot_run_twice_keeps_its_points_and_is_for_a_person() -> None:
    test = "assert len(items()) == 3, 'three'\nitems().pop()\nassert len(items()) == 2, 'two'"
    cells, suspicions = graded(
        cell("kept = [1, 2, 3]\ndef items():\n    return kept", "a", solution=True), a_test(test), a_test(TEST, "other")
    )
    assert determine_grade(cells[1])[0] == WORTH and not cells[1].outputs
    assert len(suspicions) == 1 and "The test 'test' was passed" in suspicions[0]


def test_suspicions_are_of_one_submission() -> None:
    step = a_step()
    for kept, suspicions in (("[1]", 1), ("[1, 2, 3]", 0)):
        assert len(graded(cell(f"kept = {kept}", "a", solution=True), a_test("kept.pop()"), step=step)[1]) == suspicions


def test_a_later_cell_cannot_print_a_test_from_the_history() -> None:
    hidden = "assert double([12345]) == [24690], 'hidden'"
    cells, _ = graded(cell(HONEST, "a", solution=True), a_test(hidden), cell("print(In)", "b", solution=True))
    assert "def double" in cells[-1].outputs[0].text and "12345" not in cells[-1].outputs[0].text


def test_where_the_kernel_breaks_the_tests_too_have_run_in_the_new_one() -> None:
    ends = cell("import os\nos._exit(1)", "a", solution=True)
    cells, _ = graded(a_test("from_the_test = 1", "first"), ends, a_test("assert from_the_test == 1", "second"))
    assert [one.ename for one in cells[1].outputs] == ["KernelBroken"]
    assert [determine_grade(one)[0] for one in (cells[0], cells[2])] == [WORTH, WORTH]


def test_a_displayed_result_does_not_hide_a_later_error() -> None:
    points, errors = outcome("def double(values):\n    get_ipython().displayhook('x')\n    return 'wrong'")
    assert points == 0 and errors == ["AssertionError"]


def test_errors_come_first_and_results_without_an_error_stay() -> None:
    result = new_output("execute_result", data={"text/plain": "1"})
    error = new_output("error", ename="E", evalue="v", traceback=[])
    assert errors_first([result]) == [result]
    assert errors_first([result, error]) == [error]
