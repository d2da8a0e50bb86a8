"""The drawing of a protocol shows every message, and each participant's view only what it received."""

from bs4 import BeautifulSoup

from hipkit.parties import Message, Parties
from hipkit.transcript import draw_transcript


class Echo:
    def say(self, text: str) -> str:
        if text == "no":
            raise ValueError("I will not")
        return text * 2


def drawn(messages, names, **more) -> BeautifulSoup:
    html = draw_transcript(messages, names, "server", lambda one: f"{one.content!r}", **more)
    return BeautifulSoup(html.data, "html.parser")


def run() -> list[Message]:
    """a and b answer; then b refuses; then only a is asked."""
    with Parties({"a": Echo, "b": Echo}) as parties:
        parties.ask_each("say", {"a": ["x" * 1000], "b": ["y"]})
        parties.ask_each("say", {"a": ["yes"], "b": ["no"]})
        parties.ask("a", "say", "last")
        return parties.transcript


def test_the_drawing_has_the_bytes_of_every_message_and_refusals_and_ends() -> None:
    messages = run()
    svg = drawn(messages, ["a", "b"]).svg
    texts = [text.get_text() for text in svg.find_all("text")]
    for message in messages:
        size = f"{message.size} B" if message.size < 1000 else f"{message.size / 1000:.1f} kB"
        assert ("refuses" if message.refused else size) in texts
    assert texts.count("refuses") == 1
    assert texts.count("✕") == 1  # b, not asked again
    assert texts.count("say") == 3
    assert len(svg.find_all("circle")) == 5  # each answer starts at its party
    assert len(svg.find_all("path")) == 5 + 3  # an arrow for each question, and one for each row of answers
    total = sum(message.size for message in messages)
    assert "server and a, b" in svg.title.get_text() and f"{total / 1000:.1f} kB" in svg.title.get_text()
    assert svg["aria-labelledby"] == svg.title["id"]


def test_a_view_tells_what_its_owner_received_and_nothing_else() -> None:
    page = drawn(run(), ["a", "b"], beforehand={"a": "a secret", "server": "nothing"})
    views = {part.summary.get_text().split(":")[0]: part for part in page.find_all("details")}
    assert list(views) == ["server", "a", "b"]
    items = {name: [item.get_text() for item in view.find_all("li")] for name, view in views.items()}
    assert items["a"][0] == "Before: a secret"
    assert items["b"] == ["say, from server: ['y']", "say, from server: ['no']"]
    assert items["a"][2:] == ["say, from server: ['yes']", "say, from server: ['last']"]
    assert items["server"][2] == "say, from b: 'yy'"
    assert "say, from b: 'ValueError: I will not'" in items["server"]


def test_equal_news_of_one_step_are_told_once() -> None:
    messages = [Message(name, "server", "say", 1, False, 5) for name in ("a", "b")]
    [item] = drawn(messages, ["a", "b"]).find_all("li")
    assert item.get_text() == "say, from a, b: 1"


def test_names_and_texts_are_text_and_no_markup() -> None:
    page = drawn([Message("server", "<b>", "<i>", "<script>alert(1)</script>", False, 5)], ["<b>"])
    assert not page.find_all(["script", "i"])
    assert "<b>" in [text.get_text() for text in page.find_all("text")]


def test_two_drawings_on_a_page_do_not_share_a_label() -> None:
    assert drawn(run(), ["a", "b"]).title["id"] != drawn(run(), ["a", "b"]).title["id"]


def test_a_drawing_a_little_too_wide_shrinks_to_its_page_and_keeps_legible_letters() -> None:
    svg = drawn(run(), ["a", "b"]).svg
    styles = dict(part.split(":") for part in svg["style"].split(";"))
    assert styles["max-width"] == "100%" and styles["height"] == "auto"
    assert 0.8 * 12 <= float(styles["min-width"].removesuffix("px")) / float(svg["width"]) * 12 < 12
