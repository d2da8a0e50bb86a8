"""`hipkit book`: from the clone to the built book."""

import time

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hipkit.errors import KitError


@click.command(short_help="Make the data, run every notebook and build the book.")
@click.option("--slides", is_flag=True, help="Make slides of every lesson too, in _build/slides.")
def book(slides: bool) -> None:
    """Make the patients, run every notebook and build the book; only what has changed is done again."""
    # Sphinx and the notebook machinery take seconds to import: say first that something is happening.
    screen = Console(highlight=False)
    started = time.monotonic()

    def step(text: str) -> None:
        screen.print(text, soft_wrap=True)

    def with_bar(name: str, work):
        columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
            task = bar.add_task("", total=None)
            return work(lambda done, total: bar.update(task, completed=done, total=total))

    from hipkit.book import build
    from hipkit.course import left_out
    from hipkit.datasets.course_population import make_course_population

    step("Data: the synthetic patients")
    step("  made" if with_bar("Data", make_course_population) else "  up to date")
    step("Assignments: the students' copies")
    step(f"  {build.release_assignments()} ready")
    step("Notebooks: every lesson and lab, on every core")
    run, kept = with_bar("Notebooks", build.run_notebooks)
    step(f"  {run} run, {kept} unchanged")
    step("Graders: a few answers to every assignment that has changed")
    try:
        tried, unchanged = with_bar("Graders", build.try_graders)
        step(f"  {tried} tried, {unchanged} unchanged")
    except KitError as error:  # the book can be read before its graders are right; its page on them says so
        step(f"  not tried: {error}")
    step("Book: the pages")
    step("  built" if build.build_pages() else "  up to date")
    for page in left_out():
        step(f"  not in _toc.yml, so not in the book: {page}")
    if slides:
        from hipkit.book.slides.decks import write_decks

        step("Slides: a deck for every lesson")
        for deck in write_decks(build.HTML, build.SLIDES):
            step(f"  {deck}")
    step(f"The book is ready after {time.monotonic() - started:.0f} s. Open {build.front_page()}")
    step("or run: make serve (or: hipkit serve)")
