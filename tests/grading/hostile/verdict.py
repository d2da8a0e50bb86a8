"""What was breached, in words."""

from hostile.bait import MARKS
from hostile.classroom import HONEST, Class
from hostile.corpus import Attack
from hostile.examine import Evidence

UNITS = {
    "memory": "bytes of memory",
    "together": "bytes of memory in all its processes",
    "log": "bytes on the teacher's terminal",
    "file": "bytes in a file",
    "kept": "bytes kept",
    "grader": "bytes of the grader's memory",
    "unpacked": "bytes unpacked",
    "unpacked_files": "files unpacked",
}


def breaches(student: str, attack: Attack, found: Evidence) -> dict[str, str]:
    """What an attack has achieved: kind of breach -> a phrase; empty when it was held.

    The kinds: `points` (stolen), `lost` (an honest answer gets less than its due), `ungraded`, `silent` (no feedback),
    `leak`, `changed`, `network`, `left`, `bounds`, `kernel`, `typed`, `page`.
    """
    told: dict[str, str] = {}
    least, most = attack.points
    got = found.points.get(student) or 0.0
    if got > most + 1e-9:
        told["points"] = f"{got:g} points instead of {most:g}"
    if got < least - 1e-9:
        told["lost"] = f"{got:g} points instead of {least:g}"
    if found.worth.get(student, 10) != 10:
        told["points"] = f"the tests are worth {found.worth[student]:g} points instead of 10"
    if missing := found.ungraded.get(student):
        told["ungraded"] = f"{len(missing)} tests without a grade"
    if student in found.silent:
        told["silent"] = "no feedback"
    if leaked := found.leaks.get(student):
        told["leak"] = "read " + _listed(MARKS[name] for name in leaked)
    if changed := sorted(path for who, path in found.changed if who == student):
        told["changed"] = "changed " + _listed(changed)
    if calls := {how for who, how in found.calls if who == student}:
        told["network"] = "reached " + _listed(calls)
    if left := {what for who, what in found.left if who == student}:
        told["left"] = "left behind " + _listed(left)
    peaks = found.peaks.get(student, {})
    if obtained := [name for name, bound in attack.obtains.items() if peaks.get(name, 0) >= bound]:
        told["bounds"] = "got " + _listed(f"{peaks[name]:,.0f} {UNITS.get(name, name)}" for name in obtained)
    if doors := found.seen.get(student):
        told["kernel"] = "opened " + _listed(doors)
    if student in found.typed:
        told["typed"] = "wrote on the teacher's terminal"
    if pages := found.ran.get(student):
        told["page"] = "ran in " + _listed(pages)
    return told


def harm(held: Class, found: Evidence) -> dict[str, str]:
    """What befell the class as a whole, by nobody in particular: kind -> a phrase; empty when all is well."""
    told: dict[str, str] = {}
    if found.finished:
        told["batch"] = f"the grader broke off: {found.finished}"
    wrong = [name for name, (_, due) in HONEST.items() if found.points.get(name) != due or found.ungraded.get(name)]
    if wrong:
        got = {name: found.points.get(name) for name in wrong}
        told["honest"] = "honest students got " + _listed(
            f"{'no grade' if points is None else f'{points:g} points'} instead of {HONEST[name][1]:g}"
            for name, points in got.items()
        )
    if None in found.silent:
        told["silent"] = "honest students got no feedback"
    if changed := sorted(path for who, path in found.changed if who is None):
        told["changed"] = "changed " + _listed(changed)
    if calls := {how for who, how in found.calls if who is None}:
        told["network"] = "reached " + _listed(calls)
    if left := {what for who, what in found.left if who is None}:
        told["left"] = "left behind " + _listed(left)
    if found.killed:
        told["killed"] = "killed the teacher's own process"
    if shown := found.leaks.get("nils"):
        told["shown"] = "the feedback shows everybody " + _listed(MARKS[name] for name in shown)
    return told


def _listed(things) -> str:
    things = sorted(things)
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
