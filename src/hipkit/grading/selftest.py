"""Grades an assignment's reference solution, released copy and wrong answers, and says where the grader is wrong.

The cells run in plain Python processes, without Jupyter, some hundred times faster than nbgrader starts kernels; the
points are read from their outputs by nbgrader's own function, so the rule is nbgrader's: an error or anything on stderr
earns nothing, a number as the last expression earns that many points, everything else earns all.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_solution

from hipkit.errors import KitError
from hipkit.grading.cells import Output, run_cells
from hipkit.grading.mutants import Mutant, misfit, read_mutants
from hipkit.grading.release import generate, source_notebook
from hipkit.grading.roles import is_test
from hipkit.paths import ASSIGNMENTS

REFERENCE, RELEASED = "reference", "released copy"

Cells = list[NotebookNode]


@dataclass(frozen=True)
class Run:
    """One answer, graded once under one seed."""

    answer: str  # REFERENCE, RELEASED or a mutant's name
    seed: int
    points: dict[str, float]  # grade_id of a test cell -> points
    trouble: dict[str, str]  # grade_id of a test cell that gave less than all -> what it said


@dataclass(frozen=True)
class Report:
    """What the grader gave to every answer, and what it should have given."""

    slug: str
    worth: dict[str, float]  # grade_id of a test cell -> its points
    mutants: list[Mutant]
    runs: list[Run]

    def expected(self, answer: str) -> dict[str, float]:
        """Points per test cell that an answer must get."""
        if answer == REFERENCE:
            return self.worth
        if answer == RELEASED:
            return dict.fromkeys(self.worth, 0.0)
        loses = next(mutant.loses for mutant in self.mutants if mutant.name == answer)
        return {test: worth - loses.get(test, 0) for test, worth in self.worth.items()}

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
        seeds = Counter(run.answer for run in self.runs)
        faults: dict[tuple[str, str, float], list[Run]] = {}
        for run in self.runs:
            for test, wanted in self.expected(run.answer).items() if run.answer in answers else ():
                if abs(run.points[test] - wanted) > 1e-9:
                    faults.setdefault((run.answer, test, run.points[test]), []).append(run)
        found = []
        for (answer, test, points), runs in faults.items():
            wanted = self.expected(answer)[test]
            often = f"{len(runs)} of {seeds[answer]} {'seed' if seeds[answer] == 1 else 'seeds'}"
            said = f" It said: {runs[0].trouble[test]}" if test in runs[0].trouble else ""
            unseen = answer not in (REFERENCE, RELEASED) and points > wanted
            mend = " The hidden tests do not see it: sharpen them, or correct 'loses'." if unseen else ""
            found.append(f"{answer}: {test!r} gives {points:g} points, not {wanted:g} ({often}).{said}{mend}")
        return found


def run(
    slug: str,
    seeds: int = 100,
    jobs: int | None = None,
    course_root: Path = ASSIGNMENTS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Grade the reference under `seeds` seeds, each wrong answer under a twentieth, the released copy under one.

    Args:
        slug: the assignment.
        seeds: the reference runs under the seeds 0 to `seeds` - 1.
        jobs: processes; as many as there are cores where it is not given.
        course_root: the nbgrader course that holds the assignment, in `source/` and `mutants/`.
        progress: called with how many runs are done and how many there will be.

    Raises:
        KitError: the assignment, a wrong answer or the released copy cannot be read or made.
    """
    source = _code_cells(source_notebook(slug, course_root))
    worth = {_id(cell): float(cell.metadata.nbgrader.points) for cell in source if is_test(cell)}
    if not worth:
        raise KitError(f"The assignment {slug!r} has no autograded cell. Add tests to it.")
    mutants = read_mutants(slug, course_root)
    tasks = [(REFERENCE, seed, source) for seed in range(seeds)]
    tasks.append((RELEASED, 0, released(slug, source, course_root)))
    for mutant in mutants:
        cells = mutated(source, mutant, worth)
        tasks += [(mutant.name, seed, cells) for seed in range(max(1, seeds // 20))]
    runs = []
    # Fresh interpreters, not forks: what the caller has imported or drawn must not reach the tests.
    with ProcessPoolExecutor(jobs or os.cpu_count(), mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(run_cells, [cell.source for cell in task[2]], task[1]): task for task in tasks}
        for done, future in enumerate(as_completed(futures), start=1):
            runs.append(_graded(*futures[future], future.result()))
            progress(done, len(futures))
    order = {name: place for place, name in enumerate([REFERENCE, RELEASED, *(mutant.name for mutant in mutants)])}
    return Report(slug, worth, mutants, sorted(runs, key=lambda one: (order[one.answer], one.seed)))


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


def _graded(answer: str, seed: int, cells: Cells, outputs: list[list[Output]]) -> Run:
    """Read the points of the test cells from their outputs, as nbgrader does."""
    points: dict[str, float] = {}
    trouble = {}
    for cell, put_out in zip(cells, outputs, strict=True):
        if not is_test(cell):
            continue
        test, found = _id(cell), nbformat.from_dict(put_out)
        points[test], worth = determine_grade(NotebookNode(cell, outputs=found))
        if points[test] < worth:
            trouble[test] = _says(found)
        elif found:
            _require_number(test, found[-1].data["text/plain"])
    return Run(answer, seed, points, trouble)


def _says(outputs: list[NotebookNode]) -> str:
    for output in outputs:
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}".strip()
        if output.output_type == "stream":
            return f"(on stderr) {output.text.strip()}"
    return "part of the points"


def _require_number(test: str, text: str) -> None:
    # nbgrader takes a value that it cannot read, such as np.float64(1.0), for full marks.
    try:
        float(text)
    except ValueError:
        raise KitError(
            f"The test {test!r} ends with the value {text}, which nbgrader cannot read as points and takes for full "
            "marks. End it with a plain number, float(...), or with no value."
        ) from None


def _code_cells(path: Path) -> Cells:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def _id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def _with_answers(source: Cells, answers: dict[str, str]) -> Cells:
    return [
        NotebookNode(cell, source=answers.get(_id(cell), cell.source)) if is_solution(cell) else cell for cell in source
    ]
