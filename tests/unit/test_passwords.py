"""Which passwords may be used: none that is short, breached and common, or made from such a one."""

from __future__ import annotations

import socket

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from feedback_app.core.passwords import SHORTEST, why_not
from feedback_app.core.tokens import new_passphrase

BREACHED = FREQUENCY_LISTS["passwords"]
EASY = "This password is easy to guess"


def test_the_list_of_breached_passwords_is_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("a password is nobody else's business")

    monkeypatch.setattr(socket, "socket", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    assert len(BREACHED) == 30_000
    assert why_not("unbelievable1") != ""


def test_no_breached_password_that_is_long_enough_may_be_used() -> None:
    long = [one for one in BREACHED if len(one) >= SHORTEST]
    assert len(long) > 200
    assert [one for one in long if not why_not(one)] == []


@pytest.mark.parametrize(
    "password", ["Password1234!", "p4ssw0rdp4ssw0rd", "iloveyouiloveyou", "Liverpool2024", "drowssap12345"]
)
def test_what_is_made_from_breached_ones_may_not_be_used(password: str) -> None:
    assert why_not(password).startswith(EASY)


def test_what_somebody_who_knows_the_person_would_try_may_not_be_used() -> None:
    for own in ("annalisa.featherstonehaugh", "annalisa.featherstonehaugh@council.example"):
        assert why_not(own, "annalisa.featherstonehaugh", "annalisa.featherstonehaugh@council.example").startswith(EASY)


def test_short_and_endless_ones_may_not_be_used() -> None:
    assert why_not("x7#Kq9!mZp2").startswith("Use 12 letters or more.")
    assert why_not("x7#Kq9!mZp2w") == ""
    assert why_not("x7#Kq9!mZp2w" * 100) == "This password is too long."


def test_words_that_do_not_belong_together_may_be_used() -> None:
    assert [one for one in (new_passphrase() for _ in range(20)) if why_not(one)] == []
    assert why_not("velvet anagram pelican hour") == ""
