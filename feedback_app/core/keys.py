"""Make, keep and load the keys of one copy, as files outside the database. The public face loads no private key."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from feedback_app.core.errors import FeedbackError

SERVER, PUBLIC, PRIVATE = "server.key", ".public", ".private"
RETIRED = "retired"  # a folder beside the keys, from which no process loads any
LENGTH, LEAST_DIFFERENT = 32, 8  # bytes; of 32 random ones, fewer than 8 different are less likely than any guess
KEY_NAME = re.compile(r"server\.key|[0-9a-f]{3,}-[0-9a-f]{8}\.(public|private)")


class ServerKey:
    """The secret that sessions, receipts and staff cookies derive from. It never enters the database."""

    def __init__(self, root: bytes) -> None:
        self._root = root

    def derive(self, purpose: str, *parts: str) -> bytes:
        """Return 32 bytes for one purpose and these parts (HMAC-SHA-256, parts kept apart by a zero byte)."""
        return hmac.digest(self._root, "\0".join((purpose, *parts)).encode(), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that a process holds: one server key, the public key answers are sealed to, and perhaps private ones.

    `private` is empty on the public face: that process can seal a child's words and never read them back.
    """

    server: ServerKey
    key_id: str
    public: X25519PublicKey
    private: dict[str, X25519PrivateKey]


def make_keys(folder: Path) -> bool:
    """Make the keys of a new copy in `folder` (mode 700), or leave those that are there.

    Returns:
        True if keys were made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if (folder / SERVER).exists():
        return False
    _write(folder / SERVER, secrets.token_bytes(32))
    make_sealing_key(folder)
    return True


def make_sealing_key(folder: Path) -> str:
    """Make a new pair of sealing keys; new answers are sealed to it, older ones still open with theirs.

    Returns:
        The new key's id, eight hexadecimal digits of its public half's SHA-256.
    """
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    number = len(list(folder.rglob(f"*{PUBLIC}"))) + 1
    key_id = f"{number:03}-{hashlib.sha256(public).hexdigest()[:8]}"
    _write(folder / f"{key_id}{PRIVATE}", private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
    _write(folder / f"{key_id}{PUBLIC}", public)
    return key_id


def load_keys(folder: Path, *, private: bool) -> KeyRing:
    """Load the keys from `folder`; the private ones only when asked.

    Raises:
        FeedbackError: a key is missing, or is none; nothing is ever stored unsealed instead.
    """
    try:
        server = _read(folder / SERVER)
        newest = max(folder.glob(f"*{PUBLIC}"))
        public = _read(newest)
    except (FileNotFoundError, ValueError):
        raise FeedbackError(f"There are no keys in {folder}. Make them with: feedback init") from None
    opened = {}
    if private:
        files = sorted(folder.glob(f"*{PRIVATE}"))
        opened = {file.stem: X25519PrivateKey.from_private_bytes(_read(file)) for file in files}
    return KeyRing(ServerKey(server), newest.stem, X25519PublicKey.from_public_bytes(public), opened)


def put_back(folder: Path, kept: Mapping[str, bytes]) -> None:
    """Put keys that were kept elsewhere into an empty folder; retired ones too.

    Raises:
        FeedbackError: something among them is no key of ours.
    """
    if not all(KEY_NAME.fullmatch(name) for name in kept):
        raise FeedbackError("There is something among the keys that is none of ours.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, content in sorted(kept.items(), key=lambda one: one[0] == SERVER):  # the last one makes it complete
        _write(folder / name, content)


def retire(folder: Path, key_id: str) -> Path:
    """Move both halves of a key to where no process loads them; return that folder.

    Raises:
        FeedbackError: it is the one that new answers are sealed to, or not here.
    """
    known = sorted(file.stem for file in folder.glob(f"*{PUBLIC}"))
    if key_id not in known:
        raise FeedbackError(f'There is no key "{key_id}" here. There are: {", ".join(known)}.')
    if key_id == known[-1]:
        raise FeedbackError(f"New answers are sealed to {key_id}. Make another first: feedback keys rotate")
    aside = folder / RETIRED
    aside.mkdir(exist_ok=True)
    aside.chmod(0o700)
    for ending in (PRIVATE, PUBLIC):
        if (folder / f"{key_id}{ending}").exists():
            (folder / f"{key_id}{ending}").replace(aside / f"{key_id}{ending}")
    return aside


def _read(file: Path) -> bytes:
    """A key's 32 bytes. A file that was cut, emptied or typed by hand would be a secret that can be guessed."""
    content = file.read_bytes()
    if len(content) != LENGTH or len(set(content)) < LEAST_DIFFERENT:
        raise FeedbackError(f"{file} holds no key that feedback has made. Put it back from your safe copy.")
    return content


def _write(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
