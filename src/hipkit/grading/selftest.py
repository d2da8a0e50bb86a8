"""Grades an assignment's reference solution, released copy and wrong answers, and says where the grader is wrong.

The cells run in plain Python processes, without Jupyter, some hundred times faster than nbgrader starts kernels; the
points are read from their outputs by nbgrader's own function, so the rule is nbgrader's: an error or anything on stderr
earns nothing, a number as the last expression earns that many points, everything else earns all.
"""

import builtins
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_solution

from hipkit.errors import KitError
from hipkit.grading.cells import Output, are_points, run_cells
from hipkit.grading.master import files_beside
from hipkit.grading.mutants import Mutant, misfit, read_mutants
from hipkit.grading.names import defined, used
from hipkit.grading.release import generate, source_notebook
from hipkit.grading.roles import is_setup, is_test
from hipkit.grading.said import said_by
from hipkit.grading.tasks import Task, tasks
from hipkit.paths import ASSIGNMENTS

REFERENCE, RELEASED = "reference", "released copy"

Cells = list[NotebookNode]


@dataclass(frozen=True)
class Outcome:
    """What one test cell made of one answer, under the seeds that agree on it."""

    points: float
    runs: int
    says: str  # to the student, where there are not all points; else empty


# Answer (REFERENCE, RELEASED or a mutant's name) -> grade_id of a test cell -> its outcomes, the most frequent first.
Outcomes = dict[str, dict[str, list[Outcome]]]


@dataclass(frozen=True)
class Report:
    """What the grader gave to every answer, and what it should have given."""

    slug: str
    seeds: int  # that the reference ran under
    tasks: list[Task]
    mutants: list[Mutant]
    outcomes: Outcomes

    @property
    def worth(self) -> dict[str, float]:
        """grade_id of a test cell -> its points."""
        return {test: points for task in self.tasks for test, points in task.tests.items()}

    def runs(self, answer: str) -> int:
        """Under how many seeds an answer ran."""
        return sum(outcome.runs for outcome in next(iter(self.outcomes[answer].values())))

    def points(self, answer: str) -> dict[str, set[float]]:
        """What an answer got, by test cell; several where the seeds do not agree."""
        return {test: {one.points for one in found} for test, found in self.outcomes[answer].items()}

    def expected(self, answer: str) -> dict[str, float]:
        """Points per test cell that an answer must get."""
        if answer == REFERENCE:
            return self.worth
        if answer == RELEASED:
            return dict.fromkeys(self.worth, 0.0)
        loses = next(mutant.loses for mutant in self.mutants if mutant.name == answer)
        return {test: worth - loses.get(test, 0) for test, worth in self.worth.items()}

    def wrong_answers(self, task: Task) -> list[Mutant]:
        """The wrong answers that must lose points in a task."""
        return [mutant for mutant in self.mutants if set(mutant.loses) & set(task.tests)]

    def caught(self, task: Task) -> list[Mutant]:
        """Those of them that lose points in the task under every seed. Their share is the task's mutation score."""
        return [mutant for mutant in self.wrong_answers(task) if self._always_loses(mutant.name, task.tests)]

    def unkilled(self, task: Task) -> list[str]:
        """The test cells of a task in which no wrong answer loses points under every seed."""
        return [
            test
            for test, worth in task.tests.items()
            if not any(self._always_loses(mutant.name, {test: worth}) for mutant in self.mutants)
        ]

    def _always_loses(self, answer: str, tests: dict[str, float]) -> bool:
        points = self.points(answer)
        return any(max(points[test]) < worth for test, worth in tests.items())

    def faults(self) -> list[str]:
        """What is wrong with the grader, one sentence a fault; empty when every answer got what it should."""
        # While the reference fails, what the wrong answers get says nothing.
        reference = self._misgraded([REFERENCE])
        mutants = [] if reference else self._misgraded([mutant.name for mutant in self.mutants])
        found = reference + self._misgraded([RELEASED]) + mutants
        caught = {test for mutant in self.mutants for test in mutant.loses}
        found += [f"No wrong answer loses points in {test!r}: write one." for test in self.worth if test not in caught]
        return found

    def _misgraded(self, answers: list[str]) -> list[str]:
        """What these answers got and should not have got; one sentence for all seeds that agree on it."""
        found = []
        for answer in answers:
            for test, wanted in self.expected(answer).items():
                by_points: dict[float, list[Outcome]] = {}
                for outcome in self.outcomes[answer][test]:
                    if abs(outcome.points - wanted) > 1e-9:
                        by_points.setdefault(outcome.points, []).append(outcome)
                for points, outcomes in by_points.items():
                    seeds = self.runs(answer)
                    wrong = sum(one.runs for one in outcomes)
                    often = f"{wrong} of {seeds} {'seed' if seeds == 1 else 'seeds'}"
                    said = f" It said: {outcomes[0].says}" if outcomes[0].says else ""
                    unseen = answer not in (REFERENCE, RELEASED) and points > wanted
                    mend = " The hidden tests do not see it: sharpen them, or correct 'loses'." if unseen else ""
                    found.append(f"{answer}: {test!r} gives {points:g} points, not {wanted:g} ({often}).{said}{mend}")
        return found


