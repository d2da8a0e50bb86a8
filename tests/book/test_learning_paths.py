"""The page with the learning paths says what the front matter says."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from hipkit.course import load_course

PATHS = {
    "without-code": ({"clinician", "data-protection-officer", "buyer"}, ["reading"]),
    "with-code": ({"researcher", "engineer"}, ["reading", "lab", "assignment"]),
    "to-teach-it": (
        {"clinician", "data-protection-officer", "buyer", "researcher", "engineer"},
        ["reading", "lab", "assignment"],
    ),
}


@pytest.mark.parametrize("name", PATHS)
def test_a_path_lists_its_modules_in_order_with_their_minutes(html: Path, name: str) -> None:
    roles, counted = PATHS[name]
    section = BeautifulSoup((html / "book" / "how-to-use.html").read_text(), "html.parser").select_one(f"#{name}")
    rows = section.select("tbody tr")
    modules = load_course().path(roles)
    assert modules
    assert len(rows) == len(modules)
    for row, module in zip(rows, modules, strict=True):
        links = [link["href"] for link in row.select("a")]
        assert any(link.split("#")[0].endswith(f"{module.part}/{module.slug}.html") for link in links)
        assert row.select("td")[-1].get_text(strip=True) == str(sum(module.minutes[kind] for kind in counted))
    said = section.find_all("p", recursive=False)
    total = sum(module.minutes[kind] for module in modules for kind in counted)
    assert any(f"{len(modules)} modules, {total / 60:.0f} hours" in " ".join(p.get_text().split()) for p in said)
