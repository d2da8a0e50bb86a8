"""Tests that stand in the student's kernel: a kernel in which a test can no longer fail is noticed."""

import textwrap

import pytest
from nbformat.v4 import new_notebook, new_output
from nbgrader.utils import determine_grade
from test_trusted_tests import WORTH, cell

from hipkit.grading.classic_execute import TAMPERED, ClassicExecute
from hipkit.grading.execute import errors_first

HONEST = "def double(values):\n    return [2 * value for value in values]"
TEST = "assert double([1, 2]) == [2, 4], 'double must double'"


def outcome(*answers: str, test: str = TEST) -> tuple[float, list[str]]:
    """The test's points, and the kinds of error among its outputs."""
    cells = [cell(textwrap.dedent(answer), f"a{number}", solution=True) for number, answer in enumerate(answers)]
    cells.append(cell(test, "test", grade=True, locked=True, points=WORTH))
    step = ClassicExecute(timeout=10, extra_arguments=["--IPKernelApp.log_level=CRITICAL"])
    graded, _ = step.preprocess(new_notebook(cells=cells), {"metadata": {}})
    last = graded.cells[-1]
    return determine_grade(last)[0], [one.ename for one in last.outputs if one.output_type == "error"]


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


def test_a_displayed_result_does_not_hide_a_later_error() -> None:
    points, errors = outcome("def double(values):\n    get_ipython().displayhook('x')\n    return 'wrong'")
    assert points == 0 and errors == ["AssertionError"]


def test_errors_come_first_and_results_without_an_error_stay() -> None:
    result = new_output("execute_result", data={"text/plain": "1"})
    error = new_output("error", ename="E", evalue="v", traceback=[])
    assert errors_first([result]) == [result]
    assert errors_first([result, error]) == [error]
