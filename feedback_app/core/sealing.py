"""Seal words so that only the right key opens them: to a public key (answers), or under a secret one (drafts).

Knows bytes and keys; knows nothing of surveys or storage.

Sealing to a public key is a fresh X25519 exchange, HKDF-SHA-256 and AES-256-GCM (the shape of RFC 9180's base mode).
The place a text belongs to (row, field, key) is bound in as associated data, so that a sealed text moved to another row
does not open.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from feedback_app.core.errors import FeedbackError

SEALED_V1 = b"\x01"
_KEY, _NONCE = 32, 12


class CannotOpen(FeedbackError):
    """A sealed text does not open: another key, another place, or changed bytes."""


def seal(to: X25519PublicKey, text: str, place: str) -> bytes:
    """Seal `text` to a public key; only the private half opens it.

    Args:
        place: where the text belongs, for example `response/field/key`. Opening needs the same words.

    Returns:
        version (1 byte), fresh public key (32), nonce (12), AES-256-GCM ciphertext with its tag.
    """
    fresh = X25519PrivateKey.generate()
    shown = fresh.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    nonce = os.urandom(_NONCE)
    box = AESGCM(_exchange(fresh.exchange(to), shown, to))
    return SEALED_V1 + shown + nonce + box.encrypt(nonce, text.encode(), place.encode())


def open_sealed(key: X25519PrivateKey, sealed: bytes, place: str) -> str:
    """Open what `seal` made.

    Raises:
        CannotOpen: it is not for this key or this place, or it was changed.
    """
    head = len(SEALED_V1)
    if sealed[:head] != SEALED_V1:
        raise CannotOpen(f"The sealed text at {place} is of an unknown kind.")
    shown = sealed[head : head + _KEY]
    nonce = sealed[head + _KEY : head + _KEY + _NONCE]
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(shown))
        box = AESGCM(_exchange(shared, shown, key.public_key()))
        return box.decrypt(nonce, sealed[head + _KEY + _NONCE :], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise CannotOpen(f"The sealed text at {place} does not open with this key.") from None


def lock(secret: bytes, content: bytes, place: bytes) -> bytes:
    """Encrypt `content` under a 32-byte secret, bound to its place: nonce (12), AES-256-GCM ciphertext."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(secret).encrypt(nonce, content, place)


def unlock(secret: bytes, locked: bytes, place: bytes) -> bytes:
    """Decrypt what `lock` made.

    Raises:
        CannotOpen: another secret, another place, or changed bytes.
    """
    try:
        return AESGCM(secret).decrypt(locked[:_NONCE], locked[_NONCE:], place)
    except (InvalidTag, ValueError):
        raise CannotOpen("The locked content does not open with this secret.") from None


def _exchange(shared: bytes, shown: bytes, to: X25519PublicKey) -> bytes:
    recipient = to.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return HKDF(algorithm=SHA256(), length=_KEY, salt=shown + recipient, info=b"feedback seal v1").derive(shared)
