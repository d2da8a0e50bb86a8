"""With the tests outside the student's kernel, honest answers get their points and tricks get none."""

import textwrap
import time

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


def held(
    *answers: str, tests: dict[str, str] = TESTS, setup: str = SETUP, seconds: int = 20, **options: object
) -> dict[str, nbformat.NotebookNode]:
    """The test cells of a submission with these cells of the student's, after grading."""
    cells = [cell(setup, "setup", locked=True)]
    cells += [cell(answer, f"answer-{number}", solution=True) for number, answer in enumerate(answers)]
    cells += [cell(test, name, grade=True, locked=True, points=WORTH) for name, test in tests.items()]
    quiet = ["--IPKernelApp.log_level=CRITICAL"]
    step = TrustedExecute(**{"timeout": seconds, "extra_arguments": quiet, "teachers_files": {}} | options)
    graded, _ = step.preprocess(new_notebook(cells=cells), {"metadata": {}})
    return {one.metadata.nbgrader.grade_id: one for one in graded.cells[-len(tests) :]}


def points(*answers: str, **options: object) -> dict[str, float]:
    """The points of each test for such a submission."""
    return {name: determine_grade(one)[0] for name, one in held(*answers, **options).items()}


def said(test: nbformat.NotebookNode) -> str:
    """The words of a test's error."""
    return next(output.evalue for output in test.outputs if output.output_type == "error")


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
    paper = Paper([], ["x = 1\nfor y in f(x): assert np.abs(y) > len(g)"], 1.0, 1.0)
    assert paper.names({"np"}) == {"f", "g"}


HELPED = {
    "first": "def same(a, b): return a == b\nassert same(start(), 1)",
    "second": "assert same(double(2), 4)",
    "third": "assert same(double(3), 6)",
}


def test_what_an_earlier_test_defines_is_the_tests_own_in_a_new_process_too() -> None:
    broken = "import os\ndef start(): os._exit(1)\n"
    assert points(broken + "def double(x): return 2 * x", tests=HELPED) == {"first": 0, "second": WORTH, "third": WORTH}
    cheat = "same = lambda a, b: True\ndef double(x): return 0"
    assert points(broken + cheat, tests=HELPED) == {"first": 0, "second": 0, "third": 0}


def test_what_the_set_up_imports_by_a_star_is_the_teachers() -> None:
    star = {"setup": "from numpy import *", "tests": {"all": "assert allclose(doubled(array([2.0])), 4)"}}
    assert points("def doubled(x): return 2 * x", **star) == {"all": WORTH}
    assert points("def doubled(x): return 0\ndef allclose(*args): return True", **star) == {"all": 0}


def test_errors_of_the_operating_system_are_errors_like_others() -> None:
    tests = {f"missing-{number}": "assert load('x')" for number in range(5)}
    tests["caught"] = "try:\n    load('x')\nexcept FileNotFoundError:\n    pass"
    tests["late"] = "try:\n    wait()\nexcept TimeoutError:\n    pass"
    tests["right"] = "assert double(2) == 4"
    answer = (
        "def load(name): return open('/nowhere/' + name)\ndef wait(): raise TimeoutError\ndef double(x): return 2 * x"
    )
    got = points(answer, tests=tests)
    assert {name for name, worth in got.items() if worth} == {"caught", "late", "right"}


def test_an_error_derived_from_one_of_python_s_is_caught_as_that() -> None:
    answer = """
        import json
        class BudgetError(ValueError):
            pass
        def spend(amount):
            raise BudgetError("too much")
        def read(text):
            return json.loads(text)
    """
    tests = {
        name: f"try:\n    {call}\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError"
        for name, call in {"own": "spend(3)", "library": "read('{')"}.items()
    }
    assert points(textwrap.dedent(answer), tests=tests) == dict.fromkeys(tests, WORTH)


def test_containers_of_the_library_are_read_as_in_a_notebook() -> None:
    answer = """
        from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
        from fractions import Fraction
        import pandas as pd
        Result = namedtuple("Result", "low high")
        def numbers():
            yield from range(3)
        def give(kind):
            return {
                "counter": Counter("aab"), "ordered": OrderedDict(a=1), "default": defaultdict(int, a=1),
                "deque": deque([1, 2]), "range": range(3), "keys": {"a": 1}.keys(), "values": {"a": 1}.values(),
                "items": {"a": 1}.items(), "named": Result(1, 2), "generator": numbers(), "map": map(str, [1, 2]),
                "fraction": Fraction(1, 3), "strings": pd.Series(["a", "b", "a"]).unique(), "missing": pd.NaT,
                "span": pd.Timedelta("1 day"),
                "zoned": pd.Series(pd.to_datetime(["2026-01-01", None]).tz_localize("Europe/Oslo")),
            }[kind]
    """
    tests = {
        "counter": "assert give('counter') == {'a': 2, 'b': 1} and give('counter')['z'] == 0",
        "ordered": "assert list(give('ordered').items()) == [('a', 1)]",
        "default": "assert give('default') == {'a': 1}",
        "deque": "assert list(give('deque')) == [1, 2]",
        "range": "assert list(give('range')) == [0, 1, 2]",
        "keys": "assert give('keys') == {'a'}",
        "values": "assert list(give('values')) == [1]",
        "items": "assert sorted(give('items')) == [('a', 1)]",
        "named": "low, high = give('named')\nassert (low, give('named').high) == (1, 2)",
        "generator": "assert list(give('generator')) == [0, 1, 2] and sum(give('generator')) == 3",
        "map": "assert next(give('map')) == '1'",
        "fraction": "assert 3 * give('fraction') == 1",
        "strings": "assert sorted(give('strings')) == ['a', 'b']",
        "missing": "import pandas as pd\nassert give('missing') is pd.NaT",
        "span": "assert give('span').total_seconds() == 86400",
        "zoned": "assert give('zoned').isna().tolist() == [False, True] and give('zoned')[0].hour == 0",
    }
    assert points(textwrap.dedent(answer), tests=tests) == dict.fromkeys(tests, WORTH)


