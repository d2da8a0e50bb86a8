"""With the tests outside the student's kernel, honest answers get their points and tricks get none."""

import textwrap

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from hipkit.grading.trusted_execute import TrustedExecute
from hipkit.grading.trusted_tests import Paper

SETUP = "import numpy as np"
HONEST = """
def double(values):
    return np.asarray(values) * 2

def draw(scale, rng):
    return float(rng.laplace(scale=scale))

class Purse:
    def __init__(self, total):
        self.total = total

    def spend(self, amount):
        if amount > self.total:
            raise ValueError("too much")
        self.total -= amount

    def left(self):
        return self.total

def ask(count, group):
    return count(group) - count(group[1:])

def first_allowed(allowed):
    for size in range(9):
        try:
            return allowed(size)
        except ValueError as refused:
            assert str(refused) == "too few"
"""
TESTS = {
    "arrays": """
        answer = double([1, 2, 3])
        assert isinstance(answer, np.ndarray) and answer.tolist() == [2, 4, 6], "double must double"
    """,
    "draws": """
        from hipkit.teaching import repeat
        rng = np.random.default_rng(1)
        first, second = draw(1.0, rng), draw(1.0, rng)
        assert first != second, "new noise at every call"
        assert first == draw(1.0, np.random.default_rng(1)), "draw from rng only"
        assert 0.9 < np.mean(np.abs(repeat(4000, draw, 1.0, rng))) < 1.1, "the scale is wrong"
    """,
    "objects": """
        purse, other = Purse(3), Purse(5)
        purse.spend(1)
        assert purse.left() == 2 and other.total == 5
        try:
            purse.spend(9)
        except ValueError:
            pass
        else:
            raise AssertionError("more than there is was spent")
    """,
    "calls": """
        asked = []
        def secret(group):
            asked.append(list(group))
            return len(group)
        assert ask(secret, [1, 2, 3]) == 1, "one person makes the difference"
        assert asked == [[1, 2, 3], [2, 3]]
    """,
    "refusals": """
        def at_least_three(size):
            if size < 3:
                raise ValueError("too few")
            return size
        assert first_allowed(at_least_three) == 3, "the error that a test's function raises arrives as it is"
    """,
}
WORTH = 2.0


def cell(source: str, grade_id: str, **fields: object) -> nbformat.NotebookNode:
    made = new_code_cell(textwrap.dedent(source).strip())
    kind = {"grade": False, "solution": False, "locked": False, "schema_version": 3} | fields
    made.metadata["nbgrader"] = kind | {"grade_id": grade_id}
    return made


def points(*answers: str, seconds: int = 20) -> dict[str, float]:
    """The points of each test for a submission with these cells of the student's."""
    cells = [cell(SETUP, "setup", locked=True)]
    cells += [cell(answer, f"answer-{number}", solution=True) for number, answer in enumerate(answers)]
    cells += [cell(test, name, grade=True, locked=True, points=WORTH) for name, test in TESTS.items()]
    step = TrustedExecute(timeout=seconds, extra_arguments=["--IPKernelApp.log_level=CRITICAL"])
    graded, _ = step.preprocess(new_notebook(cells=cells), {"metadata": {}})
    return {one.metadata.nbgrader.grade_id: determine_grade(one)[0] for one in graded.cells[-len(TESTS) :]}


def test_an_honest_answer_gets_every_point() -> None:
    assert points(HONEST) == dict.fromkeys(TESTS, WORTH)


def test_the_stub_gets_none() -> None:
    assert points("def double(values):\n    raise NotImplementedError") == dict.fromkeys(TESTS, 0)


def test_a_wrong_answer_loses_its_own_points_only() -> None:
    wrong = HONEST.replace("scale=scale", "scale=scale / 2").replace("self.total -= amount", "self.total = 0")
    assert points(wrong) == dict.fromkeys(TESTS, WORTH) | {"draws": 0, "objects": 0}


CHEATS = {
    "displays a result": "get_ipython().displayhook('x')",
    "takes the assertions out": """
        import ast
        class Mild(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()
        get_ipython().ast_transformers.append(Mild())
    """,
    "replaces run_cell": "get_ipython().run_cell = get_ipython().run_cell_async = lambda *a, **k: None",
    "shows no errors": "get_ipython().showtraceback = lambda *a, **k: None",
    "makes everything equal": """
        import builtins
        class Yes(float):
            def __eq__(self, other): return True
            def __lt__(self, other): return True
            def __gt__(self, other): return True
            def __getattr__(self, name): return lambda *a, **k: self
            def tolist(self): return self
            def __call__(self, *a, **k): return self
            __hash__ = float.__hash__
        builtins.isinstance = lambda *a: True
        double = draw = Purse = ask = first_allowed = Yes(1)
    """,
    "poisons numpy": """
        import numpy
        numpy.asarray = numpy.mean = numpy.abs = lambda *a, **k: 1
        double = lambda values: numpy.ones(3)
    """,
    "replaces the answering side": """
        import hipkit.grading.student_side as side
        side.serve = lambda *a, **k: None
    """,
    "sends its own messages": """
        import hipkit.grading.student_side as side
        side.encode = lambda value, refer: {"t": "array", "dtype": "|O", "shape": [1], "v": "AAAA"}
    """,
    "ends the process well": "import os\ndef double(values): os._exit(0)\ndraw = Purse = ask = first_allowed = double",
    "sends without end": "def double(values): return 'x' * 10**9\ndraw = Purse = ask = first_allowed = double",
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS)
def test_tricks_earn_nothing(cheat: str) -> None:
    assert points(cheat, seconds=5) == dict.fromkeys(TESTS, 0)


def test_a_trick_beside_honest_work_takes_nothing_away() -> None:
    assert points(HONEST, "get_ipython().displayhook('x')") == dict.fromkeys(TESTS, WORTH)


def test_code_without_end_costs_its_own_test_only() -> None:
    slow = HONEST.replace("return np.asarray(values) * 2", "\n    while True:\n        pass")
    assert points(slow, seconds=10) == dict.fromkeys(TESTS, WORTH) | {"arrays": 0}


def test_the_students_process_never_holds_a_tests_text() -> None:
    seen = HONEST + textwrap.dedent("""
        import gc
        def double(values):
            texts = [one for one in gc.get_objects() if isinstance(one, (dict, list))]
            wanted = " ".join(["must", "double"])  # so that this cell does not find itself
            found = [one for one in texts if wanted in repr(one)[:20000]]
            return np.asarray(values) * (2 if not found else 3)
    """)
    assert points(seen, seconds=60)["arrays"] == WORTH


def test_names_that_the_tests_bind_do_not_come_from_the_student() -> None:
    paper = Paper(["import numpy as np"], ["x = 1\nfor y in f(x): assert np.abs(y) > len(g)"], 1.0)
    assert paper.names() == {"f", "g"}
