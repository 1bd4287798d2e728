"""What a respondent holds: a session in one cookie, and five words: a receipt, or a way back. Knows no web, no storage.

Everything the server needs of a respondent is derived from the session and the server key, so nothing that a database
holds leads back to a person, and a second submit of one session can only ever give the same response and receipt.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from feedback_app.core.keys import ServerKey

RECEIPT_WORDS = 5
WORD = re.compile(r"[^\W\d_]+")


def new_session() -> str:
    """Return 256 random bits for the session cookie."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Respondent:
    """One session in one collection, and all that follows from it."""

    keys: ServerKey
    session: str
    collection: str
    before: str = ""  # after "Finish later": the session whose pages may still be open in this browser

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
        return self._words("receipt")

    @cached_property
    def return_words(self) -> tuple[str, ...]:
        """Five words that lead back to an unfinished survey, the same however often "Finish later" is pressed."""
        return self._words("return words")

    @cached_property
    def pair_words(self) -> tuple[str, ...]:
        """Five words that a participant keeps: they pair the follow-up with the first form, and open nothing else."""
        return self._words("pair words")

    @cached_property
    def saved(self) -> Respondent:
        """What this respondent becomes by "Finish later": the session that the five words lead to."""
        session = session_of(self.keys, self.return_words)
        return Respondent(self.keys, session, self.collection, before=self.session)

    @cached_property
    def form_token(self) -> str:
        """Sent with every form, so that another site cannot send one for this person."""
        return self.keys.derive("form", self.session).hex()[:32]

    def owns_form(self, token: str) -> bool:
        """Whether a form's token is this session's, or that of the session it came from."""
        before = Respondent(self.keys, self.before, self.collection).owns_form(token) if self.before else False
        return before or hmac.compare_digest(token.encode(), self.form_token.encode())

    def _words(self, purpose: str) -> tuple[str, ...]:
        words = word_list()
        number = int.from_bytes(self.keys.derive(purpose, self.session, self.collection))
        picked = []
        for _ in range(RECEIPT_WORDS):
            number, place = divmod(number, len(words))
            picked.append(words[place])
        return tuple(picked)


def session_of(keys: ServerKey, words: tuple[str, ...]) -> str:
    """The session that five words lead to: 256 bits for the cookie, from which nobody can tell the words."""
    return base64.urlsafe_b64encode(keys.derive("return session", *words)).decode().rstrip("=")


def read_words(typed: str) -> tuple[str, ...]:
    """The words of what a person typed, however they wrote them: capitals, commas, numbers and lines do not matter."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", typed) if unicodedata.category(letter) != "Cf")
    return tuple(WORD.findall(plain.casefold()))


def unknown_words(words: tuple[str, ...]) -> list[str]:
    """Those that are not in the list: a slip of the pen, and not a try."""
    return [word for word in words if word not in _known()]


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


@cache
def _known() -> frozenset[str]:
    return frozenset(word_list())
