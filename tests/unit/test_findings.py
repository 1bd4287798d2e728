"""What a report says: only what may be shown, in plain sentences, and honestly where there is nothing to say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from analysis.counts import Count, Table
from analysis.disclosure import Rule
from analysis.findings import NEEDS, Evidence, Findings, FrameFinding, assemble
from analysis.findings import sentences as say
from analysis.tables import CollectionFacts, Denominator, Tally
from analysis.themes import Coded
from tests.evidence import ALWAYS, FRAMES, RUN, YES_NO, facts, full_evidence, item, tally

RULE = Rule()


@pytest.fixture(scope="module")
def findings() -> Findings:
    return assemble(full_evidence(), RULE)


def only(*tallies: Tally, collections: tuple[CollectionFacts, ...] | None = None) -> Evidence:
    return Evidence("Example borough", False, RUN, collections or (facts(),), tallies, (), FRAMES)


def one(of: Tally) -> str:
    return assemble(only(of), RULE).items[0].sentence


def frame(findings: Findings, code: str) -> FrameFinding:
    frames = (*findings.priorities, *findings.needs, *findings.statements)
    return next(found for found in frames if found.code == code)


def inside(thing: object) -> Iterator[object]:
    """Everything that findings hold, however deep."""
    yield thing
    if dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from inside(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        for part in thing:
            yield from inside(part)


# Only what may be shown


def test_findings_hold_no_raw_count(findings: Findings) -> None:
    raw = (Count, Table, Tally, CollectionFacts, Coded, Evidence, Denominator)
    assert [thing for thing in inside(findings) if isinstance(thing, raw)] == []


def test_every_table_carries_where_it_comes_from(findings: Findings) -> None:
    assert len(findings.tables) == len({table.trace.id for table in findings.tables})
    for table in findings.tables:
        trace = table.trace
        assert trace.question
        assert trace.survey
        assert trace.collections
        assert trace.only
        assert trace.run == RUN
        assert dataclasses.replace(table.rule, base_to=0) == RULE


def test_a_stricter_rule_reaches_every_sentence() -> None:
    strict = assemble(full_evidence(), Rule(hide_below=20, round_to=10, percent_base=100))
    assert strict.items[0].sentence == "About 100 of 130 young people answered “Always” or “Mostly” (77%)."
    assert strict.items[1].sentence == "About 60 of 80 young people answered “Always” or “Mostly”."
    assert "fewer than 20 people" in strict.limits[1]


def test_a_question_tallied_twice_is_refused() -> None:
    of = tally(item(options=YES_NO), (40, 8, 0))
    with pytest.raises(ValueError, match="Tallied twice"):
        only(of, of)


def test_the_same_question_after_two_courses_is_two_questions() -> None:
    of = [tally(item("TF10", options=YES_NO, section="training", course=c), (40, 8, 0)) for c in ("A", "B")]
    assert [course.title for course in assemble(only(*of), RULE).courses] == ["A", "B"]


# Sentences


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((27, 9, 8, 4, 3, 0), "About 35 of 50 young people answered “Always” or “Mostly” (70%)."),
        ((12, 4, 3, 2, 1, 0), "About 15 of 20 young people answered “Always” or “Mostly”."),
        ((3, 2, 30, 20, 10, 0), "How many young people answered “Always” or “Mostly” is hidden, to protect them."),
        ((4, 2, 1, 0, 0, 0), say.too_few("young people")),
        ((600, 700, 40, 20, 10, 0), "About 1,300 of 1,370 young people answered “Always” or “Mostly” (95%)."),
    ],
)  # fmt: skip
def test_a_question_is_told_in_a_sentence_with_its_base(counts: tuple[int, ...], words: str) -> None:
    assert one(tally(item(options=ALWAYS), counts)) == words


def test_a_question_without_a_better_end_tells_the_answers_given_most() -> None:
    options = tuple(dataclasses.replace(option, positive=False) for option in YES_NO)
    words = one(tally(item(options=options), (21, 42, 0)))
    assert words == "Young people most often answered “No” (about 40 of 65, 62%) and “Yes” (about 20 of 65, 31%)."


def test_several_audiences_are_called_people() -> None:
    both = (facts(), facts("p", "Parents", {"English": 40}, "parent"))
    of = tally(item(options=YES_NO), (40, 30, 0), collections=("yp-2025", "p"))
    assert assemble(only(of, collections=both), RULE).items[0].people == "people"


def test_an_unknown_audience_is_an_error() -> None:
    with pytest.raises(ValueError, match="No audience is called"):
        assemble(only(collections=(facts(audience="aliens"),)), RULE)


def test_anonymous_is_said_only_of_answers_that_this_software_took() -> None:
    assert "anonymous" in say.privacy("anonymous", "survey")
    assert "anonymous" not in say.privacy("anonymous", "imported")
    with pytest.raises(ValueError, match="No mode"):
        say.privacy("secret", "survey")


# The report's parts


def test_all_eight_needs_are_there_in_order_asked_or_not(findings: Findings) -> None:
    assert tuple(need.code for need in findings.needs) == NEEDS
    assert frame(findings, "ND-R").words == "No question about this was asked in the period."


def test_a_question_stands_under_each_frame_it_speaks_to_with_the_same_table(findings: Findings) -> None:
    (need,), education = frame(findings, "ND-V").items, frame(findings, "PRI-SE").items
    assert need in education
    assert [found.item.id for found in education] == ["YP33", "YP32"]


def test_a_question_under_no_frame_is_not_lost(findings: Findings) -> None:
    assert [found.item.id for found in findings.others] == ["YP94"]
    assert [found.item.id for found in findings.conditions] == ["YP04"]
    assert [found.item.id for found in findings.about_people] == ["DM02"]


def test_training_answers_do_not_speak_for_children(findings: Findings) -> None:
    mixed = only(tally(item("TF13", options=YES_NO, frames=("TR-1", "ND-V"), section="training"), (40, 8, 0)))
    assert frame(assemble(mixed, RULE), "ND-V").items == ()


def test_themes_stand_in_three_boxes_with_their_numbers(findings: Findings) -> None:
    boxes = {box.column.label: [(line.theme, line.raised_by) for line in box.lines] for box in findings.boxes}
    assert boxes["Needs to change"] == [
        ("Places", "many of those who commented (about 30 of 95, 32%)"),
        ("Waiting", "some of those who commented (about 15 of 95, 16%)"),
    ]
    assert [theme for theme, _ in boxes["Worried about"]] == ["Waiting", "Places", "Listened to"]


def test_suggestions_are_told_and_never_counted() -> None:
    evidence = full_evidence()
    (voice,) = evidence.comments
    more = dataclasses.replace(evidence, comments=(dataclasses.replace(voice, waiting=4000),))
    before, after = assemble(evidence, RULE), assemble(more, RULE)
    assert before.comments[0].themes == after.comments[0].themes
    assert before.boxes == after.boxes
    assert "nobody has decided on: about 4,000" in after.comments[0].words[-1]


def test_a_theme_is_told_under_the_need_it_maps_to(findings: Findings) -> None:
    told = {column.label: [line.theme for line in lines] for column, lines in frame(findings, "ND-U").themes}
    assert told == {"Working well": ["Listened to"], "Worried about": ["Listened to"]}


def test_training_tells_its_response_rate_against_attendance_or_that_it_is_not_known(findings: Findings) -> None:
    ours, brought = findings.courses
    assert ours.words == (
        "Level 3 Safeguarding: end of the day: about 90 of 125 people who attended replied (72%). "
        "Attendance comes from booking system, 31 March 2026.",
    )
    assert "not known, so there is no response rate" in brought.words[0]
    assert [len(level.items) for level in ours.levels] == [1, 1, 0, 0]


def test_rates_name_their_own_denominator(findings: Findings) -> None:
    young = findings.rates[0]
    assert (young.eligible.count, young.eligible.of, young.eligible.percent) == (140, 1985, 7)
    assert (young.attended.of, young.attended.percent) == (None, None)


def test_the_first_page_counts_answers_by_audience(findings: Findings) -> None:
    assert [(key.label, key.figure.count) for key in findings.key_figures] == [
        ("answers from young people", 140),
        ("answers from practitioners", 1055),
        ("people wrote a comment (Young person: life and safety)", 95),
    ]


# Honesty


def test_who_was_not_heard_is_told_without_telling_how_few(findings: Findings) -> None:
    words = " ".join(findings.not_heard)
    assert "youth club: too few young people took part" in words
    assert "Polish or Slovak" in words, "6 and 0 cannot be told apart"
    assert "“Were you offered an advocate?”" in words
    assert "Training day feedback 2018: how many could have answered is not known" in words


def test_a_language_with_enough_answers_is_not_called_unheard(findings: Findings) -> None:
    assert not any("Urdu" in line for line in findings.not_heard)


def test_what_was_not_asked_stands_under_little_or_no_progress(findings: Findings) -> None:
    words = " ".join(findings.little_progress)
    assert "Nothing was asked about: Child exploitation; Respect;" in words
    assert "Too few people answered to report on: Advocacy" in words
    assert "Change in practice: nothing was asked after Level 3 Safeguarding and Instructor training" in words


def test_an_empty_year_says_so_everywhere() -> None:
    empty = assemble(Evidence("Example borough", True, RUN, (), (), (), FRAMES), RULE)
    assert empty.tables == ()
    assert empty.not_heard == ("No survey was open in this period, so nobody was asked.",)
    assert {box.words for box in empty.boxes} == {"No comments were collected in this period."}
    assert empty.summary[0] == "0 of the 8 needs have answers from at least 10 people."
    assert any("No answers about training" in line for line in empty.little_progress)


def test_a_year_with_too_few_people_says_nothing_of_them() -> None:
    few = assemble(only(tally(item(options=YES_NO), (4, 3, 0)), collections=(facts(languages={"English": 7}),)), RULE)
    assert few.items[0].table.withheld
    assert few.rates[0].row.withheld
    assert [key.figure.state for key in few.key_figures] == ["hidden"]


def test_a_report_needs_a_name_for_each_need() -> None:
    with pytest.raises(ValueError, match="ND-A"):
        Evidence("X", False, RUN, (), (), (), {code: frame for code, frame in FRAMES.items() if code != "ND-A"})


def test_a_section_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="no section"):
        only(tally(item(options=YES_NO, section="voices"), (40, 8, 0)))
