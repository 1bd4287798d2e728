"""What staff type from a paper form becomes answers: numbers of options, a dot for blank, ? for unclear."""

from __future__ import annotations

import pytest

from feedback_app.documents.on_paper import on_paper
from feedback_app.journey.plan import lay_out
from feedback_app.questions.asked import Answer
from feedback_app.questions.registry import TYPES
from feedback_app.services.paper import keyed
from feedback_app.services.paper.keyed import Keyed
from tests.tiny import tiny


def typed(survey: str = "on_paper", **boxes: str) -> Keyed:
    """What the whole form says when this is typed and every other box is empty."""
    found = Keyed()
    for part in lay_out(on_paper(tiny(survey))).parts:
        one = keyed.read(part, {name.replace("__", "."): words for name, words in boxes.items()})
        found.answers |= one.answers
        found.unclear |= one.unclear
        found.troubles |= one.troubles
    return found


@pytest.mark.parametrize(
    ("name", "words", "answer"),
    [
        ("C1", "1", "yes"),
        ("S1", "2", "no"),
        ("S1", " 3 ", "pns"),
        ("S1", "", ""),
        ("S1", ".", ""),
        ("S2", " More light.\r\nAnd a bus ", "More light.\nAnd a bus"),
        ("S2", ".", ""),
        ("M1", "3 1", ["play", "eat"]),
        ("M1", "1,3", ["play", "eat"]),
        ("M1", "5", ["none"]),
        ("M1", "", []),
        ("G1.friends", "1", "2"),
        ("P1.home.before", "2", "1"),
        ("P1.home.now", "1", "2"),
        ("R1", "3 1", ["c", "a"]),
        ("R1", ".", []),
        ("N1", "7", "7"),
        ("N1", "a", "ns"),
        ("D1", "27 3 2026", "2026-03-27"),
        ("D1", "27.3.2026", "2026-03-27"),
        ("T1", "Tea & cake", "Tea & cake"),
    ],
)
def test_each_type_has_its_keys(name: str, words: str, answer: Answer) -> None:
    found = typed(**{name.replace(".", "__"): words})

    assert found.answers[name] == answer
    assert (found.troubles, found.unclear) == ({}, set())


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("S1", "4", "from 1 to 3"),
        ("S1", "0", "from 1 to 3"),
        ("S1", "yes", "from 1 to 3"),
        ("S1", "1 2", "If the paper has two ticks, type ?"),
        ("M1", "1 2 3", "You picked too many. Pick up to 2. If it is so on the paper, type ?"),
        ("M1", "1 5", "does not go with the others"),
        ("M1", "1-3", "from 1 to 5"),
        ("P1.home.now", "3", "from 1 to 2"),
        ("R1", "1 1", "the same answer twice"),
        ("R1", "1 2 3 4", "up to 3 numbers"),
        ("N1", "100", "from 0 to 99"),
        ("N1", "b", "no answer with this letter"),
        ("D1", "27 3", "Type 3 numbers"),
        ("D1", "31 2 2026", "does not have so many days"),
        ("S2", "x" * 301, "300 letters or fewer"),
    ],
)
def test_what_cannot_be_is_said_beside_its_box(name: str, words: str, said: str) -> None:
    found = typed(**{name.replace(".", "__"): words})

    assert list(found.troubles) == [name]
    assert said in found.troubles[name]
    assert "{" not in found.troubles[name]


@pytest.mark.parametrize("name", ["C1", "S1", "S2", "M1", "G1.adults", "P1.home.now", "R1", "N1", "D1", "T1"])
def test_unclear_is_blank_and_is_kept_beside_it(name: str) -> None:
    found = typed(**{name.replace(".", "__"): "?"})

    assert found.unclear == {name}
    assert not found.answers.get(name)
    assert found.troubles == {}


def test_own_words_belong_to_their_answer() -> None:
    assert typed(M1="4", M1__other="chess").answers["M1.other"] == "chess"
    assert typed(M1="1").answers["M1.other"] == ""
    assert "Type the number" in typed(M1="1", M1__other="chess").troubles["M1.other"]
    assert typed(M1="4", M1__other="?").unclear == {"M1.other"}


def test_every_question_type_can_be_typed() -> None:
    assert keyed.FIELDS.keys() == {name for name, kind in TYPES.items() if kind.asks and kind.seen}