def test_a_generator_of_the_tests_stands_where_both_sides_have_left_it() -> None:
    answer = """
        def outer(call, rng):
            first = rng.random()
            call(first)
            return first
        def inner(x):
            return x
        def given(call, rng):
            return rng.random(), call(rng), rng.random()
    """
    tests = {
        "a call back into the student's code": """
            rng = np.random.default_rng(1)
            assert outer(lambda x: inner(x), rng) != rng.random()
        """,
        "a call back that draws": """
            rng, seen = np.random.default_rng(1), []
            seen.append(outer(lambda x: seen.append(rng.random()), rng))
            assert len({*seen, rng.random()}) == 3
        """,
        "given back": """
            rng = np.random.default_rng(1)
            drawn = given(lambda same: same.random(), rng)
            assert (*drawn, rng.random()) == tuple(np.random.default_rng(1).random(4))
        """,
    }
    assert points(textwrap.dedent(answer), tests=tests) == dict.fromkeys(tests, WORTH)


def test_a_variable_that_cannot_be_read_costs_only_the_tests_that_use_it() -> None:
    answer = "def double(x): return 2 * x\nrows = np.array([(1, 2.0)], dtype=[('x', 'i4'), ('y', 'f4')])"
    tests = {"right": "assert double(2) == 4", "rows": "assert rows['x'][0] == 1", "after": "assert double(3) == 6"}
    got = held(answer, tests=tests)
    assert {name: determine_grade(one)[0] for name, one in got.items()} == {"right": WORTH, "rows": 0, "after": WORTH}
    assert said(got["rows"]).startswith("Your 'rows' is of a kind that the tests cannot read.")


def test_so_many_answers_as_were_asked_for() -> None:
    cheat = """
        import hipkit.grading.student_side as side
        do = side._Session._do
        side._Session._do = lambda self, message: [] if message.get("times") else do(self, message)
        def draw(): return 0
    """
    test = {"draws": "from hipkit.teaching import repeat\nassert all(x > 0 for x in repeat(400, draw))"}
    got = held(textwrap.dedent(cheat), tests=test)["draws"]
    assert determine_grade(got)[0] == 0 and got.outputs[0].ename == "Garbled"


@pytest.mark.parametrize("value", ["float('nan')", "-1.0", "'all'"])
def test_a_value_that_is_no_number_of_points_gives_none(value: str) -> None:
    assert points(f"def share(): return {value}", tests={"share": "share()"}) == {"share": 0}


def test_a_test_that_does_not_end_costs_its_own_points_only() -> None:
    tests = {"endless": "x = 0\nwhile x < 1: x += step()", "right": "assert double(2) == 4"}
    got = held("def step(): return 0.0\ndef double(x): return 2 * x", tests=tests, seconds=2)
    assert {name: determine_grade(one)[0] for name, one in got.items()} == {"endless": 0, "right": WORTH}
    endless = held("step = 0.0", tests={"alone": "while not step: pass"}, seconds=2)["alone"]
    assert said(endless) == "The tests' own process did not come to an end in this test."


def test_the_time_for_all_of_a_submission_holds_for_its_tests_too() -> None:
    tests = {f"slow-{number}": "slow()" for number in range(5)}
    started = time.monotonic()
    got = held("import time\ndef slow(): time.sleep(2)", tests=tests, seconds=3, total_seconds=5)
    assert time.monotonic() - started < 10
    assert [determine_grade(one)[0] for one in got.values()].count(0) >= 2
    assert said(got["slow-4"]) == "All of the time was used up; this test was not run."


def test_what_a_hidden_test_asked_cannot_be_had_by_an_error_over_the_answer() -> None:
    answer = """
        def double(x):
            return f"asked: {x!r}"
        def total(values):
            return None
    """
    tests = {
        "value": "assert int(double(4711)) == 9422",
        "key": "assert {1: 2}[double(4711)] == 2",
        "type": "assert total([1]) + 1 == 2",
        "words": "assert double(4711) == 9422, 'double must double'",
    }
    got = held(textwrap.dedent(answer), tests=tests)
    assert not [name for name, one in got.items() if "4711" in repr(one.outputs)]
    assert said(got["value"]) == said(got["key"]) == "The test could not use what your code returned."
    assert said(got["type"]) == "unsupported operand type(s) for +: 'NoneType' and 'int'"
    assert said(got["words"]) == "double must double"


def test_what_stands_beside_the_teachers_notebook_is_there_for_both_sides() -> None:
    files = {"data/numbers.csv": b"1,2,3"}
    tests = {"both": "assert first() == int(open('data/numbers.csv').read()[0]) == 1"}
    answer = "def first(): return int(open('data/numbers.csv').read()[0])"
    changed = {"files": {"data/numbers.csv": b"7"}, "teachers_files": files}
    assert points(answer, tests=tests, setup="numbers = open('data/numbers.csv').read()", **changed) == {"both": WORTH}


def test_a_set_up_that_fails_is_no_fault_of_the_students() -> None:
    got = held("def f(): return 1", setup="open('nowhere.csv')", tests={"t": "assert f() == 1"})["t"]
    assert said(got).startswith("The assignment's own set-up failed (FileNotFoundError)")
