"""Read a page as a browser without style does: what is ticked and typed, where it leads, what it loads."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "img", "br", "hr", "path", "circle", "rect"})
LOADS = {"img": "src", "script": "src", "link": "href", "form": "action", "iframe": "src", "source": "src"}
Attributes = dict[str, str]


@dataclass
class Page(HTMLParser):
    """One page."""

    text: str
    html: Attributes = field(default_factory=dict)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    loads: list[str] = field(default_factory=list)
    words: str = ""
    inline: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)
    _open: list[tuple[str, Attributes]] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()
        self.unclosed += [tag for tag, _ in self._open]
        self.words = " ".join(" ".join(self._said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        if LOADS.get(tag) in given:
            self.loads.append(given[LOADS[tag]])
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []
        if tag == "html":
            self.html = given
        if tag == "input":
            self._input(given)
        if tag == "option" and "selected" in given:
            self.chosen[self._inside("select")["name"]] = given["value"]
        if tag == "textarea":
            self.typed[given.get("name", given.get("id", ""))] = ""
        if tag == "h1":
            self.headings.append("")
        if tag not in VOID:
            self._open.append((tag, given))

    def _input(self, given: Attributes) -> None:
        if given.get("type") in {"radio", "checkbox"}:
            self.ticked += [given["value"]] if "checked" in given else []
        elif given.get("type") != "hidden" and "name" in given:
            self.typed[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open and self._open[-1][0] != tag:
            self.unclosed.append(self._open.pop()[0])
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._within("textarea"):
            area = self._inside("textarea")
            # A browser drops the new line that follows the opening tag.
            self.typed[area.get("name", area.get("id", ""))] += data.removeprefix("\n")
            return
        said = " ".join(data.split())
        if self._within("title"):
            self.title += said
            return
        if said:
            self._said.append(said)
        if self._within("h1"):
            self.headings[-1] = f"{self.headings[-1]} {said}".strip()
        if self._within("a") and said:
            self.links[said] = self._inside("a").get("href", "")
        if self._within("button") and said:
            self.buttons[said] = self._inside("button").get("value", "")

    def _within(self, tag: str) -> bool:
        return any(opened == tag for opened, _ in self._open)

    def _inside(self, tag: str) -> Attributes:
        return next(given for opened, given in reversed(self._open) if opened == tag)
