"""What a respondent holds: a session in one cookie, and a receipt of five words. Knows no web and no storage.

Everything the server needs of a respondent is derived from the session and the server key, so nothing that a database
holds leads back to a person, and a second submit of one session can only ever give the same response and receipt.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from feedback_app.core.keys import ServerKey

RECEIPT_WORDS = 5


def new_session() -> str:
    """Return 256 random bits for the session cookie."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Respondent:
    """One session in one collection, and all that follows from it."""

    keys: ServerKey
    session: str
    collection: str

    @cached_property
    def draft_id(self) -> str:
        """The draft's row. It does not tell the session."""
        return self.keys.derive("draft id", self.session, self.collection).hex()[:32]

    @cached_property
    def draft_secret(self) -> bytes:
        """What the draft is encrypted under; the server cannot make it without the respondent's cookie."""
        return self.keys.derive("draft secret", self.session, self.collection)

    @cached_property
    def response_id(self) -> str:
        """The response's row: the same session can make only this one."""
        return self.keys.derive("response id", self.session, self.collection).hex()[:32]

    @cached_property
    def receipt(self) -> tuple[str, ...]:
        """Five words of the EFF long list (63 bits), the same however often the page is asked for."""
        words = word_list()
        number = int.from_bytes(self.keys.derive("receipt", self.session, self.collection))
        picked = []
        for _ in range(RECEIPT_WORDS):
            number, place = divmod(number, len(words))
            picked.append(words[place])
        return tuple(picked)

    @cached_property
    def form_token(self) -> str:
        """Sent with every form, so that another site cannot send one for this person."""
        return self.keys.derive("form", self.session).hex()[:32]

    def owns_form(self, token: str) -> bool:
        """Whether a form's token is this session's."""
        return hmac.compare_digest(token.encode(), self.form_token.encode())


def receipt_hash(keys: ServerKey, words: tuple[str, ...]) -> str:
    """Return the keyed hash under which a receipt is stored.

    HMAC-SHA-256, not Argon2id: five words are 63 random bits, the key lives outside the database and failures are
    limited, while one Argon2id hash would cost more than a whole visit (docs/security.md).
    """
    return keys.derive("receipt hash", *words).hex()


def new_passphrase() -> str:
    """Return five random words joined by hyphens: a first staff password."""
    return "-".join(secrets.choice(word_list()) for _ in range(RECEIPT_WORDS))


@cache
def word_list() -> tuple[str, ...]:
    """The EFF long word list (CC BY 3.0 US) without words that could hurt, frighten or embarrass a reader."""
    return tuple((Path(__file__).parent / "words.txt").read_text().split())
