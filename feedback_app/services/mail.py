"""Write letters into the database, and send those that are due: over SMTP, or into a folder when no server is set.

A letter is kept in the transaction that caused it and sent later, so that a mail server that is down loses none, and
its cause is its key, so that none is written twice. A server that fails just after taking a letter may get it again:
mail knows no better, and the letter's Message-ID lets it tell.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.keys import ServerKey
from feedback_app.core.sealing import lock, unlock
from feedback_app.core.settings import Settings
from feedback_app.storage.models import Letter

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
SECONDS = 20


class Post(Protocol):
    """A way of sending."""

    def send(self, message: EmailMessage) -> None:
        """Send, or raise OSError or SMTPException."""


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


def send(session: Session, keys: ServerKey, post: Post, cause: str, sender: str, *, now: datetime) -> bool:
    """Send one letter and empty it; or note the trouble and wait twice as long as before.

    The caller commits after each: a letter that is sent must not be sent again because a later one failed.
    """
    letter = session.get(Letter, cause, with_for_update=True)
    if letter is None or letter.locked is None or letter.sent_at is not None:
        return False
    letter.tries += 1
    try:
        post.send(_message(keys, letter, sender))
    except (OSError, smtplib.SMTPException) as error:
        letter.trouble = type(error).__name__  # a server's own words may name the person
        letter.due_at = now + min(FIRST_WAIT * 2 ** min(letter.tries - 1, 10), LONGEST_WAIT)
        return False
    letter.sent_at, letter.locked, letter.trouble = now, None, ""
    return True


def stuck(session: Session) -> Iterator[Letter]:
    """Letters that were tried and have not gone."""
    yield from session.scalars(
        select(Letter).where(Letter.sent_at.is_(None), Letter.tries > 0).order_by(Letter.made_at)
    )


def _message(keys: ServerKey, letter: Letter, sender: str) -> EmailMessage:
    content = json.loads(unlock(_key(keys), letter.locked or b"", letter.id.encode()))
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, content["to"], content["subject"]
    message["Message-ID"] = f"<{keys.derive('letter', letter.id).hex()[:32]}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(content["body"])
    return message


def _key(keys: ServerKey) -> bytes:
    return keys.derive("letters")
