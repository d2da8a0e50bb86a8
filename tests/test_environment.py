"""The lists of packages agree: core.in, lock.txt, environment.yml and pyproject.toml, and what the code imports."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, version

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from hipkit.paths import ROOT

CORE = ROOT / "requirements" / "core.in"
LOCK = ROOT / "requirements" / "lock.txt"

# Installed with a package that core.in names, and pinned by it: naming it again would only let the two disagree.
COMES_WITH = {
    "sphinx": "jupyter-book",
    "docutils": "jupyter-book",
    "myst-nb": "jupyter-book",
    "myst-parser": "jupyter-book",
    "sphinx-book-theme": "jupyter-book",
    "jupyter-cache": "jupyter-book",
    "beautifulsoup4": "nbconvert",
    "jinja2": "nbconvert",
    "traitlets": "ipykernel",
    "jupyter-client": "ipykernel",
    "pyzmq": "ipykernel",
    "ipython": "ipykernel",
    "packaging": "pytest",
    "sqlalchemy": "nbgrader",
    "rdflib": "mlcroissant",
}


def requirements() -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in CORE.read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def pins() -> dict[str, set[Version]]:
    """Name -> locked releases (more than one where they differ by Python version)."""
    found: dict[str, set[Version]] = {}
    for name, release in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", LOCK.read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(Version(release))
    return found


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_every_requirement_has_a_floor_and_a_lock_within_its_bounds(requirement: Requirement) -> None:
    assert any(part.operator == ">=" for part in requirement.specifier), "give it a floor: name>=oldest that works"
    locked = pins().get(canonicalize_name(requirement.name))
    assert locked, "not in lock.txt: run `make lock`"
    assert all(requirement.specifier.contains(version) for version in locked), "lock.txt is old: run `make lock`"


def test_every_pin_is_needed_by_something() -> None:
    """Each pin says after '# via' who wants it; one wanted by core.in alone must be named there."""
    named = {canonicalize_name(requirement.name) for requirement in requirements()}
    lock = LOCK.read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", lock, flags=re.MULTILINE)[1:]
    direct = {canonicalize_name(block.split("==")[0]) for block in blocks if "-r requirements/core.in" in block}
    assert direct == named, "lock.txt is old: run `make lock`"


def test_every_pin_has_a_hash() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", LOCK.read_text(), flags=re.MULTILINE)[1:]
    assert blocks
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_address() -> None:
    text = LOCK.read_text()
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links|--trusted-host|\s/\w+/", text) == []


def test_conda_users_get_the_same_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, from_pip = environment["dependencies"]
    assert (python, pip) == ("python=3.11", "pip")
    assert from_pip == {"pip": ["--requirement requirements/lock.txt"]}


def test_the_package_and_the_makefile_agree_with_the_lists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": ["requirements/core.in"]}
    assert project["project"]["requires-python"] == ">=3.11,<3.14"
    assert (ROOT / "Makefile").read_text().count("(3, 11) <= sys.version_info[:2] <= (3, 13)") == 2
    assert project["tool"]["ruff"]["target-version"] == "py311"


def test_the_locked_releases_are_the_installed_ones() -> None:
    wrong = {
        name: version(name)
        for name in (canonicalize_name(requirement.name) for requirement in requirements())
        if Version(version(name)) not in pins()[name]
    }
    assert wrong == {}, "the environment is not the locked one: run `make book` again"


def imported_names() -> dict[str, str]:
    """Top-level module name -> one file that imports it, over the package, the tests and the benchmarks."""
    found = {}
    for folder in ("src", "tests", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "fixtures" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    names = [node.module]
                for name in names:
                    found.setdefault(name.split(".")[0], str(path.relative_to(ROOT)))
    return found


def test_what_the_code_imports_is_asked_for() -> None:
    named = {canonicalize_name(requirement.name) for requirement in requirements()}
    assert set(COMES_WITH.values()) <= named
    asked = named | set(COMES_WITH) | {"hipkit"}
    providers = packages_distributions()
    own = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"tests"}
    own |= {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    own |= {path.parent.name for path in (ROOT / "tests").rglob("__init__.py")}
    missing = {
        name: where
        for name, where in imported_names().items()
        if name not in sys.stdlib_module_names
        and name not in own
        and not asked & {canonicalize_name(provider) for provider in providers.get(name, [])}
    }
    assert missing == {}, "add these to requirements/core.in with a floor, then run `make lock`"
