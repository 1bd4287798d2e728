"""An analyst takes a collection's closed answers away as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from feedback_app.core.errors import FeedbackError
from feedback_app.definitions.area import load_area
from feedback_app.services import exports
from feedback_app.services.editions import Editions
from tests.factories import Copy, Respondent


def _exported(copy: Copy, collection: str) -> list[dict[str, str]]:
    out = io.StringIO()
    editions = Editions(load_area(copy.settings.surveys, copy.settings.area))
    with copy.session() as session, session.begin():
        exports.export(session, editions, collection, out, by="test", now=copy.clock.now())
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_closed_answers_come_out_in_words_and_free_text_does_not(on_both: Callable[..., Copy]) -> None:
    copy = on_both("ten_questions")
    person = Respondent(copy.app(), "ten-questions").start()
    for number in range(1, 11):
        person.press(answer={1: "4", 2: "pns", 10: "=HYPERLINK(my words)"}.get(number, ""))
    person.send()
    (row,) = _exported(copy, "ten-questions")
    assert row["Q1: The session was relevant to my work."] == "Agree a bit"
    assert row["Q2: I took an active part."] == "Prefer not to say"
    assert row["Q3: Local examples helped me learn."] == "(left blank)"
    assert "my words" not in "".join(row.values())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@import", "\tx", "\rx"])
def test_a_cell_runs_nothing_in_a_spreadsheet(cell: str) -> None:
    assert exports.safe(cell) == f"'{cell}"


def test_an_unknown_collection_is_named_with_the_nearest(copy: Callable[..., Copy]) -> None:
    with pytest.raises(FeedbackError, match='Did you mean "ten-questions"'):
        _exported(copy("ten_questions"), "ten-question")
