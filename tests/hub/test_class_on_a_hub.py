"""A class on a real JupyterHub, set up with deploy/tljh: from the released assignment to feedback, in browsers.

Each person has a Unix account and a server of their own. What one student wrote, no other can read.
"""

import csv
import io
import re
import secrets
import signal
import subprocess
import sys

import psutil
import pytest
from machine import PRIVATELY, assert_empty, pid_namespace
from person import INSTRUCTOR, SLUG, STUDENTS, Person

EXCHANGE = "/srv/nbgrader/exchange/hip"
NOTEBOOK = f"{SLUG}/{SLUG}.ipynb"
COURSE = f"/srv/homes/{INSTRUCTOR}/hip/assignments"
RIGHT = "    return float(max(abs(lower), abs(upper)))"
WRONG = "    return float(upper - lower)"
ANSWERS = {"astrid": RIGHT, "birk": WRONG, "dina": RIGHT}
# Code that looks for another's work, wherever it is run: by the student, and by the instructor when it is graded.
PEEK = f"""
try:
    print(open("{COURSE}/submitted/astrid/{NOTEBOOK}").read())
except OSError as error:
    print(type(error).__name__)
"""
POINTS = {"astrid": 2, "birk": 0, "dina": 2}  # of the first task; the others are left as they are


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    """What each student writes and nobody else knows."""
    return {student: secrets.token_hex(8) for student in STUDENTS}


@pytest.fixture(scope="module")
def handed_in(people: dict[str, Person], words: dict[str, str]) -> None:
    """The instructor has released the assignment; each student has fetched it, put in an answer and handed it in."""
    people[INSTRUCTOR].press("release")
    for student in STUDENTS:
        peek = PEEK if student == "dina" else ""
        code = f'def sum_sensitivity(lower, upper):\n{ANSWERS[student]}\n{peek}\nprint("saved by {words[student]}")'
        people[student].fetch_and_edit(code)
        people[student].submit()


@pytest.fixture(scope="module")
def graded(people: dict[str, Person], handed_in: None) -> None:
    """The instructor has collected and graded, and released the feedback."""
    teacher = people[INSTRUCTOR]
    teacher.press("collect")
    said = teacher.terminal(f"~/hip/.venv/bin/hipkit grade run {SLUG}")
    assert f"{SLUG}: {len(STUDENTS)} graded" in said, said
    teacher.press("release-feedback")


def test_nothing_of_the_private_machine_outlives_its_parent(private_machine: None) -> None:
    start = f"import subprocess; subprocess.run({[*PRIVATELY, 'sleep', '60']})"
    parent = subprocess.Popen([sys.executable, "-c", start])
    try:
        while not (inside := [one for one in psutil.Process(parent.pid).children(True) if one.name() == "sleep"]):
            assert parent.poll() is None
        namespace = pid_namespace(inside[0].pid)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert_empty(namespace)


def test_each_person_is_another_unix_user(people: dict[str, Person]) -> None:
    ids = {person.terminal("id -u").strip() for person in people.values()}
    ids |= {person.kernel("import os; print(os.getuid())").strip() for person in people.values()}
    assert len(ids) == len(people) and "0" not in ids


def test_students_hand_in_what_they_wrote(people: dict[str, Person], handed_in: None, words: dict[str, str]) -> None:
    found = people[INSTRUCTOR].terminal(f"grep -c '' {EXCHANGE}/inbound/*/{SLUG}.ipynb")
    assert re.findall(r"inbound/(\w+)\+", found) == sorted(STUDENTS)
    for student in STUDENTS:
        assert words[student] in people[INSTRUCTOR].terminal(f"cat {EXCHANGE}/inbound/{student}+*/{SLUG}.ipynb")


def test_the_grades_are_right(people: dict[str, Person], graded: None) -> None:
    table = people[INSTRUCTOR].terminal("cd ~/hip/assignments && nbgrader export > /dev/null 2>&1; cat grades.csv")
    rows = csv.DictReader(io.StringIO(table))
    assert {row["student_id"]: float(row["raw_score"]) for row in rows} == POINTS


@pytest.mark.parametrize("student", STUDENTS)
def test_a_student_reads_the_own_feedback_in_the_browser(
    student: str, people: dict[str, Person], graded: None, words: dict[str, str]
) -> None:
    text = people[student].read_feedback()
    assert f"Score: {POINTS[student]:.1f} / 24.0" in text
    assert [other for other in STUDENTS if words[other] in text] == [student]


