"""The `{interactive}` directive: a place in a page that a script of the book fills, and the data that it computes from.

    ```{interactive} risk calibration
    ```

The first word names the scripts and the style, `book/_static/<name>-model.js`, `<name>-page.js` and `<name>.css`, which
only pages with such a place load; the second names the part that the script puts there. The data, from
`datasets/<name>/case.yml`, stand in the page, since a browser reads no file beside a page that was opened from a disk.
"""

import json
import re
from html import escape
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from hipkit.paths import DATASETS

PLACE = re.compile(r'data-interactive="([\w-]+)"')
NEEDS_JAVASCRIPT = "<noscript><p>This part computes in your browser and needs JavaScript.</p></noscript>"


class Interactive(SphinxDirective):
    """See the module's text for the two arguments."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        name, part = self.arguments
        place = f'<div data-interactive="{escape(name)}" data-part="{escape(part)}">{NEEDS_JAVASCRIPT}</div>'
        case = DATASETS / name / "case.yml"
        if not case.is_file():
            raise self.error(f"interactive '{name}': there is no {case.relative_to(DATASETS.parent)}")
        self.env.note_dependency(str(case))
        given = self.env.temp_data.setdefault("interactive-data", set())
        if name not in given:
            given.add(name)
            data = json.dumps(yaml.safe_load(case.read_text(encoding="utf-8")), ensure_ascii=False)
            data = data.replace("</", "<\\/")  # nothing else could end a script element early
            place += f'<script type="application/json" id="{name}-data">{data}</script>'
        return [nodes.raw("", place, format="html")]


def add_scripts(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Load the scripts and the style of an interactive page, on that page only."""
    for name in sorted(set(PLACE.findall(context.get("body", "")))):
        app.add_css_file(f"{name}.css")
        app.add_js_file(f"{name}-model.js", loading_method="defer")
        app.add_js_file(f"{name}-page.js", loading_method="defer")
