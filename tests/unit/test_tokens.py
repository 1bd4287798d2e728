"""What a respondent holds: the same session always leads to the same things, and nothing leads back to it."""

from __future__ import annotations

import pytest

from feedback_app.core.keys import ServerKey
from feedback_app.core.tokens import (
    Respondent,
    new_passphrase,
    new_session,
    read_words,
    receipt_hash,
    session_of,
    unknown_words,
    word_list,
)

KEYS = ServerKey(b"k" * 32)
NAMES = ("draft_id", "draft_secret", "response_id", "receipt")
# A child may read these aloud. A sample of what must not be among them; the list is the EFF's without such words.
FRIGHTENING = (
    *("abuse", "abuser", "abusive", "alone", "anguish", "assault", "beating", "bleed", "blood", "bomb", "bruise"),
    *("bully", "coffin", "corpse", "cruel", "dead", "deadly", "death", "die", "drown", "drug", "drunk", "evil", "fear"),
    *("grave", "gun", "harm", "hate", "hurt", "kill", "knife", "lonely", "murder", "naked", "overdose", "pain"),
    *("poison", "prison", "punch", "rape", "scared", "scream", "sex", "slap", "strangle", "suicide", "terror"),
    *("smother", "suffocate", "threat", "torture", "trapped", "ugly", "unlovable", "unsafe", "victim", "violate"),
    *("violence", "weapon", "wound", "battered", "fondling", "imbecile", "helpless", "suffering", "unwelcome"),
)


def everything(session: str = "s", collection: str = "c", keys: ServerKey = KEYS) -> list[object]:
    return [getattr(Respondent(keys, session, collection), name) for name in NAMES]


def test_the_same_session_has_the_same_receipt_and_ids() -> None:
    assert everything() == everything()


@pytest.mark.parametrize(
    "other",
    [everything(session="t"), everything(collection="d"), everything(keys=ServerKey(b"l" * 32))],
    ids=["session", "collection", "server key"],
)
def test_nothing_is_the_same_with_another(other: list[object]) -> None:
    assert not [name for name, mine, theirs in zip(NAMES, everything(), other, strict=True) if mine == theirs]


def test_the_ids_of_one_session_do_not_tell_of_each_other() -> None:
    someone = Respondent(KEYS, "s", "c")

    assert len({someone.draft_id, someone.response_id, someone.form_token, someone.draft_secret.hex()[:32]}) == 4


def test_parts_are_kept_apart() -> None:
    assert Respondent(KEYS, "ab", "c").draft_id != Respondent(KEYS, "a", "bc").draft_id


def test_a_receipt_is_five_words_of_the_list() -> None:
    for n in range(50):
        receipt = Respondent(KEYS, f"s{n}", "c").receipt
        assert len(receipt) == 5
        assert set(receipt) <= set(word_list())


def test_receipts_use_the_whole_list() -> None:
    words = {word for n in range(2000) for word in Respondent(KEYS, f"s{n}", "c").receipt}

    assert len(words) > len(word_list()) / 2


def test_five_words_are_over_63_bits() -> None:
    assert len(word_list()) ** 5 > 2**63
    assert len(set(word_list())) == len(word_list())


def test_the_words_are_short_plain_letters() -> None:
    assert not [word for word in word_list() if not word.isascii() or not word.replace("-", "").isalpha()]
    assert max(map(len, word_list())) <= 10


@pytest.mark.parametrize("word", FRIGHTENING)
def test_no_word_frightens(word: str) -> None:
    assert word not in word_list()


def test_the_stored_hash_needs_the_words_in_order_and_the_key() -> None:
    words = Respondent(KEYS, "s", "c").receipt

    assert receipt_hash(KEYS, words) == receipt_hash(KEYS, words)
    assert receipt_hash(KEYS, words) != receipt_hash(KEYS, words[::-1])
    assert receipt_hash(KEYS, words) != receipt_hash(ServerKey(b"l" * 32), words)


def test_a_form_is_owned_by_its_session_in_every_collection() -> None:
    token = Respondent(KEYS, "s", "c").form_token

    assert Respondent(KEYS, "s", "d").owns_form(token)
    assert not Respondent(KEYS, "t", "c").owns_form(token)
    for junk in ("", "x", token[:-1], f"{token}0", "ü", "\0"):
        assert not Respondent(KEYS, "s", "c").owns_form(junk)


def test_a_session_is_long_and_new_each_time() -> None:
    assert len({new_session() for _ in range(100)}) == 100
    assert len(new_session()) >= 43  # 256 bits


def test_a_first_password_is_five_words() -> None:
    assert new_passphrase() != new_passphrase()
    assert len(new_passphrase()) >= 5 * 3 + 4


def test_the_words_that_lead_back_are_not_the_receipt() -> None:
    someone = Respondent(KEYS, "s", "c")

    assert len(someone.return_words) == 5
    assert set(someone.return_words) <= set(word_list())
    assert someone.return_words != someone.receipt
    assert someone.return_words == Respondent(KEYS, "s", "c").return_words
    assert someone.return_words != Respondent(KEYS, "s", "d").return_words


def test_five_words_lead_to_a_session_that_does_not_tell_them() -> None:
    someone = Respondent(KEYS, "s", "c")

    assert someone.saved.session == session_of(KEYS, someone.return_words)
    assert len(someone.saved.session) >= 43  # 256 bits
    assert session_of(KEYS, someone.return_words[::-1]) != someone.saved.session
    assert session_of(ServerKey(b"l" * 32), someone.return_words) != someone.saved.session
    assert not [word for word in someone.return_words if word in someone.saved.session]


def test_a_form_that_was_open_before_the_words_were_shown_is_still_owned() -> None:
    someone = Respondent(KEYS, "s", "c")

    assert someone.saved.owns_form(someone.form_token)
    assert someone.saved.owns_form(someone.saved.form_token)
    assert not someone.owns_form(someone.saved.form_token)
    assert not someone.saved.owns_form(Respondent(KEYS, "t", "c").form_token)


@pytest.mark.parametrize(
    "typed",
    [
        "acorn bagel cabin dab earth",
        "  Acorn  BAGEL\ncabin\r\ndab\tearth ",
        "acorn, bagel, cabin, dab, earth.",
        "acorn-bagel-cabin-dab-earth",
        "1. acorn 2. bagel 3. cabin 4. dab 5. earth",
        "“acorn” · bagel · cabin · dab · earth",
        "\u200facorn bagel ca\u200bbin dab earth\u200e",
        "ａｃｏｒｎ bagel cabin dab earth",
    ],
)
def test_words_are_read_however_they_were_written(typed: str) -> None:
    assert read_words(typed) == ("acorn", "bagel", "cabin", "dab", "earth")


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [("acorn bagle", ["bagle"]), ("ächorn", ["ächorn"]), ("بلوط acorn", ["بلوط"]), ("", []), ("acorn acorn", [])],
)
def test_a_slip_of_the_pen_is_told_from_a_try(typed: str, unknown: list[str]) -> None:
    assert unknown_words(read_words(typed)) == unknown
