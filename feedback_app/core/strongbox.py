"""Encrypt a long stream in pieces, to a public key or under a passphrase, so that a cut or changed file is noticed.

Each piece is AES-256-GCM under a fresh key of the file, with its number in the nonce and a mark on the last one. The
file's key is sealed to the public key (core/sealing.py), or locked under Argon2id of the passphrase.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from feedback_app.core.errors import FeedbackError
from feedback_app.core.sealing import CannotOpen, lock, open_sealed, seal, unlock

PIECE = 1 << 20
LEAST_LETTERS = 16
_PLACE = "strongbox"
_SALT, _NUMBER, _TAG, _KEY = 16, 12, 16, 32
_MORE, _LAST = b"\x00", b"\x01"


class Unreadable(FeedbackError):
    """The file does not open: not ours, cut short, changed, or not for this key or passphrase."""


class Writer:
    """Encrypts what is written to it. `close` marks the end; without it the file does not open."""

    def __init__(self, out: BinaryIO, first_line: bytes, key: bytes) -> None:
        self._out, self._box, self._bound = out, AESGCM(key), hashlib.sha256(first_line).digest()
        self._held, self._number = bytearray(), 0
        out.write(first_line)

    def write(self, content: bytes) -> None:
        """Take more of the stream."""
        self._held += content
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), _MORE)
            del self._held[:PIECE]

    def close(self) -> None:
        """Write what is left, and the mark of the end."""
        self._put(bytes(self._held), _LAST)

    def _put(self, piece: bytes, mark: bytes) -> None:
        self._out.write(self._box.encrypt(_nonce(self._number), piece, self._bound + mark))
        self._number += 1


def to_key(out: BinaryIO, kind: str, key_id: str, public: X25519PublicKey) -> Writer:
    """Begin a file that only the private half of a key opens.

    Args:
        kind: what the file is, such as `feedback backup 1`; its first line says so to everyone.
    """
    key = os.urandom(_KEY)
    sealed = seal(public, key.hex(), _PLACE)
    return Writer(out, _first_line({"kind": kind, "key": key_id, "sealed": _text(sealed)}), key)


def under_passphrase(out: BinaryIO, kind: str, passphrase: str) -> Writer:
    """Begin a file that only a passphrase opens.

    Raises:
        FeedbackError: it is too short to hold against a machine that tries.
    """
    if len(passphrase) < LEAST_LETTERS:
        raise FeedbackError(f"The passphrase is too short. Use at least {LEAST_LETTERS} letters: five words are good.")
    key, salt = os.urandom(_KEY), os.urandom(_SALT)
    locked = lock(_stretched(passphrase, salt), key, _PLACE.encode())
    return Writer(out, _first_line({"kind": kind, "salt": _text(salt), "locked": _text(locked)}), key)


def key_named(file: BinaryIO, kind: str) -> str:
    """The id of the key that a file is for; empty when it is under a passphrase.

    Raises:
        Unreadable: it is not such a file.
    """
    return str(_told(file, kind)[0].get("key", ""))


def pieces(
    file: BinaryIO, kind: str, *, keys: Mapping[str, X25519PrivateKey] | None = None, passphrase: str = ""
) -> Iterator[bytes]:
    """Open a file, piece by piece.

    Raises:
        Unreadable: see there. What came before may have been given out already: read it once through before using it.
    """
    told, line = _told(file, kind)
    box, bound, number = AESGCM(_key_of(told, keys or {}, passphrase)), hashlib.sha256(line).digest(), 0
    held = file.read(PIECE + _TAG)
    while True:
        following = file.read(PIECE + _TAG)
        try:
            yield box.decrypt(_nonce(number), held, bound + (_MORE if following else _LAST))
        except (InvalidTag, ValueError):
            raise Unreadable("The file was changed, or a part of it is missing. Use another one.") from None
        if not following:
            return
        held, number = following, number + 1


def _told(file: BinaryIO, kind: str) -> tuple[dict[str, str], bytes]:
    file.seek(0)
    line = file.readline(4096)
    try:
        told = json.loads(line)
        if told["kind"] != kind:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f'This is not a file of the kind "{kind}".') from None
    return told, line


def _key_of(told: Mapping[str, str], keys: Mapping[str, X25519PrivateKey], passphrase: str) -> bytes:
    try:
        if "locked" in told:
            if not passphrase:
                raise Unreadable("This file is under a passphrase. Give it with --passphrase-file.")
            return unlock(_stretched(passphrase, _bytes(told["salt"])), _bytes(told["locked"]), _PLACE.encode())
        if told["key"] not in keys:
            raise Unreadable(f"This file is for the key {told['key']}, whose private half is not here.")
        return bytes.fromhex(open_sealed(keys[told["key"]], _bytes(told["sealed"]), _PLACE))
    except (CannotOpen, KeyError, ValueError):
        why = "The passphrase is wrong" if "locked" in told else "The key does not fit"
        raise Unreadable(f"{why}, or the file was changed.") from None


def _stretched(passphrase: str, salt: bytes) -> bytes:
    """Argon2id with 64 MiB and three passes (RFC 9106, the second recommended choice)."""
    return hash_secret_raw(passphrase.encode(), salt, 3, 64 * 1024, 4, _KEY, Type.ID)


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NUMBER)


def _first_line(told: Mapping[str, str]) -> bytes:
    return json.dumps(told).encode() + b"\n"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
