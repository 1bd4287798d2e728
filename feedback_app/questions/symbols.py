"""Pick one drawing: radio buttons, each with a drawn symbol and its word. Never colour alone."""

from __future__ import annotations

from feedback_app.questions.single import Single


class Symbols(Single):
    """Radio buttons with drawings."""

    name = "symbols"
    keys = frozenset({"choices", "required"})
