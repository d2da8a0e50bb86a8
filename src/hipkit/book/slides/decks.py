"""Writes the slides of every lesson as pages for reveal.js, in a folder that needs the built book beside it only."""

import shutil
from importlib.resources import files
from os.path import normpath, relpath
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, PackageLoader, StrictUndefined

from hipkit.book.slides.outline import outline
from hipkit.course import PARTS, ROLES, Module, load_course
from hipkit.errors import KitError

TEMPLATE = "deck.html.j2"
OWN = ("slides.css", "slides.js")
# From the package that carries reveal.js.
REVEAL = ("dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js", "LICENSE")
# From the book's own copy of MathJax.
MATHJAX = ("tex-chtml.js", "output/chtml/fonts/woff-v2")


def write_decks(html: Path, out: Path) -> list[Path]:
    """Make the slides of every lesson anew.

    Args:
        html: the built book.
        out: the folder that the slides go to; what was in it is removed.

    Returns:
        The page of each deck, in the order of the course.

    Raises:
        KitError: a lesson is not built.
    """
    shutil.rmtree(out, ignore_errors=True)
    (out / "images").mkdir(parents=True)
    _copy_scripts(html, out / "static")
    return [_write_deck(module, html, out) for module in load_course().modules]


def _copy_scripts(html: Path, static: Path) -> None:
    reveal = files("sphinx_revealjs") / "_static" / "revealjs"
    own = files(__package__)
    wanted = {static / "reveal" / Path(name).name: Path(str(reveal / name)) for name in REVEAL}
    wanted |= {static / name: Path(str(own / name)) for name in OWN}
    for target, source in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for name in MATHJAX:
        source, target = html / "_static" / "mathjax" / name, static / "mathjax" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)


def _write_deck(module: Module, html: Path, out: Path) -> Path:
    page = html / "book" / module.part / f"{module.slug}.html"
    if not page.is_file():
        raise KitError(f"The lesson {module.slug} is not built: there is no {page}. Run: hipkit book --slides")
    article = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select_one("article")
    _detach(article, page, out)
    lesson = Path(relpath(page, out)).as_posix()
    environment = Environment(
        loader=PackageLoader("hipkit.book.slides", ""), autoescape=True, undefined=StrictUndefined
    )
    deck = out / f"{module.slug}.html"
    deck.write_text(
        environment.get_template(TEMPLATE).render(
            module=module,
            part=PARTS[module.part],
            roles=[ROLES[role] for role in module.roles],
            lesson=lesson,
            slides=outline(article),
        ),
        encoding="utf-8",
    )
    return deck


def _detach(article: Tag, page: Path, out: Path) -> None:
    """Make an article independent of its place: its links lead from `out` to the book, its pictures are in `out`."""
    for link in article.select("a[href]"):
        parts = urlsplit(link["href"])
        if not parts.scheme and not parts.netloc:
            target = normpath(page.parent / parts.path) if parts.path else page
            place = f"#{parts.fragment}" if parts.fragment else ""
            link["href"] = Path(relpath(target, out)).as_posix() + place
        link.attrs.pop("title", None)
    for picture in article.select("img[src]"):
        source = page.parent / picture["src"]
        shutil.copyfile(source, out / "images" / source.name)
        picture["src"] = f"images/{source.name}"
    # A sentence may stand in two places of a deck, and no link leads to these.
    for tag in article.select("[id]"):
        if tag.name != "section" and not tag.find_parent("svg"):
            del tag["id"]