@pytest.mark.parametrize("student", STUDENTS)
def test_the_formgrader_is_the_instructors(student: str, people: dict[str, Person]) -> None:
    assert people[student].visit(f"/user/{student}/formgrader/manage_assignments")[0] == 404
    people[student].page.get_by_role("menuitem", name="Nbgrader").click()
    shown = people[student].page.locator(".lm-Menu-itemLabel").all_inner_texts()
    people[student].page.keyboard.press("Escape")
    assert [entry for entry in shown if entry] == ["Assignment List"]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(f"cat /srv/homes/astrid/{NOTEBOOK}", id="the notebook"),
        pytest.param("ls /srv/homes/astrid", id="the home"),
        pytest.param(f"ls {EXCHANGE}/inbound", id="what is handed in"),
        pytest.param(f"ls {EXCHANGE}/feedback", id="the feedback"),
        pytest.param(f"cat {COURSE}/submitted/astrid/{NOTEBOOK}", id="what is collected"),
        pytest.param(f"cat {COURSE}/gradebook.db", id="the gradebook"),
        pytest.param("ls /srv/hip/assignments/source", id="the solutions"),
        pytest.param("cat /proc/$(pgrep -o -u astrid)/environ", id="the key of the server"),
        pytest.param("kill -9 $(pgrep -o -u astrid)", id="to end the server"),
        pytest.param(f"mv {EXCHANGE} {EXCHANGE}-old", id="to take the exchange over"),
        pytest.param(f"touch {EXCHANGE}/outbound/{SLUG}/more", id="to change what is released"),
        pytest.param(f"mkdir {EXCHANGE}/more", id="to add to the course"),
    ],
)
def test_a_student_is_denied(command: str, people: dict[str, Person], graded: None) -> None:
    said = people["birk"].terminal(command)
    assert re.search("Permission denied|Operation not permitted", said), said


def test_what_a_student_wrote_is_nowhere_that_another_can_read(
    people: dict[str, Person], graded: None, words: dict[str, str]
) -> None:
    theirs = r"\( -user astrid -o -user teacher \)"
    places = "/srv/homes /srv/nbgrader /srv/tmp /tmp /var/tmp /dev/shm /run"
    sweep = f"find {places} {theirs} -type f -exec grep -las {words['astrid']} {{}} + 2> /dev/null; echo that is all"
    assert f"/srv/homes/astrid/{NOTEBOOK}" in people["astrid"].terminal(sweep)
    assert people["birk"].terminal(sweep) == "that is all\n"


def test_a_kernel_reads_no_other_account(people: dict[str, Person], handed_in: None, words: dict[str, str]) -> None:
    code = f"print(open('/srv/homes/astrid/{NOTEBOOK}').read())"
    assert words["astrid"] in people["astrid"].kernel(code)
    assert people["birk"].kernel(code).startswith("PermissionError")


@pytest.mark.parametrize("path", [f"/api/contents/{NOTEBOOK}", f"/nbconvert/html/{NOTEBOOK}"])
def test_a_server_answers_its_owner_only(
    path: str, people: dict[str, Person], handed_in: None, words: dict[str, str]
) -> None:
    status, text = people["astrid"].visit(f"/user/astrid{path}")
    assert (status, words["astrid"] in text) == (200, True)
    for other in ("birk", "dina"):
        status, text = people[other].visit(f"/user/astrid{path}")
        assert (status, words["astrid"] in text) == (403, False)


def test_a_server_answers_its_owner_only_behind_the_proxy(
    people: dict[str, Person], handed_in: None, words: dict[str, str]
) -> None:
    ask = f"python /srv/hip/tests/hub/neighbour.py ask astrid /api/contents/{NOTEBOOK}"
    assert words["astrid"] in people["astrid"].terminal(ask)
    said = people["birk"].terminal(ask)
    assert re.findall(r"^answer (\d+)", said, re.MULTILINE) == ["403"] and words["astrid"] not in said


def test_the_hub_tells_a_student_nothing_of_others(people: dict[str, Person]) -> None:
    assert people["birk"].visit("/hub/api/users/birk")[0] == 200
    assert people["birk"].visit("/hub/api/users/astrid")[0] == 404
    assert people["birk"].visit("/hub/api/users")[0] == 403
    assert people["birk"].visit("/hub/admin")[0] == 403


def test_nobody_hears_what_a_kernel_says(people: dict[str, Person], words: dict[str, str]) -> None:
    listening = "setsid python /srv/hip/tests/hub/neighbour.py listen astrid > ~/heard 2>&1 &"
    people["birk"].terminal(f"rm -f ~/stop ~/heard; {listening}")
    people["astrid"].kernel(f"import time\nfor _ in range(30): print('{words['astrid']}'); time.sleep(0.1)")
    heard = people["birk"].terminal("touch ~/stop; while ! grep -qa listened ~/heard; do sleep 0.1; done; cat ~/heard")
    assert int(re.search(r"listened on (\d+) ports", heard)[1]) >= 5, heard
    assert words["astrid"] not in heard


def test_collecting_takes_no_bait(people: dict[str, Person], graded: None, words: dict[str, str]) -> None:
    """A student links to another's collected work and to the solutions, hands in as another, and without a time."""
    later = "2099-01-01 00:00:00.000000 UTC+bait"
    people["dina"].terminal(
        f"cd {EXCHANGE}/inbound && mkdir 'dina+{SLUG}+{later}' 'astrid+{SLUG}+{later}' 'dina+{SLUG}+soon+bait';"
        f"ln -s {COURSE}/submitted/astrid/{NOTEBOOK} 'dina+{SLUG}+{later}';"
        f"cp ~/{NOTEBOOK} 'astrid+{SLUG}+{later}'; ln -s {COURSE}/source/{SLUG} 'birk+{SLUG}+{later}'"
    )
    said = people[INSTRUCTOR].press("collect")
    assert len(re.findall(r"\[ERROR\] Not collected", said)) == 4, said
    for student in STUDENTS:
        collected = people[INSTRUCTOR].terminal(f"cat {COURSE}/submitted/{student}/{SLUG}/*")
        assert [other for other in STUDENTS if words[other] in collected] == [student]
        assert "HIDDEN TESTS" not in collected
