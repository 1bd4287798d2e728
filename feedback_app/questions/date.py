"""Ask for a day in three small boxes: day, month and year, as people write them. Stored as `2026-03-27`."""

from __future__ import annotations

from feedback_app.questions.year_month import YearMonth


class Date(YearMonth):
    """Three small boxes. No calendar to find one's way in: a remembered date is written faster than it is found."""

    name = "date"
    boxes = ("day", "month", "year")