@dataclass(frozen=True)
class _Trial:
    """An assignment with all that is to be graded."""

    slug: str
    tasks: list[Task]
    mutants: list[Mutant]
    answers: dict[str, tuple[Cells, int]]  # answer -> its cells, and under how many seeds they run
    beside: dict[str, bytes]  # what stands beside the notebook, by path


def run(
    slugs: list[str],
    seeds: int = 100,
    jobs: int | None = None,
    course_root: Path = ASSIGNMENTS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Report]:
    """Grade the reference under `seeds` seeds, each wrong answer under a twentieth, the released copy under one.

    All answers to all assignments go through one pool of processes; a report comes as soon as it is complete.

    Args:
        slugs: the assignments.
        seeds: the reference runs under the seeds 0 to `seeds` - 1.
        jobs: processes; as many as there are cores where it is not given.
        course_root: the nbgrader course that holds the assignments, in `source/` and `mutants/`.
        progress: called with how many runs are done and how many there will be.

    Raises:
        KitError: an assignment, a wrong answer or the released copy cannot be read or made.
    """
    trials = [_trial(slug, seeds, course_root) for slug in slugs]
    # Fresh interpreters, not forks: what the caller has imported or drawn must not reach the tests.
    with ProcessPoolExecutor(jobs or os.cpu_count(), mp_context=get_context("spawn")) as pool:
        futures = {
            pool.submit(run_cells, [cell.source for cell in cells], seed, trial.beside): (trial, answer, seed)
            for trial in trials
            for answer, (cells, times) in trial.answers.items()
            for seed in range(times)
        }
        waiting = Counter(trial.slug for trial, _, _ in futures.values())
        found: dict[str, dict[tuple[str, int], dict[str, tuple[float, str]]]] = {slug: {} for slug in slugs}
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                trial, answer, seed = futures[future]
                found[trial.slug][answer, seed] = _graded(trial.answers[answer][0], future.result())
                waiting[trial.slug] -= 1
                progress(done, len(futures))
                if not waiting[trial.slug]:
                    yield Report(trial.slug, seeds, trial.tasks, trial.mutants, _outcomes(trial, found.pop(trial.slug)))
        finally:
            pool.shutdown(cancel_futures=True)  # an answer that cannot be graded ends it; the rest need not run


