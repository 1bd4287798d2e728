"""A name in braces is filled, what a person typed is shown as typed, and nothing else in braces is touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from feedback_app.i18n.placeholders import APART, TOGETHER, fill, names, numbers_apart, put


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", set()),
        ("Hello {name}, call {phone-1} or {a.b}", {"name", "phone-1", "a.b"}),
        ("{0} {} {{x}} %s {a b} {1st}", {"x"}),
        ("{Name} {name}", {"Name", "name"}),
    ],
)
def test_the_names_in_a_text(text: str, found: set[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize("untouched", ["{0}", "{}", "%s", "%(x)s", "{nobody}", "{a b}", "${x", "{x!r}", "{x:9}"])
def test_what_is_no_known_name_stays(untouched: str) -> None:
    assert fill(f"a {untouched} b", {"x": "1"}.get) == f"a {untouched} b"
    assert put(f"a {untouched} b", {"x": "1"}) == f"a {untouched} b"


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><b>', "a & b", "{name}", "{other}", "%s", "\\1", "'"]
)
def test_what_was_typed_is_shown_as_typed(typed: str) -> None:
    values = {"name": typed, "other": "wrong"}

    assert fill("Hi {name}!", values.get) == f"Hi <bdi>{escape(typed)}</bdi>!"


def test_the_text_itself_is_escaped() -> None:
    assert fill("a < b & {name}", {"name": "x"}.get) == "a &lt; b &amp; <bdi>x</bdi>"
    assert fill("<b>no braces</b>", {}.get) == "&lt;b&gt;no braces&lt;/b&gt;"


def test_markup_given_as_a_value_is_the_only_thing_not_escaped_again() -> None:
    assert fill("{name}", {"name": escape("a & b")}.get) == "<bdi>a &amp; b</bdi>"


def test_each_place_is_filled() -> None:
    assert fill("{a}{b}{a}", {"a": "1", "b": "2"}.get) == "<bdi>1</bdi><bdi>2</bdi><bdi>1</bdi>"


def test_our_own_words_are_set_apart_and_not_escaped() -> None:
    assert put("Ring {phone} & ask", {"phone": "01632 960001"}) == f"Ring {APART}01632 960001{TOGETHER} & ask"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("call 0800 1111 now", "call \u20680800 1111\u2069 now"),
        ("01632 960001", "\u206801632 960001\u2069"),
        ("+44 1632 960001", "\u2068+44 1632 960001\u2069"),
        ("+441632960001", "\u2068+441632960001\u2069"),
        ("999", "999"),
        ("16-17, 24/11/2026, 3,000", "16-17, 24/11/2026, 3,000"),
        ("\u200e0800 1111", "\u200e0800 1111"),
        (f"{APART}0800 1111{TOGETHER}", f"{APART}0800 1111{TOGETHER}"),
        ("\u20660800 1111\u2069", "\u20660800 1111\u2069"),
        ("", ""),
    ],
)
def test_a_phone_number_in_right_to_left_words_is_set_apart_once(words: str, shown: str) -> None:
    assert numbers_apart(words) == shown


@settings(deadline=None)
@given(text=st.text(), typed=st.text())
def test_no_text_and_no_value_makes_a_tag(text: str, typed: str) -> None:
    filled = fill(text + "{name}" + text, {"name": typed}.get)

    assert isinstance(filled, Markup)
    assert "<" not in str(filled).replace("<bdi>", "").replace("</bdi>", "")
