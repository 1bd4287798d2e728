"""The same scale for several rows, asked one row a screen: kinder on a phone, to a child and to a screen reader."""

from __future__ import annotations

from feedback_app.questions.scale import Scale


class Grid(Scale):
    """Radio buttons for each row."""

    name = "grid"
    keys = frozenset({"choices", "also", "rows"})
    needs = frozenset({"choices", "rows"})
