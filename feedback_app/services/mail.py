"""Write letters into the database, and send those that are due: over SMTP, or into a folder when no server is set.

A letter is kept in the transaction that caused it and sent later, so that a mail server that is down loses none, and
its cause is its key, so that none is written twice. A server that fails just after taking a letter may get it again:
mail knows no better, and the letter's Message-ID lets it tell.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Literal, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import ServerKey
from feedback_app.core.sealing import lock, unlock
from feedback_app.core.settings import Settings
from feedback_app.storage.models import Letter

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
MOST_TRIES = 30 * 24  # about a month of hours; a server that is down is asked with one letter at a time
SECONDS = 20
TEST = "This letter shows that {area} can send e-mail. There is nothing to do.\n"

Sent = Literal["sent", "not needed", "refused", "no server"]
#: What went wrong, in words for staff. A server's own words may name the person, so they are never kept.
IN_WORDS = {
    "SMTPNotSupportedError": "The mail server does not offer what SMTP_SECURITY or the address asks for.",
    "SSLCertVerificationError": "The mail server's certificate is not one that this machine trusts.",
    "SSLError": "The mail server and this machine do not agree on encryption.",
    "SMTPAuthenticationError": "The mail server does not take SMTP_NAME and SMTP_PASSWORD.",
    "SMTPSenderRefused": "The mail server takes no letter from the address MAIL_FROM.",
    "SMTPRecipientsRefused": "The mail server does not take the address that the letter goes to.",
    "SMTPDataError": "The mail server does not take the letter.",
    "SMTPResponseException": "The mail server said no.",
    "SMTPServerDisconnected": "The mail server ended the connection.",
    "ConnectionRefusedError": "Nothing answers at SMTP_HOST and SMTP_PORT.",
    "TimeoutError": "The mail server does not answer.",
    "gaierror": "There is no mail server of the name SMTP_HOST.",
    "ValueError": "The address, the subject or the sender cannot be written in a letter.",
}
#: A letter's own trouble: the next one may go all the same. Any other trouble is the server's.
OF_THE_LETTER = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class Post(Protocol):
    """A way of sending."""

    def send(self, message: EmailMessage) -> None:
        """Send, or raise an OSError; those of smtplib are."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server of the settings."""

    host: str
    port: int
    security: str  # tls from the first word, starttls, or none on this machine alone
    name: str
    password: str

    def send(self, message: EmailMessage) -> None:
        """Hand a letter over."""
        safe = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=safe)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with server:
            if self.security == "starttls":
                server.starttls(context=safe)
            if self.name:
                server.login(self.name, self.password)
            server.send_message(message)


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder that takes letters as files: for trying the software, and for a copy without a mail server."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write a letter into the folder."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        (self.folder / f"{name}.eml").write_bytes(bytes(message))


def post_of(settings: Settings) -> Post:
    """The way of sending that the settings name."""
    if not settings.smtp_host:
        return Outbox(settings.instance / "outbox")
    return Smtp(
        settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_name, settings.smtp_password
    )


def write(
    session: Session,
    keys: ServerKey,
    cause: str,
    kind: str,
    *,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    due: datetime | None = None,
) -> bool:
    """Keep a letter, to be sent when it is due. Return False when the same cause wrote one before.

    Args:
        cause: what the letter is for, such as `invitation/3f2a`; the same cause is written to once.
    """
    if session.get(Letter, cause):
        return False
    content = json.dumps({"to": to, "subject": subject, "body": body}, ensure_ascii=False)
    session.add(
        Letter(
            id=cause,
            kind=kind,
            locked=lock(_key(keys), content.encode(), cause.encode()),
            made_at=now,
            due_at=due or now,
            tries=0,
            trouble="",
        )
    )
    session.flush()
    return True


def due(session: Session, now: datetime) -> list[str]:
    """The letters that wait to be sent now, the oldest first."""
    waiting = select(Letter.id).where(Letter.sent_at.is_(None), Letter.due_at <= now, Letter.locked.is_not(None))
    return list(session.scalars(waiting.order_by(Letter.due_at)))


def send(session: Session, keys: ServerKey, post: Post, cause: str, sender: str, *, now: datetime) -> Sent:
    """Send one letter and empty it; or note the trouble and wait twice as long as before. In the end it is given up.

    The caller commits after each: a letter that is sent must not be sent again because a later one failed.

    Returns:
        "refused" when the trouble is this letter's own, "no server" when another letter would fare no better.
    """
    letter = session.get(Letter, cause, populate_existing=True)
    if letter is None or letter.locked is None or letter.sent_at is not None:
        return "not needed"
    try:
        post.send(_message(keys, letter, sender, now))
    except (OSError, ValueError, FeedbackError) as error:  # what smtplib raises is an OSError
        letter.tries += 1
        letter.trouble = _kind(error)
        letter.due_at = now + min(FIRST_WAIT * 2 ** min(letter.tries - 1, 10), LONGEST_WAIT)
        if letter.tries >= MOST_TRIES:
            letter.locked = None  # nobody will take it, and an address is not kept for nothing
        own = isinstance(error, OF_THE_LETTER) or not isinstance(error, OSError)
        return "refused" if own else "no server"
    letter.tries += 1
    letter.sent_at, letter.locked, letter.trouble = now, None, ""
    return "sent"


def try_out(post: Post, sender: str, to: str, *, area: str, now: datetime) -> None:
    """Send a letter at once, to see whether it arrives.

    Raises:
        FeedbackError: it does not go, and why.
    """
    try:
        message = _written(sender, to, f"A test letter of {area}", TEST.format(area=area), now)
        message["Message-ID"] = f"<test-{now:%Y%m%d%H%M%S%f}@{_host(sender)}>"
        post.send(message)
    except (OSError, ValueError) as error:
        raise FeedbackError(f"The letter did not go. {in_words(_kind(error))}") from None


def stuck(session: Session) -> dict[str, int]:
    """How many letters were tried and have not gone, by what is wrong, in words; the most first."""
    found: Counter[str] = Counter()
    for trouble, number in session.execute(
        select(Letter.trouble, func.count()).where(*_STUCK).group_by(Letter.trouble)
    ):
        found[in_words(trouble)] += number
    return dict(found.most_common())


def count_stuck(session: Session) -> int:
    """How many letters were tried and have not gone."""
    return session.scalar(select(func.count()).select_from(Letter).where(*_STUCK)) or 0


_STUCK = (Letter.sent_at.is_(None), Letter.locked.is_not(None), Letter.tries > 0)


def in_words(trouble: str) -> str:
    """What the trouble of a letter means."""
    return IN_WORDS.get(trouble, f"The mail server did not take it ({trouble}).")


def _kind(error: Exception) -> str:
    """The name of an error, or of the nearest kind that there are words for."""
    return next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in IN_WORDS), type(error).__name__)


def _message(keys: ServerKey, letter: Letter, sender: str, now: datetime) -> EmailMessage:
    content = json.loads(unlock(_key(keys), letter.locked or b"", letter.id.encode()))
    message = _written(sender, content["to"], content["subject"], content["body"], now)
    message["Message-ID"] = f"<{keys.derive('letter', letter.id).hex()[:32]}@{_host(sender)}>"
    return message


def _written(sender: str, to: str, subject: str, body: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def _host(sender: str) -> str:
    return sender.rpartition("@")[2].strip("<> ") or "localhost"


def _key(keys: ServerKey) -> bytes:
    return keys.derive("letters")
