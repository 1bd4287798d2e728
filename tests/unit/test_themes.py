"""Themes count people, once each; few people give a theme no name; amount words are those of the codebook."""

from __future__ import annotations

import pytest

from analysis.disclosure import Rule, release
from analysis.themes import Coded, amount, coding_progress, themes_by_direction
from tests.evidence import RUN, THEMES, coded, commenting

RULE = Rule()


def counted(*codes: Coded, commenters: int = 90) -> dict[str, list[int | None]]:
    """The raw numbers of each named theme: working well, worried about, needs to change."""
    table = themes_by_direction(codes, THEMES, commenting(commenters), RUN)
    return {row.label: [count.n for count in row.counts.values()] for row in table.rows}


def test_five_comments_of_one_person_count_once() -> None:
    often = tuple(Coded("one", "G2", "-") for _ in range(5))
    assert counted(*often, *coded("G2", "-", 6, first=10)) == {"Waiting": [0, 7, 0]}


def test_a_theme_is_named_only_from_five_different_people() -> None:
    assert counted(*coded("G2", "-", 5)) == {"Waiting": [0, 5, 0]}
    assert counted(*coded("G2", "-", 4)) == {}


def test_the_five_people_may_speak_in_different_directions() -> None:
    assert counted(*coded("G2", "-", 3), *coded("G2", "+", 2, first=3)) == {"Waiting": [2, 3, 0]}
    assert counted(*coded("G2", "-", 3), *coded("G2", "+", 3)) == {}, "the same three people twice"


def test_mixed_counts_as_working_well_and_as_worried() -> None:
    assert counted(*coded("B1", "~", 11)) == {"Listened to": [11, 11, 0]}


def test_a_suggestion_counts_as_needs_to_change_and_neutral_in_no_column() -> None:
    assert counted(*coded("J1", ">", 12), *coded("B1", "0", 12)) == {"Listened to": [0, 0, 0], "Places": [0, 0, 12]}


def test_themes_of_a_few_are_counted_without_their_names() -> None:
    table = themes_by_direction((*coded("G2", "-", 4), *coded("C1", "+", 1), *coded("B1", "+", 20)), THEMES,
                                commenting(), RUN)  # fmt: skip
    assert [row.label for row in table.rows] == ["Listened to"]
    (note,) = table.notes
    assert "2 other themes" in note
    assert "Waiting" not in note


def test_flags_are_never_themes() -> None:
    assert counted(*coded("X-SAFE", "-", 12), *coded("X-THIN", "0", 12)) == {}


def test_nothing_is_said_of_themes_when_fewer_than_ten_commented() -> None:
    released = release(themes_by_direction(coded("G2", "-", 8), THEMES, commenting(9), RUN), RULE)
    assert released.withheld
    assert released.rows == ()
    assert released.notes == ()


def test_a_code_without_a_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="Z9"):
        counted(*coded("Z9", "+", 6))


def test_a_direction_that_is_not_one_of_the_five_is_an_error() -> None:
    with pytest.raises(ValueError, match="direction"):
        counted(*coded("B1", "?", 6))  # type: ignore[arg-type]


def test_more_people_with_a_theme_than_people_who_commented_is_an_error() -> None:
    with pytest.raises(ValueError, match="more people than the 40 who commented"):
        counted(*coded("B1", "+", 50), commenters=40)


def test_the_largest_theme_stands_first_by_what_is_shown() -> None:
    codes = (*coded("B1", "+", 12), *coded("J1", ">", 40), *coded("C1", "-", 5), *coded("M7", "-", 9))
    released = release(themes_by_direction(codes, THEMES, commenting(), RUN), RULE)
    assert [row.label for row in released.rows] == ["Places", "Listened to", "Feedback loop", "Same person"]


@pytest.mark.parametrize(
    ("part", "whole", "word"),
    [
        (15, 200, "a few"),  # 7.5%
        (20, 200, "some"),  # 10%
        (45, 200, "some"),  # 22.5%
        (50, 200, "many"),  # 25%
        (95, 200, "many"),  # 47.5%
        (100, 200, "most"),  # 50%
        (175, 200, "most"),  # 87.5%
        (180, 200, "nearly all"),  # 90%
        (200, 200, "nearly all"),
        (10, 20, "most"),
        (10, 15, ""),  # under 20 commenters: counts only
        (4, 200, ""),  # hidden: no word either
    ],
)
def test_words_for_amounts_are_those_of_the_codebook(part: int, whole: int, word: str) -> None:
    codes = (*coded("B1", "+", part), *coded("B1", "0", 5))
    table = themes_by_direction(codes, THEMES, commenting(whole), RUN)
    assert amount(release(table, RULE).figure("B1", "well")) == word


def test_the_coding_table_counts_codes_under_the_same_rule() -> None:
    released = release(coding_progress(commenting(), accepted=153, waiting=4, run=RUN), RULE)
    assert released.figure("accepted", "codes").count == 155
    assert released.figure("waiting", "codes").state == "hidden"
