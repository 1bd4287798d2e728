"""Staff accounts: made once, with a password that is long enough and never stored; the same on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from feedback_app.core.errors import FeedbackError
from feedback_app.services import accounts
from feedback_app.storage.models import AuditEvent, Staff
from tests.factories import NOON, Copy

Copies = Callable[..., Copy]
PASSWORD = "correct-horse-battery"
WRONG = [
    ("Åsa", PASSWORD + "x"),
    ("Åsa", PASSWORD.upper()),
    ("Åsa", ""),
    ("åsa", PASSWORD),
    ("Asa", PASSWORD),
    ("nobody", PASSWORD),
    ("", ""),
    ("%", PASSWORD),
    ("' OR '1'='1", PASSWORD),
    ("Åsa\0", PASSWORD),
    ("Åsa", PASSWORD + "\0"),
    ("x" * 5000, "y" * 5000),
]


def with_one_account(copy: Copy) -> Copy:
    with copy.session() as session, session.begin():
        accounts.add(session, "Åsa", PASSWORD, {"analyst"}, by="admin", now=NOON)
    return copy


@pytest.fixture
def made(copy: Copies) -> Copy:
    """A copy with one account."""
    return with_one_account(copy("text"))


def sign_in(copy: Copy, name: str, password: str) -> str:
    """The roles of who signs in, or nothing."""
    with copy.session() as session, session.begin():
        staff = accounts.sign_in(session, name, password, now=NOON)
        return " ".join(sorted(staff.roles)) if staff else ""


def events(copy: Copy) -> list[tuple[str, str, str]]:
    with copy.session() as session:
        found = session.scalars(
            select(AuditEvent).where(AuditEvent.action.startswith("staff.")).order_by(AuditEvent.number)
        )
        return [(event.actor, event.action, event.subject) for event in found]


def test_the_right_name_and_password_sign_in_and_nothing_else_does(on_both: Copies) -> None:
    made = with_one_account(on_both("text"))

    assert sign_in(made, "Åsa", PASSWORD) == "analyst"
    assert [pair for pair in WRONG if sign_in(made, *pair)] == []


def test_the_password_is_not_stored(made: Copy) -> None:
    with made.session() as session:
        staff = session.scalars(select(Staff)).one()

    assert staff.password_hash.startswith("$argon2id$")
    assert PASSWORD not in repr(vars(staff))


def test_two_accounts_with_one_password_have_nothing_in_common(made: Copy) -> None:
    with made.session() as session, session.begin():
        accounts.add(session, "Bo", PASSWORD, {"coder"}, by="admin", now=NOON)
        first, second = session.scalars(select(Staff).order_by(Staff.id)).all()
        assert first.password_hash != second.password_hash
        assert first.session_mark != second.session_mark


def test_a_short_password_is_refused(made: Copy) -> None:
    with made.session() as session, pytest.raises(FeedbackError, match="Use 12 letters or more"):
        accounts.add(session, "Bo", "elevenchars", {"coder"}, by="admin", now=NOON)


def test_a_name_is_taken_once(made: Copy) -> None:
    with made.session() as session, pytest.raises(FeedbackError, match='There is an account "Åsa" already'):
        accounts.add(session, "Åsa", "another-password", {"coder"}, by="admin", now=NOON)


def test_the_first_account_is_made_once(copy: Copies) -> None:
    made = copy("text")
    with made.session() as session, session.begin():
        password = accounts.first_account(session, now=NOON)
    with made.session() as session, session.begin():
        assert accounts.first_account(session, now=NOON) == ""

    assert sign_in(made, "admin", password) == "administrator analyst coder course-organiser"


def test_every_sign_in_is_in_the_log_and_a_wrong_name_is_not(made: Copy) -> None:
    sign_in(made, "Åsa", PASSWORD)
    sign_in(made, "Åsa", "wrong")
    sign_in(made, "my-password-in-the-wrong-box", "x")

    assert events(made) == [
        ("admin", "staff.add", "Åsa"),
        ("Åsa", "staff.sign_in", "Åsa"),
        ("a stranger", "staff.sign_in_refused", ""),
        ("a stranger", "staff.sign_in_refused", ""),
    ]
