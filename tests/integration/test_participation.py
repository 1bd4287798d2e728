"""How many take part: rounded, small numbers hidden, shares only of enough people; on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete
from sqlalchemy.orm import Session

from analysis.disclosure import Rule
from feedback_app.services import participation
from feedback_app.services.collections import Held
from feedback_app.services.openings import Number
from feedback_app.storage.models import CollectionCount, Response
from tests.factories import Copy
from tests.openings import TODAY, Office

Both = Callable[..., Copy]


def answered(session: Session, one: Held, **languages: int) -> None:
    """So many answers in each language, and as many people who started."""
    number = 0
    for language, many in languages.items():
        for _ in range(many):
            ident = {"id": f"{number:032}", "collection_id": one.id, "version_hash": one.version_hash}
            session.add(Response(**ident, language=language, received_on=TODAY, answers={}, languages={}))
            number += 1
    session.merge(CollectionCount(collection_id=one.id, kind="started", number=number))
    session.flush()


def test_counts_of_a_place_are_rounded_and_small_ones_hidden(on_both: Both) -> None:
    office, rule = Office(on_both("sensitive")), Rule()
    numbers = {"eligible": Number(62, "us", TODAY), "invited": Number(31, "us", TODAY)}
    one, few = office.open("sensitive", office.place(), numbers=numbers), office.open("sensitive", event="A few")
    with office.session() as session:
        answered(session, one, en=24, ur=13, ar=4)
        session.add(CollectionCount(collection_id=few.id, kind="started", number=9))
        session.flush()
        taking = participation.taking_part(session, [one.id, few.id], rule)
        spread = participation.by_language(session, one.id, rule, TODAY)
        assert participation.by_language(session, few.id, rule, TODAY) == {}
        session.execute(delete(Response).where(Response.language != "en"))
        assert participation.by_language(session, one.id, rule, TODAY) == {}
    mine, other = taking[one.id], taking[few.id]
    assert (mine.received, mine.started, mine.declined) == (40, 40, None)
    assert (other.received, other.started, other.declined) == (None, None, None)
    assert (mine.rates, mine.wrong) == ({"eligible": 67}, {"invited"})  # 40 of 60; and 40 of 30, which cannot be
    assert {code: figure.count for code, figure in spread.items()} == {"en": 25, "ur": 15, "ar": None}


def test_no_share_is_taken_of_fewer_than_thirty_people(copy: Both) -> None:
    office = Office(copy("sensitive"))
    one = office.open("sensitive", office.place(), numbers={"present": Number(26, "Ms Oak", TODAY)})
    with office.session() as session:
        answered(session, one, en=20)
        mine = participation.taking_part(session, [one.id], Rule())[one.id]
    assert (mine.received, mine.rates, mine.wrong) == (20, {}, frozenset())
