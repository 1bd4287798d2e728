"""The jobs themselves, by name. Each does one thing at a time and may be stopped between two: run again, it goes on.

A job yields how far it has come after each step, and what it did is committed there. It returns what to tell staff.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from sqlalchemy.orm import Session

from feedback_app.jobs.bench import BY, Bench
from feedback_app.services import alerts, area_settings, bundles, kept_reports, mail, retention, withdrawal
from feedback_app.services import follow_ups as letters_due
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.reading import read_new

Step = tuple[int, int]  # how many are done, of how many
Work = Generator[Step, None, str]
NOTHING = "There was nothing to do."


def letters(bench: Bench, session: Session) -> Work:
    """Send what is due, each letter in a transaction of its own. When the server is not there, the others wait."""
    post, waiting = mail.post_of(bench.settings), mail.due(session, bench.clock.now())
    sent = troubled = 0
    for number, cause in enumerate(waiting, 1):
        became = mail.send(session, bench.keys.server, post, cause, bench.settings.mail_from, now=bench.clock.now())
        sent += became == "sent"
        troubled += became in ("refused", "no server")
        yield number, len(waiting)
        if became == "no server":
            return f"Sent {sent} of {len(waiting)} letters. The mail server took no more; they are tried again."
    if not waiting:
        return NOTHING
    return f"Sent {sent} of {len(waiting)} letters." + (f" {troubled} are tried again later." if troubled else "")


def take_in(bench: Bench, session: Session) -> Work:
    """Store what outreach tablets sealed. What could not be stored before waits for something new, or for a person."""
    yield 0, 0
    if not bundles.fresh(session):
        return NOTHING
    taken = bundles.take_in(session, bench.keys, bench.screens, bench.editions, by=BY, now=bench.clock.now())
    return f"Stored the answers of {taken.stored}; {taken.said_no} said no; {taken.troubled} could not be stored."


def comments(bench: Bench, session: Session) -> Work:
    """Read the comments that are new."""
    last = None
    for last in read_new(session, bench.keys, bench.editions, bench.settings, by=BY, clock=bench.clock):
        yield last.done, last.total
    return f"Read {last.total} comments and suggested {last.suggested} codes." if last and last.total else NOTHING


def follow_ups(bench: Bench, session: Session) -> Work:
    """Write the letters to people who took a course; the job that sends letters sends them."""
    yield 0, 0
    now, today, area = bench.clock.now(), bench.clock.today(), area_settings.over(session, bench.area)
    address = bench.settings.address
    written = letters_due.write_due(
        session, bench.keys.server, now, today=today, address=address, area=area.short_name
    ).letters
    return f"Wrote {written} {'letter' if written == 1 else 'letters'}." if written else NOTHING


def reports(bench: Bench, session: Session) -> Work:
    """Make the reports that somebody waits for, each in a transaction of its own."""
    yield 0, 0
    books, asked = load_codebooks(bench.settings.surveys), kept_reports.wanted(session)
    for number, period in enumerate(asked, 1):
        today, now = bench.clock.today(), bench.clock.now()
        kept_reports.keep(session, bench.area, books, period, today=today, now=now, by=BY)
        yield number, len(asked)
    return f"Made {len(asked)} {'report' if len(asked) == 1 else 'reports'}." if asked else NOTHING


def clearing(bench: Bench, session: Session) -> Work:
    """Delete what is over."""
    yield 0, 0
    outbox = bench.settings.instance / "outbox"
    done = retention.clear(session, outbox, now=bench.clock.now(), today=bench.clock.today(), by=BY)
    if done == retention.Cleared():
        return "There was nothing else to delete than unfinished surveys."
    many = {
        "old letters": done.letters + done.files,
        "addresses for follow-ups": done.contacts,
        "invitations": done.invitations,
        "marks of tablets": done.bundles,
        "people's own words, a year after the report": done.texts,
    }
    return "Deleted: " + ", ".join(f"{what} ({number})" for what, number in many.items() if number) + "."


def outside(bench: Bench, session: Session) -> Work:
    """Note outside the database what people erased."""
    yield 0, 0
    erased = withdrawal.bring_together(session, bench.settings.instance)
    return f"Noted {erased} that were erased." if erased else NOTHING


def tell(bench: Bench, session: Session) -> Work:
    """Write the letters that say that a text waits; the job that sends letters sends them at once."""
    yield 0, 0
    office = alerts.Office(bench.keys.server, bench.settings.staff_address)
    told = alerts.write_due(session, office, bench.clock.now())
    if told.nobody:
        return "A text waits and nobody can be told: no lead and no administrator has an e-mail address."
    return f"Wrote {told.letters} {'letter' if told.letters == 1 else 'letters'}." if told.letters else NOTHING


WORKS: dict[str, Callable[[Bench, Session], Work]] = {
    "alerts": tell,
    "letters": letters,
    "bundles": take_in,
    "comments": comments,
    "follow-ups": follow_ups,
    "reports": reports,
    "clearing": clearing,
    "outside": outside,
}
