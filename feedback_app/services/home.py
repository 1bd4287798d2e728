"""Count what waits for a person: one cheap count each, and nothing about anybody. Knows no pages and no roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.orm import Session

from feedback_app.definitions.area import Area
from feedback_app.services import follow_ups as letters_due
from feedback_app.services import jobs, mail
from feedback_app.services.editions import CHILDREN
from feedback_app.storage.models import (
    Collection,
    Invitation,
    JobRun,
    PaperForm,
    Passkey,
    SealedBundle,
    Staff,
    SurveyVersion,
    table_of,
)
from feedback_app.storage.queries import coding as reads
from feedback_app.storage.queries import triage as queue

COLLECTION, VERSION, JOB = table_of(Collection), table_of(SurveyVersion), table_of(JobRun)
BUNDLE, FORM = table_of(SealedBundle), table_of(PaperForm)
STAFF, PASSKEY, INVITATION = table_of(Staff), table_of(Passkey), table_of(Invitation)
NAMED, LOOKED_AT = 5, 2_000  # how many collections are named, and from how many comments they are found
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


def comments(session: Session, today: date) -> int:
    """Comments that software has read and that nobody has decided about."""
    return reads.count_all_waiting(session)


def not_opened(session: Session, today: date) -> int:
    """What tablets sent and software could not open or store."""
    return _count(session, BUNDLE, BUNDLE.c.sealed.is_not(None), BUNDLE.c.trouble != "")


def bundles(session: Session, today: date) -> int:
    """What tablets sent and nobody has tried to take in."""
    return _count(session, BUNDLE, BUNDLE.c.sealed.is_not(None), BUNDLE.c.trouble == "")


def closing(session: Session, today: date) -> int:
    """Collections that are open and close within seven days."""
    soon = COLLECTION.c.closes_on.between(today, today + WEEK)
    return _count(session, COLLECTION, *_LIVE, COLLECTION.c.opens_on <= today, soon)


def opening(session: Session, today: date) -> int:
    """Collections that open today."""
    return _count(session, COLLECTION, *_LIVE, COLLECTION.c.opens_on == today)


def follow_ups(session: Session, today: date) -> int:
    """Course sessions whose follow-up opens within seven days."""
    return letters_due.count_due(session, today, WEEK)


def letters(session: Session, today: date) -> int:
    """Letters that were tried and have not gone."""
    return mail.count_stuck(session)


def failed(session: Session, today: date) -> int:
    """Jobs whose last run failed."""
    return _count(session, JOB, JOB.c.state == jobs.FAILED, JOB.c.name.in_(list(jobs.JOBS)))


def unsafe(session: Session, today: date) -> int:
    """Accounts that sign in with a password alone."""
    has_passkey = select(PASSKEY.c.id).where(PASSKEY.c.staff_id == STAFF.c.id).exists()
    one = (STAFF.c.disabled_on.is_(None), STAFF.c.password_hash != "", STAFF.c.totp_sealed.is_(None))
    return _count(session, STAFF, *one, ~has_passkey)


def paper(session: Session, today: date) -> int:
    """Paper forms whose two typings differ."""
    return _count(session, FORM, FORM.c.second_sealed.is_not(None), FORM.c.settled_on.is_(None))


def triage(session: Session, today: date) -> int:
    """Texts that the safeguarding lead has not read."""
    return queue.count_open(session)


def waiting(session: Session, today: date) -> int:
    """Surveys for children that wait until somebody opens them."""
    open_ = (COLLECTION.c.source == "survey", COLLECTION.c.closed_at.is_(None), COLLECTION.c.archived_on.is_(None))
    return _count(session, COLLECTION, *open_, COLLECTION.c.waits)


COUNTS: dict[str, Callable[[Session, date], int]] = {
    "triage": triage,
    "comments": comments,
    "not_opened": not_opened,
    "bundles": bundles,
    "closing": closing,
    "opening": opening,
    "waiting": waiting,
    "follow_ups": follow_ups,
    "letters": letters,
    "failed": failed,
    "unsafe": unsafe,
    "paper": paper,
}


def comments_in(session: Session) -> list[tuple[str, str]]:
    """Collections in which comments wait, by id and title, those with the most first."""
    found = [ident for ident, _ in reads.where_waiting(session, LOOKED_AT, NAMED)]
    return _titles(session, found)


def differing_in(session: Session) -> list[tuple[str, str]]:
    """Collections in which the typings of a paper form differ, by id and title."""
    differ = (FORM.c.second_sealed.is_not(None), FORM.c.settled_on.is_(None))
    found = session.scalars(select(FORM.c.collection_id).where(*differ).distinct().order_by(FORM.c.collection_id))
    return _titles(session, list(found)[:NAMED])


def asked_now(session: Session, today: date) -> list[str]:
    """The survey versions that people can answer today, by hash."""
    still = or_(COLLECTION.c.closes_on.is_(None), COLLECTION.c.closes_on >= today)
    open_ = select(COLLECTION.c.version_hash).where(*_LIVE, COLLECTION.c.opens_on <= today, still)
    return list(session.scalars(open_.distinct()))


def ageing(area: Area, today: date) -> int:
    """Signposts that children are shown and that are over six months old, or will be within thirty days."""
    shown = (one for one in area.signposts if not one.audiences or CHILDREN & set(one.audiences))
    return sum(1 for one in shown if one.too_old(today + MONTH))


def has_own_collection(session: Session) -> bool:
    """Whether anybody has opened a survey to somebody, beside the addresses that are there from the start."""
    own = select(COLLECTION.c.id).where(
        COLLECTION.c.source == "survey", COLLECTION.c.id.not_in(select(VERSION.c.survey))
    )
    return session.execute(own.limit(1)).first() is not None


def has_colleague(session: Session) -> bool:
    """Whether there is a second person, or one was invited."""
    if _count(session, STAFF, STAFF.c.disabled_on.is_(None)) > 1:
        return True
    return _count(session, INVITATION, INVITATION.c.used_on.is_(None)) > 0


_LIVE = (
    COLLECTION.c.source == "survey",
    COLLECTION.c.closed_at.is_(None),
    COLLECTION.c.archived_on.is_(None),
    ~COLLECTION.c.waits,
)


def _titles(session: Session, idents: list[str]) -> list[tuple[str, str]]:
    rows = session.execute(select(COLLECTION.c.id, COLLECTION.c.title).where(COLLECTION.c.id.in_(idents)))
    titles = {row[0]: row[1] for row in rows}
    return [(ident, titles[ident]) for ident in idents]


def _count(session: Session, table: Table, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0
