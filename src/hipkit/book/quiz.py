"""The `{quiz}` directive: one question with feedback on every option, for the keyboard, the screen reader and paper.

It is written in YAML:

    ```{quiz} name-of-the-question
    question: Which of these …?
    options:
      - text: An option, in Markdown.
        feedback: Why it is wrong.
      - text: Another one.
        correct: true
        feedback: Why it is right.
    ```

The page holds a group of radio buttons and, folded, the explanation of every option. `quiz.js` shows the explanation of
the option that the reader checks; without JavaScript the folded list has them all.
"""

from html import escape
from typing import Any

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class html_element(nodes.Element):
    """An HTML element around its children: attribute `open` is the start tag, `close` the end tag."""


def visit_html_element(writer: Any, node: html_element) -> None:
    writer.body.append(node["open"])


def depart_html_element(writer: Any, node: html_element) -> None:
    writer.body.append(node["close"])


def element(tag: str, *children: nodes.Node, **attributes: str) -> html_element:
    """An element with escaped attributes; `class_` and `for_` stand for the words that Python keeps for itself."""
    written = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in attributes.items())
    node = html_element("", *children)
    node["open"], node["close"] = f"<{tag}{written}>", "" if tag == "input" else f"</{tag}>"
    return node


class Quiz(SphinxDirective):
    """See the module's text for what is written between the fences."""

    has_content = True
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        try:
            quiz = yaml.safe_load("\n".join(self.content))
            question, options = quiz["question"], quiz["options"]
            texts = [(option["text"], option["feedback"], option.get("correct", False)) for option in options]
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise self.error(
                f"quiz '{name}': write 'question' and 'options', each with 'text' and 'feedback' ({error})"
            ) from error
        if sum(correct for _, _, correct in texts) != 1:
            raise self.error(f"quiz '{name}': mark exactly one option with 'correct: true'")
        choices, reasons = [], []
        for number, (text, feedback, correct) in enumerate(texts, start=1):
            identity = f"quiz-{name}-{number}"
            choices.append(
                element(
                    "div",
                    element("input", type="radio", name=f"quiz-{name}", id=identity, value=str(number)),
                    element("label", *self._inline(text), for_=identity),
                    class_="quiz-option",
                )
            )
            verdict = "Right." if correct else "Not quite."
            reasons.append(
                element(
                    "li",
                    element("strong", nodes.Text(f"{verdict} ")),
                    *self._inline(feedback),
                    class_="quiz-right" if correct else "quiz-wrong",
                )
            )
        return [
            element(
                "div",
                element("fieldset", element("legend", *self._inline(question)), *choices),
                element("div", class_="quiz-feedback", role="status"),
                element("details", element("summary", nodes.Text("Every answer explained")), element("ol", *reasons)),
                class_="quiz",
            )
        ]

    def _inline(self, text: str) -> list[nodes.Node]:
        parsed, messages = self.state.inline_text(" ".join(str(text).split()), self.lineno)
        return [*parsed, *messages]
