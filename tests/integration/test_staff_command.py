"""`feedback staff`, as a person types it: the real command, on a copy of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from feedback_app.cli.staff import staff
from feedback_app.core.settings import PROJECT
from feedback_app.services import accounts, audit
from feedback_app.storage.models import AuditEvent
from tests.factories import NOON, Copy


def settings_of(copy: Copy) -> dict[str, str]:
    """The settings of a copy, for a process of its own."""
    return os.environ | {name.upper(): str(value) for name, value in copy.settings if value != ""}


def feedback(copy: Copy, *words: str) -> tuple[int, str]:
    """Run the command; return how it ended and what it said."""
    command = [sys.executable, "-m", "feedback_app.cli", *words]
    done = subprocess.run(command, env=settings_of(copy), cwd=PROJECT, check=False, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def made(copy: Callable[..., Copy]) -> Copy:
    """A copy with its first account."""
    made = copy("text")
    with made.session() as session, session.begin():
        accounts.first_account(session, now=NOON)
    return made


def events(copy: Copy, begins: str) -> list[tuple[str, str, str]]:
    with copy.session() as session:
        found = session.scalars(
            select(AuditEvent).where(AuditEvent.action.startswith(begins)).order_by(AuditEvent.number)
        )
        return [(event.actor, event.action, event.subject) for event in found]


def may_sign_in(copy: Copy, name: str, password: str) -> frozenset[str]:
    with copy.session() as session, session.begin():
        member = accounts.sign_in(session, name, password, now=NOON)
        return member.roles if member else frozenset()


def test_somebody_comes_and_goes(made: Copy) -> None:
    code, said = feedback(
        made, "staff", "add", "Bo Example", "--role", "coder", "--role", "analyst", "--email", "Bo@c.example"
    )
    password = said.split()[-1]
    assert code == 0
    assert "Bo Example may sign in as: analyst, coder." in said
    assert may_sign_in(made, "bo@c.example", password) == {"coder", "analyst"}

    assert feedback(made, "staff", "roles", "Bo Example", "scrutineer") == (
        0,
        "Bo Example may sign in as: scrutineer.\n",
    )
    assert may_sign_in(made, "Bo Example", password) == {"scrutineer"}
    assert "Bo Example  scrutineer  no second step  bo@c.example" in feedback(made, "staff", "list")[1]

    assert feedback(made, "staff", "disable", "Bo Example") == (0, "Bo Example is kept out.\n")
    assert may_sign_in(made, "Bo Example", password) == frozenset()
    assert "Bo Example  scrutineer  kept out" in feedback(made, "staff", "list")[1]
    assert feedback(made, "staff", "enable", "Bo Example")[0] == 0

    code, said = feedback(made, "staff", "reset", "Bo Example")
    assert may_sign_in(made, "Bo Example", password) == frozenset()
    assert may_sign_in(made, "Bo Example", said.split()[-1]) == {"scrutineer"}

    done = [action for actor, action, subject in events(made, "staff.") if actor == "command line" and "Bo" in subject]
    assert done == [
        "staff.add",
        "staff.roles",
        "staff.disable",
        "staff.enable",
        "staff.new_password",
        "staff.factors_removed",
    ]


WRONG = [
    (("add", "Bo", "--role", "coderr"), 'There is no role "coderr". Did you mean "coder"?'),
    (("add", "Bo"), "--role"),
    (("add", "admin", "--role", "coder"), 'There is an account "admin" already.'),
    (("add", " ", "--role", "coder"), "Give a name of 120 letters or fewer"),
    (("add", "Bo", "--role", "coder", "--council"), "give --email too"),
    (("disable", "admim"), 'There is no account "admim". Did you mean "admin"?'),
    (("disable", "admin"), '"admin" is the only administrator. Make another one first.'),
    (("roles", "admin", "analyst"), '"admin" is the only administrator. Make another one first.'),
    (("roles", "admin"), "ROLE..."),
    (("roles", "nobody", "coder"), 'There is no account "nobody".'),
    (("enable", "nobody"), 'There is no account "nobody".'),
    (("reset", "nobody"), 'There is no account "nobody".'),
]


def test_what_cannot_be_done_is_said_and_nothing_is_changed(made: Copy) -> None:
    with made.session() as session:
        before = audit.verify(session)
    for words, told in WRONG:
        done = CliRunner().invoke(staff, words, env=settings_of(made))
        assert done.exit_code != 0, words
        assert told in f"{done.output}{done.exception}", words
    code, said = feedback(made, "staff", "disable", "admim")
    assert (code, said) == (1, 'There is no account "admim". Did you mean "admin"?\n')
    with made.session() as session:
        assert audit.verify(session) == before


def test_the_first_account_is_listed(made: Copy) -> None:
    code, said = feedback(made, "staff", "list")
    assert (code, said.split("  ")[0]) == (0, "admin")
    assert "administrator, analyst, coder, course-organiser" in said
