"""You said, we did: written, changed by two people, published and withdrawn; each act audited, and no word of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.services import actions, audit
from feedback_app.services.actions import LONGEST, Changed, Draft, Kept
from feedback_app.storage.models import AuditEvent
from tests.factories import NOON, Copy

TODAY = NOON.date()
WHO: dict[str, Any] = {"by": "Ann", "now": NOON, "today": TODAY}
LIGHTS = Draft({"en": "It is dark by the bus stop"}, {"en": "There are lights now"}, {}, "done")


@pytest.fixture
def session(on_both: Callable[..., Copy]) -> Iterator[Session]:
    with on_both("text").session() as session:
        yield session
        session.rollback()


def write(session: Session, draft: Draft = LIGHTS, *, public: bool = True) -> Kept:
    kept = actions.write(session, draft, **WHO)
    return actions.publish(session, kept.id, kept.revision, **WHO) if public else kept


def shown(session: Session, language: str = "en") -> list[tuple[str, str]]:
    """Everything on the public page: each state with what people said."""
    groups = actions.by_state(actions.published(session), language)
    return [(group.state, action.said) for group in groups for action in group.actions]


def test_only_what_is_published_is_shown(session: Session) -> None:
    kept = write(session, public=False)
    assert shown(session) == []
    assert actions.by_state(actions.page(session).actions, "en") == []  # whoever hands it an unpublished one

    public = actions.publish(session, kept.id, kept.revision, **WHO)
    assert public.published_on == TODAY
    assert shown(session) == [("done", "It is dark by the bus stop")]

    actions.withdraw(session, kept.id, public.revision, **WHO)
    assert shown(session) == []
    assert [one.said for one in actions.page(session).actions] == [LIGHTS.said]


def test_states_stand_in_their_order_and_the_newest_first(session: Session) -> None:
    for words, state in (("a", "planned"), ("b", "not-possible"), ("c", "done"), ("d", "doing"), ("e", "done")):
        write(session, Draft({"en": words}, {"en": "Yes"}, {"en": "No"}, state))

    assert shown(session) == [("done", "e"), ("done", "c"), ("doing", "d"), ("planned", "a"), ("not-possible", "b")]


def test_what_cannot_be_done_is_shown_with_its_reason(session: Session) -> None:
    write(session, Draft({"en": "Buses"}, {"en": "Nothing"}, {"en": "There is no money"}, "not-possible"))

    (group,) = actions.by_state(actions.published(session), "en")
    assert group.actions[0].answer == "There is no money"


def test_words_are_the_readers_where_they_are_whole_and_english_where_not(session: Session) -> None:
    said = {code: f"said {code}" for code in ("en", "ur", "pl", "sk")}
    write(session, Draft(said, {"en": "did en", "ur": "did ur", "sk": "did sk"}, {}, "done"))

    # Carpathian Romani turns to Slovak before English.
    for language, there in {"en": "en", "ur": "ur", "pl": "en", "sk": "sk", "rmc": "sk"}.items():
        (group,) = actions.by_state(actions.published(session), language)
        (action,) = group.actions
        assert (action.language, action.said, action.answer) == (there, f"said {there}", f"did {there}")
    assert actions.page(session).actions[0].begun == ["pl"]


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(session: Session) -> None:
    kept = write(session, public=False)
    actions.change(session, kept.id, kept.revision, Draft({"en": "Mine"}, {"en": "x"}, {}, "done"), **WHO)

    late = WHO | {"by": "Bea"}
    with pytest.raises(Changed, match="Ann changed this"):
        actions.change(session, kept.id, kept.revision, Draft({"en": "Late"}, {"en": "y"}, {}, "done"), **late)
    with pytest.raises(Changed):
        actions.publish(session, kept.id, kept.revision, **late)
    with pytest.raises(Changed):
        actions.withdraw(session, kept.id, kept.revision, **late)

    held = actions.find(session, kept.id)
    assert held is not None
    assert (held.said, held.written_by, held.revision, held.published_on) == ({"en": "Mine"}, "Ann", 2, None)


def test_a_change_of_a_published_one_keeps_its_day_and_shows(session: Session) -> None:
    kept = write(session)
    changed = actions.change(session, kept.id, kept.revision, Draft({"en": "New"}, {"en": "x"}, {}, "doing"), **WHO)

    assert changed.published_on == TODAY
    assert shown(session) == [("doing", "New")]


REFUSED = (
    (Draft({}, {"en": "x"}, {}, "done"), "Write what people said, in English."),
    (Draft({"ur": "x"}, {"en": "x"}, {}, "done"), "Write what people said, in English."),
    (Draft({"en": "x"}, {}, {}, "planned"), "Write what was done or will be done, in English."),
    (Draft({"en": "x"}, {"en": "x"}, {}, "not-possible"), "Write why it is not possible, in English."),
    (Draft({"en": "x"}, {"en": "x"}, {}, ""), "Choose how far it has come."),
    (Draft({"en": "x"}, {"en": "x"}, {}, "soon"), "Choose how far it has come."),
    (Draft({"en": "x", "xx": "x"}, {"en": "x"}, {}, "done"), 'There is no language "xx".'),
    (Draft({"en": "x" * (LONGEST + 2)}, {"en": "x"}, {}, "done"), "One text in English is 2 letters too long."),
    (Draft({"en": "x"}, {"en": "x"}, {}, "done", "nothing"), "There is no such survey. Choose one of the list."),
)


def test_what_is_not_whole_is_refused_and_not_kept(session: Session) -> None:
    kept = write(session, public=False)

    for draft, said in REFUSED:
        with pytest.raises(FeedbackError) as new:
            actions.write(session, draft, **WHO)
        with pytest.raises(FeedbackError) as again:
            actions.change(session, kept.id, kept.revision, draft, **WHO)
        assert (str(new.value), str(again.value)) == (said, said)
    assert [one.said for one in actions.page(session).actions] == [LIGHTS.said]


def test_the_longest_text_is_kept_and_so_is_the_survey_it_came_from(session: Session) -> None:
    draft = Draft({"en": "ن" * LONGEST}, {"en": "x"}, {}, "done", "text")

    kept = actions.write(session, draft, **WHO)
    assert (kept.said, kept.collection_id) == ({"en": "ن" * LONGEST}, "text")


def test_one_that_is_gone_is_told(session: Session) -> None:
    assert actions.find(session, 404) is None
    with pytest.raises(FeedbackError, match="not here any more"):
        actions.publish(session, 404, 1, **WHO)


def test_each_act_is_in_the_audit_log_without_its_words(session: Session) -> None:
    kept = write(session)
    kept = actions.change(session, kept.id, kept.revision, LIGHTS, **WHO)
    actions.withdraw(session, kept.id, kept.revision, **WHO)

    events = [event for event in session.scalars(select(AuditEvent)) if event.action.startswith("action.")]
    acts = [(event.action, event.actor, event.subject) for event in events]
    assert acts == [(f"action.{act}", "Ann", str(kept.id)) for act in ("write", "publish", "change", "withdraw")]
    assert "dark" not in str([event.detail for event in events])
    assert audit.verify(session) >= 4
