"""The parts of pages that are computed: each function returns MyST Markdown. Nothing here knows Sphinx."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from hipkit.course import PARTS, ROLES, Course, Module
from hipkit.errors import KitError
from hipkit.grading.results import stored
from hipkit.grading.selftest import REFERENCE, Report
from hipkit.grading.tasks import Task
from hipkit.paths import BOOK

CONFIDENCE = {
    "V": "read in the official text",
    "V2": "read in secondary sources",
    "M": "written from memory and not yet checked; listed",
}


def module_header(module: Module, course: Course) -> str:
    """Who a lesson is for, how long it takes, what comes first, what it gives, and where its lab and assignment are."""
    before = ", ".join(_link(course.module(slug)) for slug in module.prerequisites)
    minutes = module.minutes
    lab = "[read it in the book](/notebooks/{0}.ipynb) or {{download}}`download the notebook </notebooks/{0}.ipynb>`"
    copy = "{{download}}`download the student's copy </assignments/release/{0}/{0}.ipynb>`"
    lines = [
        "::::{div} module-header",
        "For",
        f": {_sentence(ROLES[role] for role in module.roles)}",
        "",
        "Time",
        f": {minutes['reading']} minutes of reading, {minutes['lab']} for the lab, "
        f"{minutes['assignment']} for the assignment",
        "",
        "Before this",
        f": {before or 'nothing; start here'}",
        "",
        "After this module you can",
        *_indented(f"- {outcome.text}" for outcome in module.outcomes),
        "",
        "Lab",
        f": {lab.format(module.slug) if module.lab.is_file() else 'not written yet'}",
        "",
        "Assignment",
        f": {copy.format(module.slug) if module.assignment.is_file() else 'not written yet'}",
        "::::",
    ]
    return "\n".join(lines)


def competence_map(course: Course) -> str:
    """Every outcome by module, with the roles that the module serves."""
    lines = []
    for part, modules in course.parts.items():
        for module in modules:
            tasks = _tasks(module)
            rows = [
                [f"`{outcome.id}`", outcome.text, _marked(tasks.get(outcome.id, []))] for outcome in module.outcomes
            ]
            served = _sentence(ROLES[role] for role in module.roles)
            lines += [f"**{PARTS[part]}: {_link(module)}**", "", f"For {served}.", ""]
            lines += [_table(["Outcome", "You can", "Assessed by the tasks"], rows), ""]
    return "\n".join(lines)


def module_list(course: Course) -> str:
    """Every module with its minutes."""
    rows = [
        [
            PARTS[module.part],
            _link(module),
            f"[lab](/notebooks/{module.slug}.ipynb)",
            *(str(module.minutes[kind]) for kind in ("reading", "lab", "assignment")),
        ]
        for module in course.modules
    ]
    return _table(["Part", "Lesson", "Lab", "Reading, min", "Lab, min", "Assignment, min"], rows)


def path_without_code(course: Course) -> str:
    """The path of who reads, decides and buys: lesson, interactive page where there is one, questions, reflection."""

    def steps(module: Module) -> list[str]:
        page = BOOK / "interactive" / f"{module.slug}.md"
        return [
            f"{_link(module)} with its questions",
            f"[page](/book/interactive/{module.slug}.md)" if page.is_file() else "–",
            _copy(module, "last task"),
        ]

    heads = ["Read", "Do without code", "Reflect"]
    return _path(course, {"clinician", "data-protection-officer", "buyer"}, heads, steps, ["reading"])


def path_with_code(course: Course) -> str:
    """The path of who builds and studies: lesson, lab, assignment."""

    def steps(module: Module) -> list[str]:
        return [_link(module), f"[lab](/notebooks/{module.slug}.ipynb)", _copy(module, "assignment")]

    return _path(course, {"researcher", "engineer"}, ["Read", "Run", "Solve"], steps, ["reading", "lab", "assignment"])


def path_to_teach(course: Course) -> str:
    """The path of who teaches: the lesson with its note, and its name in commands."""

    def steps(module: Module) -> list[str]:
        return [
            _link(module),
            f"[note](/book/{module.part}/{module.slug}.md#for-instructors)",
            f"`{module.slug}`",
        ]

    minutes = ["reading", "lab", "assignment"]
    return _path(course, set(ROLES), ["Lesson", "Note", "Name"], steps, minutes, opening="Classes of")


def _path(
    course: Course,
    roles: set[str],
    heads: list[str],
    steps: Callable[[Module], list[str]],
    counted: list[str],
    opening: str = "For",
) -> str:
    """For whom a path is, how long it takes, and its modules in order. `counted` are the minutes that it takes."""
    modules = course.path(roles)
    served = [ROLES[role] for role in ROLES if role in roles and any(role in module.roles for module in modules)]
    rows = []
    for number, module in enumerate(modules, start=1):
        minutes = sum(module.minutes[kind] for kind in counted)
        after = ", ".join(str(modules.index(course.module(slug)) + 1) for slug in module.prerequisites)
        rows.append([str(number), *steps(module), after or "–", str(minutes)])
    total = sum(module.minutes[kind] for module in modules for kind in counted)
    said = f"{len(modules)} {_plural('module', len(modules))}, {total / 60:.0f} hours"
    return f"{opening} {_sentence(served)}: {said}.\n\n{_table(['', *heads, 'After', 'Minutes'], rows)}"


def _copy(module: Module, words: str) -> str:
    """A link to the student's copy, where the module has an assignment."""
    if not module.assignment.is_file():
        return "–"
    return f"{{download}}`{words} </assignments/release/{module.slug}/{module.slug}.ipynb>`"


