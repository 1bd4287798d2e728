"""What is sealed opens with its own key, in its own place, unchanged; and not otherwise."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_app.core.sealing import CannotOpen, lock, open_sealed, seal, unlock

KEY, OTHER = X25519PrivateKey.generate(), X25519PrivateKey.generate()
PLACE = "response/Q1/001-aa"
SECRET = bytes(range(32))


def sealed(text: str = "میرا اسکول 😀", place: str = PLACE) -> bytes:
    return seal(KEY.public_key(), text, place)


@settings(deadline=None)
@given(text=st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert open_sealed(KEY, sealed(text), PLACE) == text


def test_the_same_text_is_never_sealed_alike() -> None:
    assert sealed() != sealed()


def test_it_does_not_open_in_another_place() -> None:
    with pytest.raises(CannotOpen):
        open_sealed(KEY, sealed(place="response-1/Q1/001-aa"), "response-2/Q1/001-aa")


def test_it_does_not_open_with_another_key() -> None:
    with pytest.raises(CannotOpen):
        open_sealed(OTHER, sealed(), PLACE)


def test_it_does_not_open_with_any_byte_changed() -> None:
    whole = sealed("Hello")
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        with pytest.raises(CannotOpen):
            open_sealed(KEY, bytes(changed), PLACE)


def test_what_is_cut_short_or_of_another_kind_does_not_open() -> None:
    whole = sealed()
    for cut in (b"", b"\x01", whole[:33], whole[:-1], b"\x02" + whole[1:]):
        with pytest.raises(CannotOpen):
            open_sealed(KEY, cut, PLACE)


def test_the_words_are_not_in_what_is_sealed() -> None:
    assert b"canary" not in sealed("canary")


def test_what_is_locked_unlocks() -> None:
    assert unlock(SECRET, lock(SECRET, b"draft", b"row 1"), b"row 1") == b"draft"


@pytest.mark.parametrize(
    ("secret", "change", "place"),
    [
        (bytes(32), 0, b"row 1"),
        (SECRET, 0, b"row 2"),
        (SECRET, 1, b"row 1"),
    ],
    ids=["another secret", "another place", "a changed byte"],
)
def test_what_is_locked_does_not_unlock_with(secret: bytes, change: int, place: bytes) -> None:
    locked = lock(SECRET, b"draft", b"row 1")
    changed = locked[:-1] + bytes([locked[-1] ^ change])

    with pytest.raises(CannotOpen):
        unlock(secret, changed, place)


@pytest.mark.parametrize("locked", [b"", b"short", bytes(12), bytes(40)])
def test_junk_does_not_unlock(locked: bytes) -> None:
    with pytest.raises(CannotOpen):
        unlock(SECRET, locked, b"row 1")
