"""The files in deploy/ are what the programs that read them understand; tests/hub tries what can be run here."""

import ast
import importlib
import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from traitlets import HasTraits

from hipkit.paths import ROOT

DEPLOY = ROOT / "deploy"
CONFIGS = sorted(DEPLOY.rglob("*_config.py"))
# Where the classes live that the settings name. TLJH's spawner and ngshare are not among the course's packages.
CLASSES = {
    "CourseDirectory": "nbgrader.coursedir",
    "Exchange": "nbgrader.exchange.default",
    "ExchangeFactory": "nbgrader.exchange",
    "KernelManager": "jupyter_client",
    "LabApp": "jupyterlab.labapp",
    "ServerApp": "jupyter_server.serverapp",
    "Spawner": "jupyterhub.spawner",
}
NOT_HERE = {"SystemdSpawner"}
SECRET = re.compile(r"secret|token|password|apikey", re.IGNORECASE)


def named_options() -> list[tuple[str, str, str]]:
    """File, class and trait of every `c.Class.trait = ...`."""
    found = []
    for path in CONFIGS:
        for node in ast.walk(ast.parse(path.read_text())):
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Attribute):
                found.append((path.relative_to(DEPLOY).as_posix(), target.value.attr, target.attr))
    return found


@pytest.mark.parametrize(
    ("file", "owner", "trait"), [option for option in named_options() if option[1] not in NOT_HERE]
)
def test_every_option_exists(file: str, owner: str, trait: str) -> None:
    known: type[HasTraits] = getattr(importlib.import_module(CLASSES[owner]), owner)
    assert trait in known.class_traits(config=True), f"{file}: there is no c.{owner}.{trait}"


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_every_module_that_is_named_exists(path: Path) -> None:
    for name in re.findall(r'"((?:nbgrader|hipkit|jupyterlab)(?:\.\w+)+)"', path.read_text()):
        module, _, last = name.rpartition(".")
        assert find_spec(name) if last.islower() else hasattr(importlib.import_module(module), last), name


def test_the_instructor_gets_back_what_the_others_do_not_have() -> None:
    everyone, instructor = (
        json.loads((DEPLOY / folder / "labconfig" / "page_config.json").read_text())["disabledExtensions"]
        for folder in ("jupyter", "jupyter-instructor")
    )
    assert set(everyone.values()) == {True} and set(instructor.values()) == {False}
    assert set(instructor) < set(everyone)


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.yaml")), ids=lambda path: path.name)
def test_values_are_yaml_and_hold_no_secret(path: Path) -> None:
    def walk(value: object, name: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{name}.{key}")
        else:
            assert not SECRET.search(name), f"{name} belongs into a file that is kept out of git"

    values = yaml.safe_load(path.read_text())
    assert values
    walk(values, path.name)


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_shell(path: Path) -> None:
    assert path.stat().st_mode & 0o111, f"chmod +x {path}"
    if shutil.which("sh") is None:
        pytest.skip("There is no shell on this machine.")
    subprocess.run(["sh", "-n", path], check=True)


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("Containerfile")), ids=lambda path: path.parent.name)
def test_containers_do_not_run_as_root_and_hold_a_fresh_clone(path: Path) -> None:
    lines = path.read_text().replace("\\\n", " ").splitlines()
    instructions = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    assert [what for word, what in instructions if word == "USER"][-1] == "1000"
    assert all("requirements" not in what for _, what in instructions), "make knows how to install"
    copied = [what.split()[-2:] for word, what in instructions if word == "COPY"]
    assert [source for source, _ in copied] == ["."]
