"""What a student wrote is shown whole, and nothing of it runs or is loaded."""

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from hipkit.grading.inert import TAGS, clean_html, markdown2html


def shown(markdown: str) -> str:
    return markdown2html({"cell": {}}, markdown)


def test_markdown_keeps_its_form() -> None:
    html = shown("# A heading\n\nA *word*.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx = 1 < 2\n```\n")
    for part in ("<h1", "<em>word</em>", "<table", "<td>1</td>", "x"):
        assert part in html
    assert "&lt;p&gt;" not in html and "&amp;lt;" not in html


def test_a_table_of_pandas_keeps_its_form() -> None:
    html = '<table border="1" class="dataframe"><tr style="text-align: right;"><th>a</th></tr></table>'
    kept = BeautifulSoup(clean_html(html), "html.parser")
    assert kept.tr["style"].replace(" ", "").rstrip(";") == "text-align:right" and kept.th.get_text() == "a"


def test_an_attached_picture_is_shown() -> None:
    cell = {"attachments": {"a.png": {"image/png": "iVBORw0KGgo="}}}
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in markdown2html({"cell": cell}, "![a](attachment:a.png)")


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)></svg>",
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<form action='http://127.0.0.1/'><input name=a></form>",
        "<meta http-equiv=refresh content='0;url=http://127.0.0.1/'>",
        "<link rel=stylesheet href='http://127.0.0.1/a.css'>",
        "<style>@import 'http://127.0.0.1/a.css'</style>",
        "<div style=\"background-image: url('http://127.0.0.1/a.png'); position: fixed\">x</div>",
        "<img src='http://127.0.0.1/a.png'>",
        "<object data='http://127.0.0.1/'></object>",
    ],
)
def test_nothing_runs_and_nothing_is_loaded(evil: str) -> None:
    for html in (clean_html(evil), shown(evil)):
        for tag in BeautifulSoup(html, "html.parser").find_all(True):
            assert tag.name in TAGS
            assert not [name for name in tag.attrs if name.startswith("on")]
            assert urlsplit(tag.get("href", "")).scheme in ("", "http", "https", "mailto")
            assert tag.get("src", "data:image/png").startswith("data:image/")
            assert "url(" not in tag.get("style", "") and "position" not in tag.get("style", "")
