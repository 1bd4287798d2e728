"""One line of a person's own words."""

from __future__ import annotations

from feedback_app.questions.paragraph import Paragraph


class Text(Paragraph):
    """A small box."""

    name = "text"
