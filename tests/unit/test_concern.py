"""What a child may mean is noticed however it is typed, nothing lowers it by two bands, and no text is too much."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.concern import BANDS, LONGEST_TEXT, Flag, Screener, Screening, load_screener, try_sentences
from analysis.concern import marks as marking
from analysis.concern.matching import Walk
from analysis.concern.repair import Spelling, fold, read

LISTS = Path(__file__).parents[2] / "surveys" / "concern"
LANGUAGES = ("ar", "ckb", "cs", "en", "pl", "ro", "sk", "ur")


@cache
def ours() -> Screener:
    """The lists of this project; making them ready takes longer than all these tests."""
    return load_screener(LISTS)


def flags(text: str, language: str = "en") -> tuple[Flag, ...]:
    return ours().screen(text, language).flags


def band(text: str, language: str = "en") -> str:
    found = flags(text, language)
    return found[0].band if found else "none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_reads_its_own_sentences_as_it_says(language: str) -> None:
    assert [str(fault) for fault in try_sentences(ours(), ours().lists[language])] == []


def test_there_is_a_list_for_each_language_and_none_claims_a_review() -> None:
    assert tuple(ours().lists) == LANGUAGES
    assert not any(one.reviewed for one in ours().lists.values())


@pytest.mark.parametrize(
    "typed",
    [
        "KILL MYSELF",
        "k i l l myself",
        "k.i.l.l myself",
        "k-i-l-l my self",
        "kiiiiilllll myself",
        "k1ll mys3lf",
        "k!ll myself",
        "k*ll myself",
        "kil myself",
        "kill mysself",
        "kill mysefl",
        "killmyself",
        "omgkillmyselfnow",
        "k\u200bill my\u00adself",
        "k\u0456ll m\u0443self",  # two Cyrillic letters
        "\U0001d48c\U0001d48a\U0001d48d\U0001d48d myself",  # letters of mathematics
        "\uff4b\uff49\uff4c\uff4c myself",  # wide letters
        "\U0001f17a\U0001f178\U0001f17b\U0001f17b myself",  # letters in dark squares
        "k\u0336i\u0336l\u0336l\u0336 myself",
        "kíll mysélf",
        "💀 myself",
    ],
)
def test_a_phrase_is_found_however_it_is_typed(typed: str) -> None:
    found = flags(f"some days i {typed}")
    assert found[0].band == "P1"
    assert found[0].category == "suicide"


def test_one_letter_is_mended_only_in_long_words_and_never_the_first() -> None:
    spelling = Spelling(["touched", "hits", "suicide"], ["toughed"])
    assert spelling.mend("tuched") == ("touched",)
    assert spelling.mend("touchd") == ("touched",)
    assert spelling.mend("tuoched") == ("touched",)
    assert spelling.mend("hites") == ("hits",)
    assert spelling.mend("toughed") == ()  # a real word, as the list says
    assert spelling.mend("couched") == ()
    assert spelling.mend("hots") == ()
    assert spelling.mend("sucde") == ()  # two letters


def test_a_word_that_is_further_off_is_read_as_the_list_says_and_two_letters_may_change_places() -> None:
    spelling = Spelling(["uncle", "self"], ["flee"], {"unkul": "uncle", "skool": "school"})
    assert spelling.mend("unkul") == ("uncle",)
    assert spelling.mend("unku1") == ("uncle",)
    assert spelling.mend("skool") == ()  # no phrase holds the word
    assert spelling.mend("slef") == ("self",)


@pytest.mark.parametrize(
    "typed",
    [
        "myd4dh1tsme",
        "my.dad.hits.me",
        "h.i.t.s me, my dad h.i.t.s m.e",
        "my_dad_hits_me",
        "i*want*to*die",
        "iamsuicidal",
    ],
)
def test_words_run_together_are_read_with_their_signs(typed: str) -> None:
    assert band(f"hello {typed} bye") == "P1"


@pytest.mark.parametrize("typed", ["the therapist rang", "homelessness is rising", "classassignment", "weekendaway"])
def test_a_long_word_that_holds_a_short_one_is_left_alone(typed: str) -> None:
    assert band(typed) == "none"


def test_a_real_word_near_a_phrase_is_left_alone() -> None:
    assert band("the noise and the seats, and they checked me in; you should invest in this") == "none"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("my dad hits me", "physical-harm"),
        ("my coach hits me", "staff-harm"),
        ("he put his hand down my pants", "sexual-harm"),
        ("i cut my arms", "self-harm"),
        ("he has a knife and says he will kill us", "immediate-danger"),
        ("they want my sister to have fgm", "fgm"),
        ("there is no food at home", "neglect"),
        ("dad hits my mum", "domestic-abuse"),
        ("they make me carry drugs", "exploitation"),
        ("they will make me marry my cousin", "forced-marriage"),
        ("a man on roblox wants to meet me", "online-grooming"),
        ("my brother wants to join isis", "radicalisation"),
        ("they threaten me every day", "bullying"),
        ("i ran away from home", "running-away"),
        ("i am scared of my uncle", "fear"),
        ("please help me", "asking-for-help"),
        ("nobody loves me", "emotional-harm"),
    ],
)
def test_each_kind_has_its_category(text: str, category: str) -> None:
    assert category in {flag.category for flag in flags(text)}


def test_the_phrase_is_shown_as_it_was_written() -> None:
    found = flags("Great club!!\nBut “My DAD   h1ts me”, every day.")
    assert "DAD h1ts me" in {flag.phrase for flag in found}
    assert flags("i w a n t t o d i e")[0].phrase == "i w a n t t o d i e"


@pytest.mark.parametrize(
    ("plain", "lowered", "why"),
    [
        ("my dad hits me", "my dad never hits me", "negated"),
        ("my dad hits me", "nobody in my house hits me", "negated"),
        ("i want to kill myself", "i do not want to kill myself", "negated"),
        ("i want to die", "maths makes me want to die lol", "idiom"),
        ("he kicked me", "he kicked me by accident", "idiom"),
        ("sexual abuse", "the course on sexual abuse was good", "training"),
    ],
)
def test_negation_idiom_and_training_talk_lower_by_one_band(plain: str, lowered: str, why: str) -> None:
    assert band(plain) == "P1"
    found = flags(lowered)
    assert found[0].band == "P2"
    assert why in {flag.lowered for flag in found}


def test_all_of_them_together_lower_by_one_band_and_remove_nothing() -> None:
    assert band("the training was not about sexual abuse, lol, nobody died laughing") == "P2"


@pytest.mark.parametrize(
    "text",
    [
        "i dont eat because my dad hits me",
        "nobody hits me at school. my dad hits me",
        "after the course my dad hits me",
        "do you feel safe? no he hits me",
        "i died laughing and then my mum hit me",
    ],
)
def test_what_stands_elsewhere_lowers_nothing(text: str) -> None:
    assert band(text) == "P1"


def test_a_negation_written_as_the_beginning_of_a_word_lowers() -> None:
    assert flags("nikto ma nebije", "sk")[0].lowered == "negated"
    assert band("otec ma bije", "sk") == "P1"


def test_a_language_is_read_on_the_pages_of_another() -> None:
    assert band("tata mnie bije", "en") == "P1"
    assert band("my dad hits me", "pl") == "P1"
    assert band("مرنا چاہتی ہوں", "en") == "P1"


def test_without_a_review_every_text_is_at_least_p2() -> None:
    assert ours().screen("i like the club", "en") == Screening("P2", (), screened=False)
    assert ours().screen("ich mag den Club", "de").band == "P2"
    assert ours().screen("", "").band == "P2"


HEAD = """language: en
name: English
reviewers:
  - {who: safeguarding lead, on: "2027-03-01"}
