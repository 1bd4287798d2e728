"""A scale with words on every point, from positive to negative."""

from __future__ import annotations

from feedback_app.questions.single import Single


class Scale(Single):
    """Radio buttons in a fixed order."""

    name = "scale"
    keys = frozenset({"choices", "required"})
