"""What a notebook or the application notices about comments: nobody is counted twice, nothing is lost or altered."""

from __future__ import annotations

import pytest

from analysis.corpus import DIRECTIONS, Comment, Corpus


def comment(number: str, person: str = "p1") -> Comment:
    return Comment(id=number, person=person, text="They listened", language="en")


def test_five_comments_by_one_person_count_as_one_person() -> None:
    corpus = Corpus((*(comment(str(number)) for number in range(5)), comment("6", "p2")))
    assert len(corpus) == 6
    people = corpus.by_person()
    assert list(people) == ["p1", "p2"]
    assert [one.id for one in people["p1"]] == ["0", "1", "2", "3", "4"]


def test_two_comments_with_one_id_are_refused_because_one_would_vanish_from_a_count() -> None:
    with pytest.raises(ValueError, match="two comments have the id '1'"):
        Corpus((comment("1"), comment("1", "p2")))


def test_a_mistyped_direction_is_refused_and_the_choices_are_named() -> None:
    with pytest.raises(ValueError, match=r"c1: no direction 'good'.*\+, -, ~, >, 0"):
        Comment(id="c1", person="p", text="x", language=None, direction="good")
    for direction in (*DIRECTIONS, ""):
        assert Comment(id="c1", person="p", text="x", language=None, direction=direction).direction == direction


def test_rows_of_a_file_become_comments_word_for_word() -> None:
    text = "=SUM(A1)\u202e  two  spaces \U0001f622"
    rows = [{"id": "1", "person": "p", "text": text, "language": "", "direction": ">", "school": "not for us"}]
    (only,) = Corpus.from_rows(rows)
    assert only == Comment(id="1", person="p", text=text, language=None, direction=">")


def test_a_row_that_lacks_something_is_named_by_its_number() -> None:
    with pytest.raises(ValueError, match="row 2 has no person"):
        Corpus.from_rows([{"id": "1", "person": "p", "text": "x"}, {"id": "2", "text": "y"}])
