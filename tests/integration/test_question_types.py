"""What becomes of answers to the types beside those that pick from a list: exported, counted or not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from feedback_app.core.settings import PROJECT
from feedback_app.definitions.area import load_area
from feedback_app.services import exports, reporting
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.editions import Editions
from tests.factories import Copy, Respondent

PEOPLE = 5  # few, and still counted: whether a count may be shown is another matter


def answered(app: object, survey: str, *pages: dict[str, str], query: str = "") -> None:
    person = Respondent(app, survey)  # type: ignore[arg-type]
    if query:
        response = person.client.post(f"/en/{survey}", data={"in": query})
        person.open(response.headers["Location"])
    else:
        person.start()
    for page in pages:
        person.press(**page)
    assert person.send().at == "thank-you"


def editions(copy: Copy) -> Editions:
    return Editions(load_area(copy.settings.surveys, copy.settings.area))


def exported(copy: Copy, collection: str) -> dict[str, str]:
    out = io.StringIO()
    with copy.session() as session, session.begin():
        exports.export(session, editions(copy), collection, out, by="test", now=copy.clock.now())
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    return rows[0]


def test_every_type_is_exported_in_words(copy: Callable[..., Copy]) -> None:
    made = copy("pair-grid", "number", "date", "year-month", "place", "auto")
    app = made.app()
    answered(app, "pair-grid", {"first": "1", "second": ""}, {}, {})
    answered(app, "number", {"answer": "12"}, {"answer": ""})
    answered(app, "date", {"day": "7", "month": "3", "year": "2026"})
    answered(app, "year-month", {"instead": "ns"}, {})
    answered(app, "place", {"answer": "canal"}, {"answer": "pns"})
    answered(app, "auto", {}, query="group.blue")

    row = exported(made, "pair-grid")
    assert row["G1.spot.before: How sure are you that you can… see the signs (Before today)"] == "Not sure of myself"
    assert row["G1.spot.now: How sure are you that you can… see the signs (Now)"] == "(left blank)"
    row = exported(made, "number")
    assert row["Q1: How many children do you work with?"] == "12"
    assert row["Q2: How many years have you worked here?"] == "(left blank)"
    assert exported(made, "date")["Q1: On which day did you come?"] == "2026-03-07"
    row = exported(made, "year-month")
    assert row["Q1: When did the help begin?"] == "Not sure"
    row = exported(made, "place")
    assert row["Q1: In which part of town do you work?"] == "Canalside"
    assert row["Q2: Where did you work before?"] == "Prefer not to say"
    row = exported(made, "auto")
    assert (row["group: Group"], row["side: Side"]) == ("The blue group", "")


def test_both_answers_of_a_pair_are_counted_and_so_are_places_and_what_links_tell(copy: Callable[..., Copy]) -> None:
    made = copy("pair-grid", "number", "date", "place", "auto")
    app = made.app()
    for _ in range(PEOPLE):
        answered(app, "pair-grid", {"first": "1", "second": "3"}, {}, {})
        answered(app, "number", {"answer": "12"}, {"answer": "3"})
        answered(app, "date", {"day": "7", "month": "3", "year": "2026"})
        answered(app, "place", {"answer": "canal"}, {})
        answered(app, "auto", {}, query="group.blue")

    today = made.clock.today()
    books = load_codebooks(PROJECT / "surveys")  # a report names the needs and levels that they hold
    with made.session() as session:
        found = reporting.find(session, editions(made).area, editions(made), books, today, today, today)
    titles = {table.trace.id: table.trace.title for table in found.tables}

    assert titles["pair-grid/G1.spot.before"] == (
        "Answers to “How sure are you that you can… see the signs (Before today)”"
    )
    assert {"pair-grid/G1.spot.now", "place/Q1", "auto/group"} <= titles.keys()
    assert not [name for name in titles if name.startswith(("number/", "date/"))]  # exported, and not counted
