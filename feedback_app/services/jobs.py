"""The work that runs by itself: what there is, when each is due, how its last run went. Does no work itself.

The state is in the database, so that the staff pages see it, a worker that was off makes up for it, and "Run now" needs
no way to the worker. Nothing that is kept here holds a word or a name of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.services import audit
from feedback_app.storage.db import changed, dialect_of
from feedback_app.storage.models import JobRun, Worker, table_of

RUN, WORKER = table_of(JobRun), table_of(Worker)
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
FORGOTTEN = timedelta(days=1)  # a worker that was not seen for so long is no more
SILENT = timedelta(minutes=2)  # a worker shows itself every half minute
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work: what a page calls it, what it does in plain words, and how often."""

    title: str
    does: str
    every: timedelta


JOBS: dict[str, Job] = {
    "alerts": Job(
        "Tell the safeguarding lead",
        "Writes an e-mail when a text came in that may be about a child in danger, and to more people when nobody says "
        "that they have seen it. An e-mail has a number and a link, and never a word of the text.",
        timedelta(seconds=15),
    ),
    "letters": Job(
        "Send letters",
        "Sends the e-mails that are due. When the mail server is down they wait, and each is sent once it is back.",
        timedelta(minutes=1),
    ),
    "bundles": Job(
        "Take in answers from tablets",
        "Opens what outreach tablets sealed while they had no network, checks it, and stores it as answers.",
        timedelta(minutes=5),
    ),
    "comments": Job(
        "Read new comments",
        "Puts new comments in order for you: their language, their tone, and codes that may fit. People decide.",
        timedelta(minutes=5),
    ),
    "follow-ups": Job(
        "Write follow-up letters",
        "Writes to people who took a course and asked for a letter, on the days that were set. Nobody gets one twice.",
        timedelta(hours=1),
    ),
    "reports": Job(
        "Make reports",
        "Counts the answers of a long time when somebody asks for the report of it, and keeps the report to be read.",
        timedelta(hours=1),
    ),
    "clearing": Job(
        "Clear away what is over",
        "Deletes what was promised to be deleted: surveys that nobody finished within a day, addresses for follow-ups "
        "30 days after their last letter, invitations 30 days after they ended, the marks of tablets' answers 30 days "
        "after their class, and people's own words twelve months after the report. Closed answers, codes and the audit "
        "log stay.",
        timedelta(hours=1),
    ),
    "outside": Job(
        "Note what must not be undone",
        "Writes beside the database which answers people erased, so that no backup brings them back.",
        timedelta(minutes=5),
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One job as a page shows it."""

    name: str
    job: Job
    state: str = WAITING
    asked: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    due_at: datetime | None = None
    done: int = 0
    total: int = 0
    said: str = ""
    tries: int = 0
    failed_at: datetime | None = None
    trouble: str = ""

    @property
    def seconds(self) -> float | None:
        """How long the last whole run took."""
        if self.started_at is None or self.finished_at is None or self.finished_at < self.started_at:
            return None
        return (self.finished_at - self.started_at).total_seconds()


def due(session: Session, now: datetime) -> list[str]:
    """The jobs that should run now. One that says it is running is among them: whoever ran it may be dead."""
    rows = {row.name: row for row in session.scalars(select(JobRun))}
    return [name for name, job in JOBS.items() if _is_due(rows.get(name), job, now)]


def asked(session: Session) -> list[str]:
    """The jobs that somebody wants to run at once."""
    return [name for name in session.scalars(select(JobRun.name).where(JobRun.asked_at.is_not(None))) if name in JOBS]


def begin(session: Session, name: str, now: datetime) -> bool:
    """Note that a job begins; False when it is not due any more. The caller holds the job's lock."""
    row = session.get(JobRun, name, populate_existing=True)
    if not _is_due(row, JOBS[name], now):
        return False
    _make(session, name, now)
    fresh = {"state": RUNNING, "asked_at": None, "started_at": now, "done": 0, "total": 0}
    session.execute(update(RUN).where(RUN.c.name == name).values(fresh))
    return True


def note(session: Session, name: str, done: int, total: int) -> None:
    """Note how far a job has come."""
    session.execute(update(RUN).where(RUN.c.name == name).values(done=done, total=total))


def finish(session: Session, name: str, said: str, now: datetime) -> None:
    """Note that a job went well, and what it did."""
    over = {"state": DONE, "finished_at": now, "due_at": now + JOBS[name].every, "tries": 0, "trouble": ""}
    session.execute(update(RUN).where(RUN.c.name == name).values(over | {"said": said[:LONGEST]}))


def fail(session: Session, name: str, trouble: str, now: datetime) -> None:
    """Note that a job failed; it is tried again after a minute, then after twice as long as before, up to an hour."""
    tries = (session.scalar(select(RUN.c.tries).where(RUN.c.name == name)) or 0) + 1
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
    over = {"state": FAILED, "finished_at": now, "failed_at": now, "due_at": now + wait, "tries": tries}
    session.execute(update(RUN).where(RUN.c.name == name).values(over | {"trouble": trouble[:LONGEST]}))


def ask(session: Session, name: str, *, by: str, now: datetime) -> None:
    """Let a job run as soon as a worker is free.

    Raises:
        FeedbackError: there is no such job.
    """
    if name not in JOBS:
        raise FeedbackError("There is no such work.")
    nudge(session, name, now)
    audit.record(session, by, "job.ask", name, now)


def nudge(session: Session, name: str, now: datetime) -> None:
    """Have a job run at the worker's next look, because another job left something for it."""
    _make(session, name, now)
    session.execute(update(RUN).where(RUN.c.name == name).values(asked_at=now))


def listed(session: Session) -> list[Line]:
    """Every job and how its last run went."""
    rows = {row.name: row for row in session.scalars(select(JobRun))}
    return [_line(name, job, rows.get(name)) for name, job in JOBS.items()]


def beat(session: Session, worker: str, now: datetime) -> None:
    """Show that a worker is there."""
    if not changed(session, update(WORKER).where(WORKER.c.id == worker).values(seen_at=now)):
        session.add(Worker(id=worker, seen_at=now))
        session.execute(delete(WORKER).where(WORKER.c.seen_at < now - FORGOTTEN))
    session.flush()


def last_seen(session: Session) -> datetime | None:
    """When any worker was last there."""
    seen = session.scalar(select(func.max(WORKER.c.seen_at)))
    return _utc(seen) if seen else None


def silent_minutes(session: Session, now: datetime) -> int | None:
    """For how many minutes no worker was seen; 0 while one is there, None when there never was one."""
    seen = last_seen(session)
    if seen is None:
        return None
    return int((now - seen).total_seconds() // 60) if now - seen > SILENT else 0


def _is_due(row: JobRun | None, job: Job, now: datetime) -> bool:
    if row is None or row.asked_at is not None or row.state == RUNNING:
        return True
    wait = _utc(row.due_at) - now
    # Due later than it can be: the machine's clock was wrong when this was written.
    return wait <= timedelta() or wait > max(job.every, LONGEST_WAIT)


def _make(session: Session, name: str, now: datetime) -> None:
    """Make the row of a job when it is not there yet; two may do it at once."""
    counted = dict.fromkeys(("done", "total", "tries"), 0)
    dialect = sqlite if dialect_of(session) == "sqlite" else postgresql
    empty = counted | {"name": name, "state": WAITING, "due_at": now, "said": "", "trouble": ""}
    session.execute(dialect.insert(RUN).values(empty).on_conflict_do_nothing(index_elements=["name"]))


def _line(name: str, job: Job, row: JobRun | None) -> Line:
    if row is None:
        return Line(name, job)
    times = {at: getattr(row, at) for at in ("started_at", "finished_at", "due_at", "failed_at")}
    return Line(
        name,
        job,
        row.state,
        row.asked_at is not None,
        done=row.done,
        total=row.total,
        said=row.said,
        tries=row.tries,
        trouble=row.trouble,
        **{at: _utc(moment) if moment else None for at, moment in times.items()},
    )


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite gives times back without their zone
