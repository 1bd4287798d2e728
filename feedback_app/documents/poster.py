"""A poster that leads people to a survey, and sheets of cards with a code each. Knows words, and no answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feedback_app.definitions.area import Area, Signpost
from feedback_app.definitions.survey import Survey
from feedback_app.documents import paper, pdf
from feedback_app.documents.directions import Words, plain
from feedback_app.i18n.fallen import show_marks

_HERE: Final = Path(__file__).parent
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
POSTER, CARD = 17, 12  # points
QR = "code.svg"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a poster or a card says: which survey, in one language, and where it is found."""

    survey: Survey
    area: Area
    signposts: tuple[Signpost, ...]
    words: Words
    address: str
    draft: bool
    for_children: bool

    @property
    def short(self) -> str:
        """The address as a person types it."""
        return self.address.removeprefix("https://").removeprefix("http://")

    @property
    def pieces(self) -> tuple[str, str]:
        """The address in two pieces, between which a line may break: where it is, and the survey's own name."""
        where, _, name = self.short.rpartition("/")
        return f"{where}/", name


def square(address: str) -> bytes:
    """The QR code of an address, as SVG: black on white, with the quiet edge that a camera needs."""
    made = BytesIO()
    # Level M mends a seventh of it: a poster is creased and lies in the rain.
    code = segno.make(address, micro=False, error="m")
    code.save(made, kind="svg", border=4, xmldecl=False, light="#fff", omitsize=True)
    return made.getvalue()


def write(one: Invitation, folders: Mapping[str, Path]) -> bytes:
    """The PDF of a poster.

    Args:
        folders: "static" holds our fonts.

    Raises:
        FeedbackError: Pango is not on this machine.
    """
    return _pdf(one, folders, POSTER, page(one))


def write_cards(one: Invitation, codes: Sequence[str], folders: Mapping[str, Path]) -> bytes:
    """The PDF of a sheet of cards, eight on a page, to cut apart."""
    return _pdf(one, folders, CARD, cards(one, codes))


def page(one: Invitation) -> str:
    """The poster as an HTML document."""
    words = one.words
    who = (
        words.say("{area}. We work to keep children safe.", area=one.area.name)
        if one.for_children
        else words.say(
            "{area}. We are the council, the health services and the police here, "
            "and we work together to keep children safe.",
            area=one.area.name,
        )
    )
    minutes = one.survey.minutes
    return _render(
        "poster.html.jinja",
        one,
        who=who,
        minutes=words.plural("This takes about {number} minute.", "This takes about {number} minutes.", minutes)
        if minutes
        else "",
        choose=words("You can skip questions, and you can stop at any time."),
        scan=words("Point a phone camera at the square, or type this address:"),
        talk=words.help("help", "If you want to talk to someone"),
        example=(words("This is an example."), words("Nobody reads the answers.")),
        checked=(words("Draft translation."), words("Nobody has checked these words yet.")),
    )


def cards(one: Invitation, codes: Sequence[str]) -> str:
    """The cards as an HTML document."""
    words = one.words
    scan = words("Point a phone camera at the square, or type this address:")
    return _render("cards.html.jinja", one, codes=codes, scan=scan, label=words("Code on your card"))


def _render(template: str, one: Invitation, **context: object) -> str:
    title = plain(one.survey.title)
    html = _TEMPLATES.get_template(template).render(one=one, title=title, locale=one.words.locale, qr=QR, **context)
    return show_marks(html, one.words.locale)


def _pdf(one: Invitation, folders: Mapping[str, Path], size: int, html: str) -> bytes:
    sheet = paper.fonts(one.words.locale.script, size, folders["static"])
    style = (_HERE / "poster.css").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        own = Path(folder)
        (own / QR).write_bytes(square(one.address))
        return pdf.from_html(html, f"{sheet}\n{style}", {**folders, "own": own})
