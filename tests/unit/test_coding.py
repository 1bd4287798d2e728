"""Suggestions help a person to code: they are sensible, they abstain, they never quote anybody, and they never vary."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.codebook import Codebook, load
from analysis.coding import Suggestion, direction, suggest
from analysis.corpus import Comment

VOICE = Path(__file__).resolve().parents[2] / "surveys" / "codebooks" / "voice.yaml"


@pytest.fixture(scope="module")
def voice() -> Codebook:
    return load(VOICE)


def comment(text: str, *, number: str = "c1", language: str | None = "en", asks: str = "") -> Comment:
    return Comment(id=number, person=f"p-{number}", text=text, language=language, direction=asks)


def codes(suggestions: list[Suggestion]) -> list[str]:
    return [one.code for one in suggestions]


def decided(count: int, text: str, code: str) -> list[tuple[Comment, str]]:
    return [(comment(f"{text} {number}", number=f"{code}-{number}"), code) for number in range(count)]


def test_a_hint_is_suggested_with_the_phrase_that_was_found(voice: Codebook) -> None:
    (only,) = suggest([comment("Nobody LISTENED to me about the taxi")], voice)
    assert (only.comment, only.code, only.method, only.because) == ("c1", "B1", "phrase", "listened to me")
    assert 0.0 < only.score < 1.0


def test_more_words_of_the_codebook_put_a_code_first(voice: Codebook) -> None:
    found = suggest([comment("the same social workers in a meeting about youth club and things to do")], voice)
    assert found[0].code == "J6"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "fine",
        "Nothing.",
        "idk",
        "n/a",
        "all good thanks",
        "OK!!",
        "\U0001f600\U0001f622",
        "...",
        "",
        "12",
        "\u200b",
        "no",
    ],
)
def test_a_thin_comment_is_called_thin_and_nothing_else(voice: Codebook, text: str) -> None:
    (only,) = suggest([comment(text)], voice)
    assert (only.code, only.direction) == ("X-THIN", "")


def test_a_thin_comment_is_known_before_its_language_is(voice: Codebook) -> None:
    """A word or two are too few to tell a language by."""
    assert codes(suggest([comment("idk", language=None)], voice)) == ["X-THIN"]
    assert codes(suggest([comment("\U0001f622", language="ur")], voice)) == ["X-THIN"]
    assert suggest([comment("no", language="pl")], voice) == []


def test_a_comment_that_only_begins_thin_is_read(voice: Codebook) -> None:
    assert "G2" in codes(suggest([comment("fine but we waited months")], voice))


@pytest.mark.parametrize(
    "text",
    [
        "he hits me",
        "I am scared of my uncle",
        "i want to kil\u200bl myself",
        "I don\u2019t feel safe",
        "i do not feel safe",
        "my suiside note",
    ],
)
def test_possible_harm_comes_first(voice: Codebook, text: str) -> None:
    found = suggest([comment(f"the staff are kind and listen and we wait months. {text}")], voice)
    assert found[0].code == "X-SAFE"
    assert len(found) > 1


def test_possible_harm_does_not_use_up_a_place_for_a_theme(voice: Codebook) -> None:
    found = suggest([comment("he hits me and nobody listens")], voice, limit=1)
    assert codes(found) == ["X-SAFE", "B1"]


@pytest.mark.parametrize("language", ["ur", "pl", None])
def test_themes_are_suggested_in_the_language_of_the_codebook_only(voice: Codebook, language: str | None) -> None:
    assert suggest([comment("nobody listens, we wait months", language=language)], voice) == []


def test_a_word_of_harm_puts_a_comment_forward_in_any_language(voice: Codebook) -> None:
    assert codes(suggest([comment("on ma knife v izbe, nobody listens", language="sk")], voice)) == ["X-SAFE"]


def test_the_language_that_was_read_outranks_the_page(voice: Codebook) -> None:
    english_on_polish_pages = comment("nobody listens to us", language="pl")
    assert "B1" in codes(suggest([english_on_polish_pages], voice, languages={"c1": "en"}))
    assert suggest([comment("nobody listens to us", language="en")], voice, languages={"c1": "pl"}) == []
    assert "B1" in codes(suggest([comment("nobody listens to us", language="en-GB")], voice, languages={}))


@pytest.mark.parametrize(
    ("text", "asks", "expected"),
    [
        ("we waited months", "-", "-"),
        ("more lights in the park", "-", ">"),
        ("more lights in the park", "", ">"),
        ("please put lights in the park", "~", ">"),
        ("better lights in the park", "0", ">"),
        ("it would help to have lights", "", ">"),
        ("they listen more when I need it", "+", "+"),
        ("brilliant kind worker", "", "+"),
        ("horrible waiting list", "", "-"),
        ("I do not feel safe in the park", "", ""),
        ("the park", "", ""),
    ],
)
def test_the_direction_is_what_the_words_or_the_question_say_or_left_open(text: str, asks: str, expected: str) -> None:
    assert direction(comment(text, asks=asks), "en") == expected


def test_a_suggestion_carries_the_direction_and_a_flag_has_none(voice: Codebook) -> None:
    found = suggest([comment("more lights in the park, someone had a knife", asks="-")], voice)
    assert {one.code: one.direction for one in found} == {"X-SAFE": "", "J1": ">", "J2": ">"}


def test_at_most_so_many_codes_a_comment(voice: Codebook) -> None:
    text = "we waited months, nobody listens, the toilets are locked, kind interpreter, new worker, no money"
    assert len(suggest([comment(text)], voice)) == 3
    assert len(suggest([comment(text)], voice, limit=5)) == 5
    assert suggest([comment(text)], voice, limit=0) == []
    with pytest.raises(ValueError, match="negative"):
        suggest([], voice, limit=-1)


def test_words_like_an_example_are_suggested_though_no_hint_matches(voice: Codebook) -> None:
    found = suggest([comment("there are five of us living in two rooms")], voice)
    by_likeness = [one for one in found if one.method == "similarity"]
    assert [(one.code, one.because) for one in by_likeness] == [("I8", "five of us in two rooms")]
    assert 0.0 < by_likeness[0].score <= 1.0


def test_a_comment_like_nothing_in_the_codebook_gets_no_suggestion(voice: Codebook) -> None:
    assert suggest([comment("Our neighbour collects stamps and sings opera on Fridays")], voice) == []


def test_what_people_decided_is_learnt_from_a_hundred_comments_on(voice: Codebook) -> None:
    taught = [*decided(60, "the taxi came late to my contact visit", "C2"), *decided(60, "lovely dinner ladies", "D5")]
    new = comment("my taxi to the contact visit came so late", number="new")
    assert "C2" not in codes(suggest([new], voice, decided=taught[:99]))
    (only,) = [one for one in suggest([new], voice, decided=taught) if one.code == "C2"]
    assert only.method == "similarity"
    assert only.because == "like comments that people have coded C2"


def test_comments_that_people_gave_only_a_flag_teach_that_no_code_belongs(voice: Codebook) -> None:
    taught = [*decided(30, "the taxi came late to my contact visit", "C2"), *decided(120, "unrelated", "D5")]
    flagged = decided(90, "my taxi to the contact visit came so late", "X-NEW")
    new = comment("my taxi to the contact visit came so late", number="new")
    assert "C2" in codes(suggest([new], voice, decided=taught))
    assert "C2" not in codes(suggest([new], voice, decided=[*taught, *flagged]))


def test_a_comment_does_not_teach_about_itself(voice: Codebook) -> None:
    own = comment("zebra crossing by the quarry wall", number="own")
    taught = [*decided(120, "lovely dinner ladies", "D5"), (own, "J1")]
    assert "J1" not in codes(suggest([own], voice, decided=taught))


def test_decisions_in_another_language_or_for_a_code_that_is_gone_do_no_harm(voice: Codebook) -> None:
    polish = [(comment(f"taxi {number}", number=f"pl-{number}", language="pl"), "C2") for number in range(150)]
    gone = decided(150, "taxi was late", "Z9")
    new = comment("taxi was late", number="new")
    assert suggest([new], voice, decided=[*polish, *gone]) == suggest([new], voice)


def test_no_suggestion_quotes_anybody(voice: Codebook) -> None:
    secret = "Zanzibar Quillfeather"
    taught = decided(120, f"{secret} my taxi came late to contact", "C2")
    found = suggest([comment(f"{secret} my taxi came late to contact, nobody listens")], voice, decided=taught)
    assert "C2" in codes(found)
    assert not any("zanzibar" in one.because.casefold() or "taxi came" in one.because for one in found)


def test_suggestions_do_not_hang_on_what_others_wrote_or_on_chance(voice: Codebook) -> None:
    texts = [
        "nobody listens",
        "we waited months",
        "kind worker",
        "five of us living in two rooms",
        "fine",
        "he hits me",
    ]
    many = [comment(text, number=str(place)) for place, text in enumerate(texts * 200)]
    together = suggest(many, voice)
    assert together == suggest(many, voice)
    assert [one for one in together if one.comment == "3"] == suggest([many[3]], voice)
    assert [one.comment for one in together] == sorted((one.comment for one in together), key=int)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 65_536,
        "bully " * 11_000,
        "\u202eevil rtl override\u202c",
        "Z\u0351\u036b\u0343a\u0343\u036al\u0334\u0335g\u0321o",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 3_000,
        "\u0315\u0327" * 30_000,
        '=HYPERLINK("http://example.invalid","x")',
        "{{7*7}} ${7*7} {nickname} %s",
        "' OR '1'='1",
        "<img src=x onerror=alert(1)>",
        "\ud83d lone",
        "\x1b[31mred\x1b[0m",
    ],
    ids=lambda value: ascii(value[:12]),
)
def test_hostile_text_is_only_text(voice: Codebook, text: str) -> None:
    for one in suggest([comment(text)], voice):
        assert one.because in ("no words", *voice.lookup(one.code).hints) or one.method == "similarity"
        assert 0.0 <= one.score <= 1.0


def test_nothing_to_read_gives_nothing(voice: Codebook) -> None:
    assert suggest([], voice) == []


def test_a_codebook_without_flags_or_with_one_bare_code_still_works(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text(
        'codebook: bare\nversion: "1"\ntitle: Bare\nlanguage: en\nframes: []\nthemes:\n'
        "  - {theme: A, name: All, codes: [{code: A1, name: The, definition: And it was, frames: []}]}\n",
        encoding="utf-8",
    )
    bare = load(path)
    assert suggest([comment("fine"), comment("\U0001f622", number="c2")], bare) == []
