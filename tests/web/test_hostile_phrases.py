"""Hostile cases 12 and 18 for the lists of phrases: hidden and look-alike signs, and texts made to take long."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from analysis.concern import LONGEST_TEXT, Screener, load_screener
from feedback_app.core.settings import PROJECT
from feedback_app.services.screening import Screens

LISTS = PROJECT / "surveys" / "concern"
PLAIN = "my uncle hits me"
#: Each letter of the sentence with signs beside it that show nothing or turn the line round.
HIDDEN = {
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "zero-width non-joiner": "\u200c",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "right-to-left override": "\u202e",
    "left-to-right override": "\u202d",
    "end of a direction": "\u202c",
    "isolate": "\u2067",
    "end of an isolate": "\u2069",
    "right-to-left mark": "\u200f",
    "Arabic letter mark": "\u061c",
    "variation selector": "\ufe0f",
    "joiner of letters": "\u034f",
    "Hangul filler": "\u3164",
    "tag": "\U000e0041",
    "struck through": "\u0336",
    "stacked marks": "\u0301\u0323\u0347",
    "many at once": "\u202e\u200b\u2060\u00ad\u202c",
}
ALIKE = {
    "Cyrillic": "mу unсlе hіtѕ mе",
    "Greek": "my υncle hιts mε",
    "wide": "ｍｙ ｕｎｃｌｅ ｈｉｔｓ ｍｅ",
    "bold of mathematics": "𝐦𝐲 𝐮𝐧𝐜𝐥𝐞 𝐡𝐢𝐭𝐬 𝐦𝐞",
    "script of mathematics": "𝓶𝔂 𝓾𝓷𝓬𝓵𝓮 𝓱𝓲𝓽𝓼 𝓶𝓮",
    "black letter": "𝔪𝔶 𝔲𝔫𝔠𝔩𝔢 𝔥𝔦𝔱𝔰 𝔪𝔢",
    "double-struck": "𝕞𝕪 𝕦𝕟𝕔𝕝𝕖 𝕙𝕚𝕥𝕤 𝕞𝕖",
    "typewriter": "𝚖𝚢 𝚞𝚗𝚌𝚕𝚎 𝚑𝚒𝚝𝚜 𝚖𝚎",
    "circles": "ⓜⓨ ⓤⓝⓒⓛⓔ ⓗⓘⓣⓢ ⓜⓔ",
    "dark circles": "🅜🅨 🅤🅝🅒🅛🅔 🅗🅘🅣🅢 🅜🅔",
    "dark squares": "🅼🆈 🆄🅽🅲🅻🅴 🅷🅸🆃🆂 🅼🅴",
    "small capitals": "ᴍʏ ᴜɴᴄʟᴇ ʜɪᴛꜱ ᴍᴇ",
    "raised": "ᵐʸ ᵘⁿᶜˡᵉ ʰⁱᵗˢ ᵐᵉ",
    "accents": "mý üñçłê hítş mé",
    "signs for letters": "my unc1e h1t$ m3",
    "letters apart": "m y u n c l e h i t s m e",
    "dots between": "my u.n.c.l.e h.i.t.s me",
    "no spaces": "myunclehitsme",
    "letters again and again": "myyy unnncle hiiiits meeee",
}


@cache
def lists() -> Screener:
    """The lists of this project."""
    return load_screener(LISTS)


@pytest.mark.parametrize("sign", HIDDEN.values(), ids=HIDDEN)
def test_hostile_12_a_hidden_sign_in_a_phrase_hides_it_from_nobody(sign: str) -> None:
    """After every letter, in the midst of each word, and around the whole: the flag is as without them."""
    wanted = lists().screen(PLAIN, "en").flags
    between = "".join(letter if letter == " " else letter + sign for letter in PLAIN)
    inside = " ".join(word[0] + sign + word[1:] for word in PLAIN.split())
    for typed in (between, inside, f"{sign}{PLAIN}{sign}"):
        found = lists().screen(typed, "en").flags
        assert [(flag.band, flag.category, flag.lowered) for flag in found] == [
            (flag.band, flag.category, flag.lowered) for flag in wanted
        ]
        assert found[0].band == "P1"
        assert found[0].phrase in typed


@pytest.mark.parametrize("typed", ALIKE.values(), ids=ALIKE)
def test_hostile_12_letters_that_only_look_alike_are_read(typed: str) -> None:
    found = lists().screen(f"the club is fun. {typed}", "en").flags

    assert found
    assert (found[0].band, found[0].category) == ("P1", "physical-harm")


@pytest.mark.parametrize("language", ["ar", "ckb", "ur"])
@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2067", "\u061c", "\u0640"])
def test_hostile_12_hidden_signs_in_arabic_writing(language: str, sign: str) -> None:
    said = next(one for one in lists().lists[language].sentences if one.band == "P1" and one.category == "suicide")
    typed = " ".join(word[:2] + sign + word[2:] for word in said.text.split())

    assert lists().screen(typed, language).flags[0].band == "P1"


SLOW = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from pathlib import Path
from analysis.concern import load_screener
from tests.benchmarks.concern import hostile_texts
lists = load_screener(Path("surveys/concern"))
texts = hostile_texts(lists)
for language in ("en", "pl", "ar", "so"):
    for name, text in texts.items():
        found = lists.screen(text, language)
        assert found.band in ("P1", "P2"), name
print("all", len(texts))
"""


def test_hostile_18_no_text_of_64_kib_makes_the_lists_slow() -> None:
    """Each text made to be slow, in four languages, shares a minute of a processor; one that blew up would take hours.

    The figures, for every language and aimed at 50 ms each, are printed by `make bench`.
    """
    done = subprocess.run(
        [sys.executable, "-c", SLOW.format(seconds=60)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()[:1]) == (0, ["all"]), done.stderr[-2000:]


@pytest.mark.parametrize("filler", ["he hits ", "a", "k i l l  ", "s3lf h*rm ", "zqxv ", "💀", ". "])
def test_hostile_18_what_stands_first_is_found_however_long_the_rest_is(filler: str) -> None:
    found = lists().screen(f"my dad hits me. {filler * (LONGEST_TEXT // len(filler))}", "en")

    assert found.band == "P1"
    assert not found.screened


def test_a_text_that_cannot_be_screened_is_p2_and_costs_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No lists, a screener that breaks, a language that nobody reviewed: people read it by the next working day."""
    broken = load_screener(LISTS)
    del broken._ready

    for screens, language in ((Screens(), "en"), (Screens(broken), "en"), (Screens(lists()), "so")):
        found = screens.screen("mac canary sentence", language)
        assert (found.band, found.screened) == ("P2", False)
    assert "canary" not in caplog.text
