"""What a reader may see of a count, and what a clever reader may work out. The rule is that of promises.md."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis import disclosure
from analysis.counts import BASE, Column, Count, Place, Row, Sum, Table, Trace
from analysis.disclosure import Figure, ReleasedTable, Rule, bounds, release, share
from analysis.tables import Item, Option, distribution
from tests.evidence import RUN, tally

RULE = Rule()
TITLES = {"yp-2025": "Autumn 2025"}

counts = st.one_of(st.integers(0, 14), st.integers(0, 60), st.integers(0, 5000))


def simple(numbers: list[int], total: int | None = None, *, keep_total: bool = True) -> Table:
    """One column of numbers that make a total, with a base of that total."""
    rows = tuple(Row(f"r{n}", f"Answer {n}", {"people": Count(value, of=BASE)}) for n, value in enumerate(numbers))
    parts = tuple(Place(row.id, "people") for row in rows)
    return Table(
        trace=Trace("t", "A table", "A question?", "A survey", ("A wave",), "Everyone", RUN),
        base=sum(numbers) if total is None else total,
        base_of="answered",
        columns=(Column("people", "People"),),
        rows=rows,
        sums=(Sum(BASE, parts),) if keep_total else (),
    )


def shown(table: ReleasedTable) -> list[int | None]:
    return [one.figure.count for one in table.slices()]


@st.composite
def item_tables(draw: st.DrawFn) -> Table:
    """The answers to one question, with and without a better end, one answer or several."""
    answers = draw(st.integers(2, 6))
    positive = draw(st.integers(0, answers - 1))
    missing = draw(st.integers(0, 2))
    options = (
        *(Option(f"a{n}", f"Answer {n}", positive=n < positive) for n in range(answers)),
        *(Option(f"m{n}", f"Missing {n}", missing="not-sure") for n in range(missing)),
    )
    numbers = [draw(counts) for _ in options]
    several = draw(st.booleans())
    item = Item("s", "Survey", "q", "A question?", options, (), "voice", several)
    answered = None
    if several:
        given_answers = numbers[:answers]
        answered = draw(st.integers(max(given_answers), sum(given_answers)))
    people = None if answered is None else answered + sum(numbers[answers:])
    made = tally(item, numbers, draw(counts), answered=people)
    return distribution(made, TITLES, RUN)


# What may be shown


@given(item_tables())
def test_no_count_from_1_to_9_is_ever_shown_and_every_other_is_a_multiple_of_5(table: Table) -> None:
    released = release(table, RULE)
    for figure in (released.base, *(one.figure for one in released.slices())):
        if figure.shown:
            assert figure.count is not None
            assert figure.count >= 10
            assert figure.count % 5 == 0
        else:
            assert figure.count is None


@given(item_tables())
def test_a_percentage_stands_only_on_a_base_of_30_and_comes_from_what_is_shown(table: Table) -> None:
    for one in release(table, RULE).slices():
        figure = one.figure
        if figure.percent is not None:
            assert figure.of is not None
            assert figure.count is not None
            assert figure.of >= 30
            assert figure.percent == int(100 * figure.count / figure.of + 0.5)
        elif figure.of is not None:
            assert figure.of < 30


@given(item_tables())
def test_a_table_with_fewer_than_10_answers_says_nothing(table: Table) -> None:
    released = release(table, RULE)
    assert table.base is not None
    if table.base < 10:
        assert released.withheld
    if released.withheld:
        assert released.rows == ()
        assert released.base.state == "hidden"


@given(item_tables())
def test_releasing_is_pure(table: Table) -> None:
    before = copy.deepcopy(table)
    assert release(table, RULE) == release(table, RULE)
    assert table == before


@pytest.mark.parametrize(
    ("n", "seen"), [(9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1002, 1000), (1003, 1005)]
)
def test_rounding_is_to_the_nearest_5(n: int, seen: int | None) -> None:
    assert shown(release(simple([n, 500]), RULE))[0] == seen


def test_a_base_of_exactly_30_after_rounding_is_the_first_with_percentages() -> None:
    below, at = release(simple([13, 14]), RULE), release(simple([14, 14]), RULE)
    assert (below.base.count, at.base.count) == (25, 30)
    assert [one.figure.percent for one in below.slices()] == [None, None]
    assert [one.figure.percent for one in at.slices()] == [50, 50]


def test_nought_looks_the_same_as_nine() -> None:
    nought, nine = release(simple([0, 3, 60]), RULE), release(simple([9, 3, 60]), RULE)
    assert [one.figure for one in nought.slices()][:2] == [one.figure for one in nine.slices()][:2]


def test_what_nobody_knows_is_not_shown_as_hidden() -> None:
    table = dataclasses.replace(simple([40, 60]), rows=(Row("r", "R", {"people": Count(None)}),), sums=())
    assert release(table, RULE).figure("r", "people").state == "not known"


def test_the_order_of_rows_follows_what_is_shown_not_what_is_hidden() -> None:
    rows = tuple(Row(name, name, {"people": Count(n)}) for name, n in (("b", 2), ("c", 9), ("a", 1), ("z", 40)))
    table = dataclasses.replace(simple([60]), rows=rows, sums=(), largest_first=True)
    assert [row.id for row in release(table, RULE).rows] == ["z", "a", "b", "c"]


def test_a_row_whose_base_is_small_is_withheld_whole() -> None:
    columns = (Column("asked", "Asked"), Column("done", "Done"))
    rows = tuple(
        Row(name, name, {"asked": Count(asked), "done": Count(done)}, base="done")
        for name, asked, done in (("large", 80, 44), ("small", 80, 9))
    )
    released = release(dataclasses.replace(simple([1]), base=None, columns=columns, rows=rows, sums=()), RULE)
    assert [figure.count for figure in released.row("large").figures] == [80, 45]
    assert released.row("small").withheld
    assert {figure.state for figure in released.row("small").figures} == {"hidden"}


# What a clever reader may work out


def reachable(table: Table, rule: Rule, hidden: set[Place]) -> dict[Place, tuple[int, int]]:
    """The least and greatest value of each small number, by whole-number programming: another hand than ours."""
    numbers = table.numbers()
    places = list(numbers)
    low, high = [], []
    for place in places:
        n = numbers[place]
        if n < rule.hide_below:
            span = (0, rule.hide_below - 1)
        elif place in hidden:
            span = (rule.hide_below, 10**6)
        else:
            shown = rule.rounded(n, place)
            fits = [m for m in range(max(rule.hide_below, n - 60), n + 61) if rule.rounded(m, place) == shown]
            span = (fits[0], fits[-1])
        low.append(span[0])
        high.append(span[1])
    lines, least, most = [], [], []
    for one in table.sums:
        line = np.zeros(len(places))
        line[places.index(one.total)] = -1
        for part in one.parts:
            line[places.index(part)] += 1
            if one.overlap:
                within = np.zeros(len(places))
                within[places.index(one.total)], within[places.index(part)] = 1, -1
                lines.append(within)
                least.append(0)
                most.append(np.inf)
        lines.append(line)
        least.append(0)
        most.append(np.inf if one.overlap else 0)
    found = {}
    for spot, place in enumerate(places):
        if numbers[place] >= rule.hide_below:
            continue
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(places))
            aim[spot] = sign
            solved = milp(
                aim,
                constraints=[LinearConstraint(np.array(lines), least, most)] if lines else [],
                integrality=np.ones(len(places)),
                bounds=Bounds(low, high),
            )
            assert solved.success
            ends.append(round(sign * solved.fun))
        found[place] = (ends[0], ends[1])
    return found


@settings(max_examples=60, deadline=None)
@given(item_tables())
def test_no_small_number_can_be_worked_out_more_closely_than_four(table: Table) -> None:
    released = release(table, RULE)
    if released.withheld:
        return
    hidden = {Place(one.row, one.column) for one in released.slices() if not one.figure.shown}
    for place, (least, most) in reachable(table, released.rule, hidden).items():
        assert most - least >= 4, (place, least, most)


@settings(max_examples=40, deadline=None)
@given(item_tables())
def test_our_arithmetic_finds_all_that_whole_number_programming_finds(table: Table) -> None:
    hidden = {place for place, n in table.numbers().items() if n < 10}
    ours = bounds(table, RULE, hidden)
    for place, ends in reachable(table, RULE, hidden).items():
        assert ours[place] == ends


@pytest.mark.parametrize("numbers", [[13, 13, 13, 13, 0], [17, 17, 9]])
def test_a_small_number_that_rounding_would_give_away_is_protected_by_its_neighbour(numbers: list[int]) -> None:
    table = simple(numbers)
    small = Place(f"r{len(numbers) - 1}", "people")
    least, most = bounds(table, RULE, {small})[small]
    assert least == most == numbers[-1], "rounding alone gives this number away"
    released = release(table, RULE)
    hidden = {Place(one.row, one.column) for one in released.slices() if not one.figure.shown}
    least, most = bounds(table, RULE, hidden)[small]
    assert most - least >= 4
    assert released.base.count is not None, "its neighbours go first, the base stays"
    assert len(hidden) < len(numbers), "no more is hidden than has to be"


def test_nothing_is_published_when_no_neighbour_can_protect_a_small_number() -> None:
    assert release(simple([11, 0]), RULE).withheld


def test_the_base_is_rounded_more_coarsely_where_that_protects_a_small_number() -> None:
    """244 were asked and 7 left it blank: a base of 235 beside 245 asked would leave 6 to 9."""
    rows = [("yes", 120), ("no", 117)]
    left_blank, asked = Place("blank", "people"), Place("asked", "people")
    table = dataclasses.replace(
        simple([n for _, n in rows]),
        rows=(
            *simple([n for _, n in rows]).rows,
            Row("blank", "Left blank", {"people": Count(7)}),
            Row("asked", "Asked", {"people": Count(244, yields="never")}),
        ),
        sums=(*simple([n for _, n in rows]).sums, Sum(asked, (BASE, left_blank))),
    )
    least, most = bounds(table, RULE, {left_blank})[left_blank]
    assert most - least < 4, "rounding to 5 alone gives it away"
    released = release(table, RULE)
    assert released.base.count == 240
    assert released.figure("asked", "people").count == 245
    assert any("nearest 10" in note for note in released.notes)


def test_a_number_that_stands_in_another_table_is_not_hidden_in_vain() -> None:
    table = simple([13, 13, 13, 13, 0])
    pinned = tuple(
        dataclasses.replace(row, counts={"people": dataclasses.replace(row.counts["people"], yields="never")})
        for row in table.rows
    )
    released = release(dataclasses.replace(table, rows=pinned), RULE)
    assert [one.figure.count for one in released.slices()] == [15, 15, 15, 15, None]
    assert released.rule.base_to > RULE.round_to, "so the base gives way instead"


def test_another_attack_can_stand_in_for_ours() -> None:
    """The later attack, over all tables together, comes in here."""
    asked: list[int] = []

    def wary(table: Table, rule: Rule, hidden: object) -> tuple[Place, ...]:
        asked.append(1)
        return (Place("r0", "people"),) if len(asked) == 1 else ()

    released = release(simple([3, 20, 40]), RULE, attack=wary)
    assert shown(released) == [None, None, 40]


# The rule and its seal


@pytest.mark.parametrize(
    "looser", [{"hide_below": 5}, {"round_to": 1}, {"percent_base": 20}, {"round_to": 3}, {"hide_below": 0}]
)
def test_a_rule_cannot_be_made_looser(looser: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"stricter|multiple"):
        Rule(**looser)


def test_a_rule_cannot_round_a_shown_number_below_its_own_threshold() -> None:
    with pytest.raises(ValueError, match="multiple of round_to"):
        Rule(hide_below=12)


@given(item_tables())
def test_a_stricter_rule_shows_nothing_below_it(table: Table) -> None:
    strict = Rule(hide_below=20, round_to=10, percent_base=100)
    for one in release(table, strict).slices():
        if one.figure.count is not None:
            assert one.figure.count >= 20
            assert one.figure.count % 10 == 0
            assert one.figure.percent is None or (one.figure.of or 0) >= 100


def test_nobody_else_can_make_a_released_table_or_figure() -> None:
    released = release(simple([20, 40]), RULE)
    with pytest.raises(TypeError):
        Figure(state="shown", count=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Only analysis"):
        Figure(state="shown", count=3, seal=object())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(released, withheld=True)
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(released.base, count=3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        released.base.count = 3  # type: ignore[misc]
    with pytest.raises(TypeError, match="Only analysis"):
        ReleasedTable(
            trace=released.trace,
            rule=RULE,
            base=released.base,
            base_of="",
            withheld=False,
            columns=(),
            rows=released.rows,
            notes=(),
            seal=None,
        )


def test_the_seal_is_named_in_no_other_module() -> None:
    here = Path(disclosure.__file__)
    others = (path for folder in ("analysis", "feedback_app") for path in (here.parents[1] / folder).rglob("*.py"))
    assert [path.name for path in others if path != here and "_SEAL" in path.read_text(encoding="utf-8")] == []


def test_a_released_table_survives_a_journey_through_a_queue() -> None:
    released = release(simple([20, 40]), RULE)
    assert pickle.loads(pickle.dumps(released)) == released  # noqa: S301 - our own bytes


def test_a_share_of_a_smaller_whole_has_no_percentage() -> None:
    """A roll that is out of date can be smaller than the number of answers."""
    part, whole = (release(simple([n]), RULE).base for n in (80, 60))
    figure = share(part, whole, RULE)
    assert (figure.count, figure.of, figure.percent) == (80, 60, None)


# Tables that do not hold together are refused


def test_a_total_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="its parts are"):
        simple([20, 40], total=61)


def test_a_sum_that_names_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no number at"):
        dataclasses.replace(simple([20]), sums=(Sum(BASE, (Place("gone", "people"),)),))
