"""Raw counts become raw tables: what counts, what is left out, and which numbers add up to which."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.counts import BASE, Period, Place, Run
from analysis.disclosure import Rule, exposed, release
from analysis.tables import PEOPLE, Denominator, Option, Tally, distribution, participation, positive_words
from tests.evidence import ALWAYS, PLACES, RUN, YES_NO, facts, item, tally

TITLES = {"yp-2025": "Autumn 2025", "yp-club": "Youth club"}
RULE = Rule()


def number(table_row: str, of: Tally) -> int | None:
    table = distribution(of, TITLES, RUN)
    return next(row.counts[PEOPLE].n for row in table.rows if row.id == table_row)


def test_blank_not_sure_and_prefer_not_to_say_are_left_out_of_the_base_and_shown_apart() -> None:
    table = distribution(tally(item(), (40, 30, 20, 10, 5, 12), blank=7), TITLES, RUN)
    assert table.base == 105
    left_out = {row.label: row.counts[PEOPLE].n for row in table.rows if row.part == "left-out"}
    assert left_out == {"Prefer not to say": 12, "Left blank": 7}
    assert all(row.counts[PEOPLE].of is None for row in table.rows if row.part == "left-out")
    released = release(table, RULE)
    assert released.figure("5", PEOPLE).percent == 38, "40 of 105, never of the 124 who were asked"


def test_the_headline_is_the_share_of_positive_answers_and_says_which() -> None:
    of = tally(item(), (40, 30, 20, 10, 5, 12), blank=7)
    assert positive_words(of.item) == "“Always” or “Mostly”"
    assert number("(headline)", of) == 70


def test_three_positive_answers_are_listed() -> None:
    options = tuple(Option(v, v.upper(), positive=v != "d") for v in "abcd")
    assert positive_words(item(options=options)) == "“A”, “B” or “C”"


def test_a_question_with_one_positive_answer_shows_it_once() -> None:
    table = distribution(tally(item(options=YES_NO), (40, 30, 2)), TITLES, RUN)
    assert [row.id for row in table.rows if row.part == "headline"] == []


def test_a_positive_answer_that_is_missing_never_counts_towards_the_headline() -> None:
    options = (*ALWAYS[:5], Option("na", "Not part of my role", missing="not-applicable", positive=True))
    assert number("(headline)", tally(item(options=options), (20, 20, 10, 10, 10, 50))) == 40


def test_where_people_may_pick_several_the_base_is_people_and_there_is_no_headline() -> None:
    of = tally(item(options=PLACES, several=True), (50, 45, 20), blank=6, answered=70)
    table = distribution(of, TITLES, RUN)
    assert table.base == 70
    assert [row.id for row in table.rows if row.part == "headline"] == []
    assert table.notes == ("People could pick more than one answer.",)


def test_a_table_names_its_question_wave_filter_period_and_day() -> None:
    of = tally(item(), (40, 30, 20, 10, 5, 12), collections=("yp-2025", "yp-club"), only="Answered alone")
    trace = distribution(of, TITLES, RUN).trace
    assert trace.question == "I feel safe where I live."
    assert trace.collections == ("Autumn 2025", "Youth club")
    assert trace.only == "Answered alone"
    assert trace.run.period == RUN.period
    assert trace.run.on == date(2026, 4, 14)


def test_every_sum_a_reader_could_work_out_is_listed() -> None:
    table = distribution(tally(item(), (40, 30, 20, 10, 5, 12), blank=7), TITLES, RUN)
    sums = {one.total: {place.row or "base" for place in one.parts} for one in table.sums}
    assert sums == {
        Place("(headline)", PEOPLE): {"5", "4"},
        BASE: {"(headline)", "3", "2", "1"},
        Place("(asked)", PEOPLE): {"base", "pns", "(blank)"},
    }


def test_a_lost_answer_is_an_error() -> None:
    with pytest.raises(ValueError, match="make another number"):
        Tally(item(options=YES_NO), asked=50, blank=1, counts={"yes": 40, "no": 8}, collections=("yp-2025",))


def test_an_answer_that_was_never_offered_is_an_error() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        Tally(item(options=YES_NO), asked=1, blank=0, counts={"perhaps": 1}, collections=("yp-2025",))


def test_more_picks_of_one_answer_than_people_is_an_error() -> None:
    with pytest.raises(ValueError, match="more people than its base"):
        distribution(tally(item(options=PLACES, several=True), (50, 5, 5), answered=40), TITLES, RUN)


def test_a_tally_of_an_unknown_collection_is_an_error() -> None:
    with pytest.raises(ValueError, match="yp-1999"):
        distribution(tally(item(options=YES_NO), (40, 8, 0), collections=("yp-1999",)), TITLES, RUN)


def test_a_period_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Run(Period(date(2026, 3, 31), date(2025, 4, 1)), on=date(2026, 4, 14))


# Participation


def test_participation_keeps_each_denominator_with_its_source_and_day() -> None:
    roll = Denominator(1987, "school census", date(2025, 5, 15))
    table = participation([facts(started=80, eligible=roll)], {}, 10, RUN)
    row = table.rows[0]
    assert row.counts["eligible"].n == 1987
    assert row.words["eligible source"] == "school census"
    assert row.words["eligible on"] == "2025-05-15"
    assert row.counts["invited"].n is None, "nobody knows: not nought"


def test_a_language_that_was_not_offered_is_not_a_nought() -> None:
    table = participation([facts(languages={"English": 40, "Urdu": 0}), facts("b", "B", {"English": 30})], {}, 10, RUN)
    released = release(table, RULE)
    assert released.figure("yp-2025", "languages:Urdu").state == "hidden"
    assert released.figure("b", "languages:Urdu").state == "does not apply"


def test_a_collection_with_few_answers_is_too_few_to_report_and_in_no_total() -> None:
    several = [facts(), facts("b", "B", {"English": 41}), facts("c", "C", {"English": 4})]
    released = release(participation(several, {"young-person": "All young people"}, 10, RUN), RULE)
    assert released.row("c").withheld
    assert released.figure("(all young-person)", "completed").count == 105
    assert released.row("(all young-person)").word("note") == "without collections too small to report"


def test_languages_that_do_not_make_the_whole_are_an_error() -> None:
    lost = facts()
    with pytest.raises(ValueError, match="its parts are"):
        participation([type(lost)(**{**_fields(lost), "completed": 63})], {}, 10, RUN)


def _fields(of: object) -> dict[str, object]:
    return {name: getattr(of, name) for name in type(of).__slots__}  # type: ignore[attr-defined]


@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_small_number_of_participation_can_be_worked_out(waves: list[list[int]]) -> None:
    spoken = [dict(zip(("English", "Urdu", "Polish", "Slovak"), people, strict=False)) for people in waves]
    collections = [facts(f"c{n}", f"C{n}", languages) for n, languages in enumerate(spoken)]
    table = participation(collections, {"young-person": "All young people"}, 10, RUN)
    released = release(table, RULE)
    hidden = {Place(one.row, one.column) for one in released.slices() if one.figure.state == "hidden"}
    if not released.withheld:
        assert exposed(table, RULE, hidden) == ()
    for one in released.slices():
        assert one.figure.count is None or one.figure.count >= 10
