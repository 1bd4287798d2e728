"""What is kept of an unfinished survey, what is sent, and what is forgotten; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Date, DateTime, Time, select, text, update
from sqlalchemy.exc import OperationalError

from feedback_app.core.errors import Refused
from feedback_app.core.sealing import CannotOpen, open_sealed
from feedback_app.core.tokens import receipt_hash
from feedback_app.services import collecting
from feedback_app.services.collecting import Sent
from feedback_app.storage.models import AnswerText, CollectionCount, Draft, Response
from tests.factories import NOON, Copy
from tests.integration.answering import Answering, counts

Copies = Callable[..., Copy]
WORDS = "Canary: the stairs by the gym, میرا اسکول"


def test_a_person_begins_with_an_empty_draft_and_is_counted(on_both: Copies) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin()
    Answering(copy, "text").begin()

    assert person.visit.content.answers == {}
    assert counts(copy) == {"draft": 2, "response": 0, "answer_text": 0, "started": 2}


def test_what_is_kept_is_found_again_by_this_session_alone(on_both: Copies) -> None:
    copy = on_both("text", "paragraph")
    person = Answering(copy, "text").begin().keep(Q1="one").keep(Q2="two")

    assert person.visit.content.answers == {"Q1": "one", "Q2": "two"}
    assert Answering(copy, "text", token="somebody else").find() is None
    assert Answering(copy, "paragraph", token=person.token).find() is None


def test_a_draft_cannot_be_read_without_the_cookie(on_both: Copies) -> None:
    copy = on_both("paragraph")
    person = Answering(copy, "paragraph").begin().keep(Q1=WORDS)
    with copy.session() as session:
        row = session.execute(select(Draft)).scalar_one()

    everything = b"|".join(str(value).encode() for value in vars(row).values()) + row.locked
    long = [word for word in WORDS.split() if len(word) > 4]  # two letters stand in any random bytes now and then
    assert long
    for told in (*long, '"Q1"', "2026-11-25T12:00", person.token):
        assert told.encode() not in everything


def test_a_draft_moved_to_another_row_does_not_open(on_both: Copies) -> None:
    copy = on_both("text")
    mine, other = Answering(copy, "text").begin().keep(Q1="mine"), Answering(copy, "text").begin()
    with copy.session() as session, session.begin():
        locked = session.scalar(select(Draft.locked).where(Draft.id == mine.respondent.draft_id))
        session.execute(update(Draft).where(Draft.id == other.respondent.draft_id).values(locked=locked))

    assert other.find() is None
    assert mine.visit.content.answers == {"Q1": "mine"}


@pytest.mark.parametrize(
    ("hours", "after", "found"),
    [
        (24, timedelta(hours=24), True),
        (24, timedelta(hours=24, minutes=1), False),
        (2, timedelta(hours=2), True),
        (2, timedelta(hours=2, minutes=1), False),
    ],
)
def test_a_draft_ends_after_its_hours(copy: Copies, hours: int, after: timedelta, found: bool) -> None:
    person = Answering(copy("text"), "text").begin()

    assert (person.find(NOON + after, hours) is not None) is found


@pytest.mark.parametrize(("days", "left"), [(0, 2), (1, 2), (2, 1)])
def test_drafts_that_ended_are_cleared_away_when_somebody_begins(on_both: Copies, days: int, left: int) -> None:
    copy = on_both("text")
    Answering(copy, "text").begin()
    Answering(copy, "text").begin(NOON + timedelta(days=days))

    assert counts(copy)["draft"] == left


def test_saying_no_is_counted_and_nothing_else_is_kept(on_both: Copies) -> None:
    copy = on_both("consent")
    visit = Answering(copy, "consent").begin().visit
    for _ in range(2):  # pressed twice, it is one no
        with copy.session() as session, session.begin():
            collecting.decline(session, visit)

    assert counts(copy) == {"draft": 0, "response": 0, "answer_text": 0, "started": 1, "declined": 1}


def test_leaving_forgets_every_unfinished_survey_of_this_person_and_of_nobody_else(on_both: Copies) -> None:
    copy = on_both("text", "paragraph")
    person, other = Answering(copy, "text").begin(), Answering(copy, "text").begin()
    with copy.session() as session, session.begin():
        draft = session.get(Draft, other.respondent.draft_id)
        assert draft
        elsewhere = Answering(copy, "paragraph", token=person.token).respondent.draft_id
        values = {c.name: getattr(draft, c.name) for c in Draft.__table__.columns}
        session.add(Draft(**values | {"id": elsewhere, "collection_id": "paragraph"}))
    assert counts(copy)["draft"] == 3

    with copy.session() as session, session.begin():
        collecting.leave_all(session, copy.keys, person.token)

    assert counts(copy)["draft"] == 1
    assert other.find() is not None


def test_closed_answers_are_one_document_and_words_are_sealed_rows(on_both: Copies) -> None:
    copy = on_both("single")
    person = Answering(copy, "single").begin().keep(Q1="oth", Q1__other=WORDS).keep(Q2="yes").send()

    response = person.response
    assert response
    assert response.answers == {"Q1": "oth", "Q2": "yes"}
    assert person.texts == {"Q1.other": WORDS}
    assert counts(copy) == {"draft": 0, "response": 1, "answer_text": 1, "started": 1}
    with copy.session() as session:
        sealed = session.scalars(select(AnswerText.sealed)).one()
    assert not [word for word in WORDS.split() if word.encode() in sealed]


def test_a_sealed_text_moved_to_another_row_or_field_does_not_open(on_both: Copies) -> None:
    copy = on_both("paragraph")
    first = Answering(copy, "paragraph").begin().keep(Q1=WORDS).send()
    second = Answering(copy, "paragraph").begin().keep(Q1="other", Q2="more").send()
    key = copy.keys.private[copy.keys.key_id]
    with copy.session() as session:
        sealed = session.scalars(
            select(AnswerText.sealed).where(AnswerText.response_id == first.respondent.response_id)
        ).one()

    for response, field in ((second.respondent.response_id, "Q1"), (first.respondent.response_id, "Q2")):
        with pytest.raises(CannotOpen):
            open_sealed(key, sealed, collecting.place(response, field, copy.keys.key_id))
    assert open_sealed(key, sealed, collecting.place(first.respondent.response_id, "Q1", copy.keys.key_id)) == WORDS


def test_a_blank_is_stored_and_what_was_never_asked_is_not(on_both: Copies) -> None:
    person = Answering(on_both("routing"), "routing").begin().keep(Q1="pns", Q2="").send()

    response = person.response
    assert response
    assert response.answers == {"Q1": "pns", "Q2": ""}


@pytest.mark.parametrize(
    ("survey", "answers", "skipped", "stored"),
    [
        ("routing", {"Q3": WORDS, "Q4": "yes", "Q1": "no"}, "", {"Q1": "no"}),  # on pages since left
        ("skip_part", {"Q1": "", "Q2": WORDS, "Q3": "me"}, "two", {"Q1": ""}),  # in a part passed over
        ("piping", {"nickname": WORDS, "Q1": ["chess"]}, "", {"Q1": ["chess"]}),  # kept for naming alone
        ("multi", {"Q1": [], "Q1.other": ""}, "", {"Q1": []}),
        ("rank", {"Q1": ["tea", "time"]}, "", {"Q1": ["tea", "time"]}),
        ("grid", {"G1.street": "pns", "G1.park": ""}, "", {"G1.street": "pns", "G1.park": ""}),
    ],
)
def test_only_the_answers_that_count_are_sent(
    copy: Copies, survey: str, answers: dict[str, str], skipped: str, stored: dict[str, str]
) -> None:
    person = Answering(copy(survey), survey.replace("_", "-")).begin().keep(**answers)
    if skipped:
        person.skip(skipped)
    person.send()

    response = person.response
    assert response
    assert response.answers == stored
    assert person.texts == {}


def test_each_answer_keeps_its_language(on_both: Copies) -> None:
    copy = on_both("paragraph")
    person = Answering(copy, "paragraph").begin().keep("ur", Q1=WORDS).keep("en", Q2="").send()

    response = person.response
    assert response
    assert (response.language, response.languages) == ("en", {})
    with copy.session() as session:
        assert session.execute(select(AnswerText.field, AnswerText.language)).all() == [("Q1", "ur")]

    other = Answering(on_both("scale"), "scale").begin().keep("ur", Q1="3").keep("en", Q2="").send().response
    assert other
    assert other.languages == {"Q1": "ur"}


def test_the_receipt_is_stored_as_a_keyed_hash_alone(on_both: Copies) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin().send()

    assert person.response
    assert person.response.receipt_hash == receipt_hash(copy.keys.server, person.respondent.receipt)
    with copy.session() as session:
        everything = repr([tuple(row) for row in session.execute(select(Response.__table__))])
    assert not [glue for glue in (" ", "-", "', '", "") if glue.join(person.respondent.receipt) in everything]


def test_a_response_has_a_date_and_no_time_and_does_not_tell_the_order_of_its_coming(on_both: Copies) -> None:
    copy = on_both("paragraph")
    person = Answering(copy, "paragraph").begin().keep(Q1="x").send()

    assert person.response
    assert person.response.received_on == date(2026, 11, 25)
    for table in (Response, AnswerText, Draft, CollectionCount):
        kinds = {type(column.type) for column in table.__table__.columns}
        assert not kinds & {DateTime, Time}
        assert Date in kinds or table not in (Response, Draft)
    with copy.session() as session:
        if session.get_bind().dialect.name == "sqlite":
            for table in ("response", "answer_text"):
                with pytest.raises(OperationalError, match="no such column: rowid"):
                    session.execute(text(f"SELECT rowid FROM {table}"))  # noqa: S608 - our own names


def test_an_answer_after_sending_is_refused(on_both: Copies) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin().keep(Q1="first")
    late = person.visit
    person.send()

    with copy.session() as session, session.begin(), pytest.raises(Sent):
        collecting.keep(session, late, "first", "Q1", {"Q1": "second"}, "en")
    assert person.texts == {"Q1": "first"}


def test_answers_that_changed_while_they_were_checked_are_not_sent_unseen(on_both: Copies) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin().keep(Q1="first")
    seen = person.visit
    person.keep(Q1="second")

    with pytest.raises(Refused):
        person.send(seen)
    assert person.response is None
    assert person.send().texts == {"Q1": "second"}


def test_sending_twice_is_sending_once(on_both: Copies) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin().keep(Q1="first")
    seen = person.visit

    person.send(seen).send(seen)

    assert counts(copy)["response"] == 1
    assert person.texts == {"Q1": "first"}


def test_two_tabs_that_write_one_after_the_other_lose_nothing(on_both: Copies) -> None:
    copy = on_both("text")
    person = Answering(copy, "text").begin()
    one, two = person.visit, person.visit
    for visit, answers in ((one, {"Q1": "one"}), (two, {"Q2": "two"}), (one, {"Q1": "one again"})):
        with copy.session() as session, session.begin():
            collecting.keep(session, visit, "first", "", dict(answers), "en")

    assert person.visit.content.answers == {"Q1": "one again", "Q2": "two"}