def _trial(slug: str, seeds: int, course_root: Path) -> _Trial:
    path = source_notebook(slug, course_root)
    graded = tasks(nbformat.read(path, as_version=4))
    worth = {test: points for task in graded for test, points in task.tests.items()}
    if not worth:
        raise KitError(f"The assignment {slug!r} has no autograded cell. Add tests to it.")
    source = _code_cells(path)
    _require_own_names(slug, source)
    mutants = read_mutants(slug, course_root)
    answers = {REFERENCE: (source, seeds), RELEASED: (released(slug, source, course_root), 1)}
    for mutant in mutants:
        answers[mutant.name] = (mutated(source, mutant, worth), max(1, seeds // 20))
    return _Trial(slug, graded, mutants, answers, files_beside(slug, course_root))


def _outcomes(trial: _Trial, runs: dict[tuple[str, int], dict[str, tuple[float, str]]]) -> Outcomes:
    """What the runs of a trial came to; in the order of the seeds, so that it is the same whichever ended first."""
    found: Outcomes = {}
    for answer, (cells, times) in trial.answers.items():
        tests = [_id(cell) for cell in cells if is_test(cell)]
        counted = {test: Counter(runs[answer, seed][test] for seed in range(times)) for test in tests}
        found[answer] = {
            test: [Outcome(points, often, says) for (points, says), often in counter.most_common()]
            for test, counter in counted.items()
        }
    return found


def mutated(source: Cells, mutant: Mutant, worth: dict[str, float]) -> Cells:
    """The source's cells with the mutant's code in place of its solution cells.

    Raises:
        KitError: the mutant names a cell that the assignment does not have, or loses more points than a test has.
    """
    solutions = {_id(cell) for cell in source if is_solution(cell)}
    if fault := misfit(mutant, solutions, worth):
        raise KitError(f"Mutant {mutant.name!r}: {fault}")
    return _with_answers(source, mutant.cells)


def released(slug: str, source: Cells, course_root: Path = ASSIGNMENTS) -> Cells:
    """The source's cells with the students' stubs in place of the solutions, as nbgrader makes them.

    It is made in a course of its own, so that neither `release/` nor the gradebook of `course_root` is touched.
    """
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(course_root / "source" / slug, Path(folder) / "source" / slug)
        copy = _code_cells(generate(slug, Path(folder), gradebook=False))
    return _with_answers(source, {_id(cell): cell.source for cell in copy if is_solution(cell)})


def _graded(cells: Cells, outputs: list[list[Output]]) -> dict[str, tuple[float, str]]:
    """Points of each test cell, read from its outputs as nbgrader does, and what it said where some are lost."""
    graded = {}
    for cell, put_out in zip(cells, outputs, strict=True):
        if not is_test(cell):
            continue
        test, found = _id(cell), nbformat.from_dict(put_out)
        points, worth = determine_grade(NotebookNode(cell, outputs=found))
        results = [output for output in found if output.output_type == "execute_result"]
        if points == worth and results:
            _require_points(test, results[-1].data["text/plain"])
        graded[test] = (points, said_by(found) if points < worth else "")
    return graded


def _require_points(test: str, text: str) -> None:
    if not are_points(text):  # such as np.float64(1.0)
        raise KitError(
            f"The test {test!r} ends with the value {text}, which nbgrader cannot read as points and takes for full "
            "marks. End it with a plain number, float(...), or with no value."
        )


def _require_own_names(slug: str, source: Cells) -> None:
    # Where tests stand apart from the student's code, these names would mean something else to them (trusted_tests.py).
    answers, setup, tests = (
        [cell.source for cell in source if of_kind(cell)] for of_kind in (is_solution, is_setup, is_test)
    )
    for name in sorted(defined(answers) & used(tests) & (defined(setup) | set(dir(builtins)))):
        other = "Python" if hasattr(builtins, name) else "a cell of yours"
        raise KitError(
            f"The assignment {slug!r}: an answer and {other} both define {name!r}, and the tests would meet the "
            "second. Give the answer another name."
        )


def _code_cells(path: Path) -> Cells:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def _id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def _with_answers(source: Cells, answers: dict[str, str]) -> Cells:
    return [
        NotebookNode(cell, source=answers.get(_id(cell), cell.source)) if is_solution(cell) else cell for cell in source
    ]