def law_status(course: Course) -> str:
    """Every provision that the course names: what it says in our words, its status, source and date of the check."""
    users: dict[str, list[Module]] = {}
    for module in course.modules:
        for identity in module.law:
            users.setdefault(identity, []).append(module)
    lines = []
    for item in _data("law.yml"):
        used = ", ".join(_link(module) for module in users.get(item["id"], []))
        lines += [
            f"(law-{item['id']})=",
            f"**{item['instrument']}, {item['provision']}** — {item['title']}",
            f": {item['says']}",
            f"  <br>In the EU: {item['status_eu']}. In Norway: {item['status_no']}.",
            f"  <br>[Official text]({item['source']}); {CONFIDENCE[item['confidence']]}, {item['checked']:%d %B %Y}."
            + (f" Used in: {used}." if used else "")
            + f" Id: `{item['id']}`.",
            "",
        ]
    return "\n".join(lines)


def glossary(course: Course) -> str:
    """The terms in English, each with its Norwegian bokmål and what it means."""
    lines = ["```{glossary}"]
    for item in sorted(_data("glossary.yml"), key=lambda entry: entry["term"].casefold()):
        lines += [item["term"], f"  _{item['bokmaal']}_ (bokmål). {_stopped(item['meaning'])}", ""]
    return "\n".join([*lines, "```"])


def grader_quality(course: Course) -> str:
    """For every assignment what its graders were tried on, and what each task caught."""
    lines = []
    for module in course.modules:
        if module.assignment.is_file():
            lines += [f"**{_link(module)}**", "", *_tried(module), ""]
    return "\n".join(lines)


def _tried(module: Module) -> list[str]:
    try:
        report = stored(module.slug)
    except KitError as error:
        return [f"Its graders could not be tried: {error}"]
    if report is None:
        return [
            "Its graders have not been tried since something changed. Run `hipkit grade selftest`, then `make book`."
        ]
    faults = [f"- Fault: {fault}" for fault in report.faults()]
    rows = [_assessed(task, report) for task in report.tasks]
    heads = ["Task", "Points", "Assesses", "Mistakes that it must catch", "Caught", "Cells that catch"]
    return [_runs(report), "", *faults, "", _table(heads, rows)]


def _runs(report: Report) -> str:
    seeds = report.seeds
    lost = any(found != {report.worth[test]} for test, found in report.points(REFERENCE).items())
    # Clopper and Pearson's one-sided limit where none of the runs failed.
    most = f"{100 * (1 - 0.05 ** (1 / seeds)):.0f} %"
    limit = "" if lost else f"; it lost no point, so with 95 % confidence it does in fewer than {most} of such runs"
    wrong = len(report.mutants)
    times = report.runs(report.mutants[0].name) if report.mutants else 0
    return (
        f"The reference solution ran under {seeds} {_plural('seed', seeds)}{limit}. "
        f"The copy that students receive ran once, {wrong} wrong {_plural('answer', wrong)} "
        f"under {times} {_plural('seed', times)} each."
    )


def _assessed(task: Task, report: Report) -> list[str]:
    read = sum(task.read.values())
    if not task.tests:
        return [task.title, f"{task.points:g}", _marked(task.outcomes), "read by a person, with the rubric", "–", "–"]
    wrong = report.wrong_answers(task)
    mistakes = "; ".join(mutant.misconception for mutant in wrong)
    caught = f"{len(report.caught(task))} of {len(wrong)}"
    cells = f"{len(task.tests) - len(report.unkilled(task))} of {len(task.tests)}"
    points = f"{task.points:g}" + (f", of which {read:g} read by a person" if read else "")
    return [task.title, points, _marked(task.outcomes), mistakes or "none is written", caught, cells]


COMPUTED: dict[str, Callable[[Course], str]] = {
    "competence-map": competence_map,
    "module-list": module_list,
    "path-without-code": path_without_code,
    "path-with-code": path_with_code,
    "path-to-teach": path_to_teach,
    "law-status": law_status,
    "glossary-terms": glossary,
    "grader-quality": grader_quality,
}


def data_files() -> list[Path]:
    """The files that computed parts depend on, besides the lessons."""
    return [BOOK / "law.yml", BOOK / "glossary.yml"]


def _data(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((BOOK / name).read_text(encoding="utf-8"))


def _link(module: Module) -> str:
    return f"[{module.title}](/book/{module.part}/{module.slug}.md)"


def _tasks(module: Module) -> dict[str, list[str]]:
    """Outcome -> the graded cells of the assignment that assess it."""
    found: dict[str, list[str]] = {}
    if module.assignment.is_file():
        for cell in json.loads(module.assignment.read_text(encoding="utf-8"))["cells"]:
            for outcome in cell["metadata"].get("hipkit", {}).get("outcomes", []):
                found.setdefault(outcome, []).append(cell["metadata"]["nbgrader"]["grade_id"])
    return found


def _marked(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _stopped(text: str) -> str:
    """The text on one line, with a full stop at its end."""
    return " ".join(text.split()).removesuffix(".") + "."


def _plural(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"


def _sentence(words) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _indented(items) -> list[str]:
    first, *rest = items
    return [f": {first}", *(f"  {item}" for item in rest)]


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
