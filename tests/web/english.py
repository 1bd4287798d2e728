"""Find English that is left on a page in another language: runs of words that our own English texts hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser

from babel.messages.catalog import Message

from feedback_app.core.settings import PROJECT
from feedback_app.definitions.area import Area
from feedback_app.i18n.catalogues import english_of
from feedback_app.i18n.checking import GAP, LONGEST_RUN, WORD, same_everywhere, without_names
from tests.web.page import VOID

Run = tuple[str, ...]
NOT_READ = frozenset({"class", "id", "href", "src", "action", "content", "for", "name", "value", "method", "d"})


class Said(HTMLParser):
    """Every text of a page that a person sees or hears, but for what says of itself that it is English."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        language = given.get("lang", self._open[-1][1] if self._open else "")
        if tag not in VOID:
            self._open.append((tag, language))
        if language != "en":
            self.texts += [value for name, value in given.items() if name not in NOT_READ]

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag not in VOID and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1] != "en":
            self.texts.append(data)


class English:
    """What our English texts say, run by run, and the names that are written the same in every language."""

    def __init__(self, messages: Iterable[Message], area: Area) -> None:
        self.names = same_everywhere(PROJECT / "translations") | _names(area)
        english = (text for message in messages if message.id for text in english_of(message))
        self.runs = frozenset(run for text in english for run in _runs(text, self.names))

    def left_on(self, html: str) -> list[str]:
        """The English that is left on a page."""
        return [" ".join(run) for text in Said(html).texts for run in _runs(text, self.names) if run in self.runs]


def _names(area: Area) -> frozenset[str]:
    """The area's own names: of itself, of its lists, and what it writes once for all languages."""
    local = {words["en"] for words in area.words.values() if len(words) == 1}
    listed = {choice.label for choices in area.lists.values() for choice in choices}
    named = {signpost.name["en"] for signpost in area.signposts if len(signpost.name) == 1}
    return frozenset({area.name, area.short_name, area.controller, area.contact} | local | listed | named)


@cache
def _runs(text: str, names: frozenset[str]) -> tuple[Run, ...]:
    return tuple(_each_run(text, names))


def _each_run(text: str, names: frozenset[str]) -> Iterator[Run]:
    for piece in without_names(text, names).split(GAP):
        words = [word.lower() for word in WORD.findall(piece)]
        yield from (tuple(words[at : at + LONGEST_RUN]) for at in range(len(words) - LONGEST_RUN + 1))