negations: {far: nobody}
concerns:
"""
ENTRY = """  - category: %s
    band: P1
    phrases: [%s me]
    sentences: ["%s me"]
"""
NEEDED = ("suicide", "self-harm", "sexual-harm", "physical-harm", "staff-harm", "immediate-danger")


@pytest.fixture
def reviewed(tmp_path: Path) -> Screener:
    entries = [ENTRY % (name, word, word) for name, word in zip(NEEDED, "abcde" + "f", strict=True)]
    entries[3] = ENTRY % ("physical-harm", "punches", "punches")
    (tmp_path / "en.yaml").write_text(HEAD + "".join(entries) + "lowered: []\nno_flag: []\n")
    return load_screener(tmp_path)


def test_with_a_review_an_ordinary_text_is_p3(reviewed: Screener) -> None:
    assert reviewed.screen("i like the club", "en-GB") == Screening("P3", (), screened=True)
    found = reviewed.screen("he punches me", "en")
    assert found == Screening("P1", (Flag("P1", "physical-harm", "punches me", ""),), screened=True)
    assert reviewed.screen("i like it", "pl").screened is False


@pytest.mark.parametrize(
    "text",
    [
        "x" * (LONGEST_TEXT + 1),
        "Мене ніхто не слухає вдома",
        " ".join(f"word{letter}{other}" for letter in "abcdefghijklmnopqrstuvwxyz" for other in "abcdefghijklmnopqrst"),
    ],
    ids=["too long", "other letters", "hundreds of strange words"],
)
def test_a_text_that_cannot_be_read_is_p2_and_its_phrases_are_still_found(text: str, reviewed: Screener) -> None:
    assert reviewed.screen(text, "en") == Screening("P2", (), screened=False)
    found = reviewed.screen(f"he punches me {text}", "en")
    assert (found.band, found.screened, len(found.flags)) == ("P1", False, 1)


def test_the_version_is_of_the_words_of_the_lists(reviewed: Screener, tmp_path: Path) -> None:
    assert load_screener(tmp_path).version == reviewed.version
    path = tmp_path / "en.yaml"
    path.write_text(path.read_text().replace("punches", "kicks"))
    assert load_screener(tmp_path).version != reviewed.version


def test_few_flags_are_shown_and_the_most_urgent_come_first() -> None:
    everything = " ".join(sentence.text for sentence in ours().lists["en"].sentences)
    found = flags(everything)
    assert 6 <= len(found) <= 12
    assert [flag.band for flag in found] == sorted(flag.band for flag in found)


HOSTILE = [
    "he hits me ",
    "never he hits ",
    "iwanttodi",
    "k i l l  ",
    "a",
    "💀",
    "k\u0336",
    "ﷺ",
    "s3lf h*rm ",
    "course on sexual abuse ",
    ". ",
    "\u200b",
    "مرنا ",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_twice_the_text_takes_no_more_steps_of_matching(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All places of a phrase are followed at once, so the steps depend on the lists and not on the text."""
    steps = 0
    real = Walk.forward

    def counted(walk: Walk, way: object, borders: int) -> int:
        nonlocal steps
        steps += 1
        return real(walk, way, borders)  # type: ignore[arg-type]

    monkeypatch.setattr(Walk, "forward", counted)
    counts = []
    for size in (8_000, 16_000):
        steps = 0
        ours().screen(part * (size // len(part)), "en")
        counts.append(steps)
    assert counts[1] <= counts[0] + 50
    assert counts[1] < 40_000


def test_only_so_many_words_are_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    mended = 0
    real = Spelling.mend

    def counted(spelling: Spelling, word: str) -> tuple[str, ...]:
        nonlocal mended
        mended += 1
        return real(spelling, word)

    monkeypatch.setattr(Spelling, "mend", counted)
    ours().screen(" ".join(f"touch{number}d" for number in range(6_000)), "en")
    assert 0 < mended <= marking._MOST_MENDED


@settings(deadline=None, database=None, max_examples=200)
@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, "so", "en-GB", "", "-"]))
def test_no_text_stops_the_screener(text: str, language: str) -> None:
    found = ours().screen(text, language)
    assert found.band == min([flag.band for flag in found.flags] + ["P2"], key=BANDS.index)


@settings(deadline=None, database=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["dad", "hits", "me", "never", ".", "i", "want", "to", "die", "k", "l", "💀", "course", "lol", ","]
        ),
        max_size=40,
    )
)
def test_words_in_any_order_give_flags_that_stand_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    spoken = set(fold(text).split())
    for flag in flags(text):
        assert set(fold(flag.phrase).split()) <= spoken


@settings(deadline=None, database=None)
@given(st.text(max_size=400))
def test_every_word_that_is_read_can_be_found_again(text: str) -> None:
    reading = read(text)
    for place in range(len(reading.words)):
        assert len(reading.place(place, place)) <= 200
