"""A survey printed: the PDF is opened again, and everything that was asked is in it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import PROJECT
from feedback_app.definitions.area import load_area
from feedback_app.documents import paper, pdf
from feedback_app.documents.on_paper import on_paper
from feedback_app.documents.paper import SHAPES, Blank
from feedback_app.i18n.catalogues import load_interface
from feedback_app.i18n.locales import LOCALES
from feedback_app.questions.registry import TYPES
from feedback_app.services.editions import Edition, Editions
from feedback_app.services.paper import printing
from feedback_app.services.paper.printing import Printer, Wanted
from feedback_app.web.support.language import Words
from tests.factories import Copy
from tests.tiny import tiny
from tests.translating import translate

STATIC = PROJECT / "feedback_app" / "web" / "static"
FOLDERS = {"static": STATIC, "drawings": PROJECT / "surveys" / "symbols"}


def words_in(code: str, translations: Path = PROJECT / "translations") -> Words:
    return Words(LOCALES[code], load_interface(translations, code))


def blank(survey: str = "on_paper", **more: Any) -> Blank:
    area = load_area(PROJECT / "surveys", "example")
    return Blank(on_paper(tiny(survey)), area, area.signposts_for("young-person"), words_in("en"), draft=False, **more)


def printed(of: Blank) -> PdfReader:
    return PdfReader(io.BytesIO(paper.write(of, FOLDERS)))


def says(reader: PdfReader) -> str:
    """All the words of a PDF, each space one space, without the signs that set words apart."""
    text = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069]", "", text))


def spoken(reader: PdfReader) -> str:
    """What a screen reader says: the words that stand beside each piece of text."""
    found: list[str] = []

    def look(element: Any) -> None:
        element = element.get_object()
        if isinstance(element, list):
            for one in element:
                look(one)
        elif isinstance(element, dict):
            found.extend([str(element["/ActualText"])] if "/ActualText" in element else [])
            look(element.get("/K", []))

    look(reader.trailer["/Root"]["/StructTreeRoot"])
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069]", "", " ".join(found)))


def sizes(reader: PdfReader) -> set[float]:
    """The sizes of all type, in points."""
    found: set[float] = set()

    def look(text: str, matrix: list[float], place: list[float], font: Any, size: float) -> None:
        if text.strip():
            found.add(round(abs(size * place[3] * matrix[3]), 1))

    def read(page: PageObject) -> None:
        page.extract_text(visitor_text=look)

    for page in reader.pages:
        read(page)
    return found


def published(copy: Copy, survey: str) -> Edition:
    """The version of a survey that a copy has published."""
    with copy.session() as session:
        held = printing.survey_of(session, survey, "")
        return Editions(load_area(copy.settings.surveys, "example")).get(session, held.version_hash)


@pytest.fixture(scope="module")
def standard() -> PdfReader:
    return printed(blank())


def test_it_is_tagged_and_says_its_language_and_title(standard: PdfReader) -> None:
    root = standard.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert standard.metadata is not None
    assert standard.metadata.title == "On paper"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert [mark["/Title"] for mark in standard.outline if isinstance(mark, dict)] == ["On paper"]
    inside = [mark["/Title"] for marks in standard.outline if isinstance(marks, list) for mark in marks]
    assert {"Your club", "More", "Thank you"} <= set(inside)


def test_every_question_is_there_with_its_id_and_its_options(standard: PdfReader) -> None:
    said, survey = says(standard), on_paper(tiny("on_paper"))
    for question in survey.questions.values():
        label = question.label.replace("{nick}", "…")
        assert (label if question.type == "info" else f"{question.id} {label}") in said
        for one in (*survey.choices_of(question), *question.rows, *question.columns):
            assert one.label in said, one.label


def test_it_says_what_a_screen_would_do(standard: PdfReader) -> None:
    said = says(standard)
    for sentence in (
        "We do not ask who you are and we cannot find out.",
        "No names please",
        "If you picked No thanks, stop here.",
        "Answer S2 to S3 only if you picked No in S1.",
        "Answer this part only if you did not pick Prefer not to say in S1 and you picked 1 or more in M1.",
        "Tick up to 2.",
        "You can leave out this whole part.",
        "Tear off this card along the dashed line",
        "on-paper · version 1",
    ):
        assert sentence in said, sentence
    assert said.index("C1 Do you want") < said.index("S1 Do you feel")


def test_the_signposts_stand_after_the_sensitive_part_and_on_the_card(standard: PdfReader) -> None:
    said = says(standard)

    assert said.count("0800 1111") == said.count("01632 960001") == 2
    assert "Talk to someone about anything" in said
    assert standard.pages[-1].extract_text().count("0800 1111") == 1
    assert len(standard.pages) % 2 == 1, "the card is torn off a sheet that has no answers on its back"


def test_the_sizes_of_the_type(standard: PdfReader) -> None:
    assert min(sizes(standard)) == 12
    assert min(sizes(printed(blank(large=True)))) == 18


def test_a_whole_survey_fills_a_sane_number_of_pages(copy: Callable[..., Copy]) -> None:
    edition = published(copy("young-person"), "young-person")
    printer = Printer(FOLDERS)
    form = printer.form(edition, Wanted("en"), words_in("en"), draft=False)
    reader = PdfReader(io.BytesIO(form))
    said = says(reader)

    assert 12 <= len(reader.pages) <= 26
    assert [q.id for q in edition.plan("en").survey.questions.values() if q.id not in said and q.type != "info"] == []
    assert printer.form(edition, Wanted("en"), words_in("en"), draft=False) is form


def test_from_right_to_left(copy: Callable[..., Copy], tmp_path: Path) -> None:
    translations = translate(tmp_path, "ur")
    edition = published(copy("on_paper", translations=translations), "on-paper")
    form = Printer(FOLDERS).form(edition, Wanted("ur"), words_in("ur", translations), draft=True)
    reader = PdfReader(io.BytesIO(form))

    assert reader.trailer["/Root"]["/Lang"] == "ur"
    assert reader.metadata is not None
    assert reader.metadata.title == "[ur] On paper"
    assert "[ur] Do you feel safe there?" in spoken(reader)
    assert "اگر آپ کسی سے بات کرنا چاہیں" in spoken(reader)


@pytest.mark.parametrize("code", ["en", "sk", "ur"])
def test_no_two_font_files_have_one_name(code: str, tmp_path: Path) -> None:
    """Two files of one name are one font to WeasyPrint: a č would be drawn with the shape of some other letter."""
    (tmp_path / "fonts").mkdir()
    for sheet in STATIC.glob("font-*.css"):
        (tmp_path / sheet.name).write_text(sheet.read_text())
        for name in re.findall(r'url\("([^"]+)"', sheet.read_text()):
            (tmp_path / name).touch()
    of = replace(blank(), words=words_in(code))
    found = re.findall(
        r'font-family: "([^"]+)"; font-weight: (\d+).*?url\("ours:/static/([^"]+)', paper.styles(of, tmp_path)
    )

    assert len(found) >= 5
    assert len({(family, weight) for family, weight, _ in found}) == len({file for *_, file in found}) == len(found)
    assert "Nastaliq" in (found[0][0] if code == "ur" else found[-1][0])
    assert "@font-face" not in paper.styles(of, tmp_path / "fonts")


@pytest.mark.parametrize(
    "address",
    ["https://example.org/x.svg", "file:///etc/passwd.svg", "ours:/drawings/../../secret.svg", "ours:/keys/server.svg"],
)
def test_nothing_but_our_own_files_is_put_in(address: str, tmp_path: Path) -> None:
    (tmp_path / "drawings").mkdir()
    (tmp_path / "secret.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(ValueError, match="Only our own files"):
        pdf._ours(address, {"drawings": tmp_path / "drawings" / ".." / "drawings"})


def test_without_pango_everything_else_works() -> None:
    """WeasyPrint is loaded by making a PDF and by nothing before."""
    look = "import sys, feedback_app.cli, feedback_app.web.staff.face; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], cwd=PROJECT, check=True, capture_output=True, text=True)

    assert done.stdout == "False\n"


def test_paper_knows_every_question_type_and_stops_at_one_it_does_not() -> None:
    assert SHAPES.keys() == {name for name, kind in TYPES.items() if kind.seen}
    survey = tiny("text")
    question = survey.pages[0].questions[0]
    page = survey.pages[0].model_copy(update={"questions": (question.model_copy(update={"type": "slider"}),)})
    with pytest.raises(FeedbackError, match=f'{question.id} cannot be printed: paper knows no type "slider"'):
        list(paper.sections(survey.model_copy(update={"pages": (page,)}), words_in("en"), 12))


def test_a_language_that_is_not_complete_is_refused_with_those_that_are(copy: Callable[..., Copy]) -> None:
    made = copy("on_paper")
    edition = published(made, "on-paper")
    with made.session() as session, pytest.raises(FeedbackError, match='Did you mean "on-paper"'):
        printing.survey_of(session, "on-papre", "")
    with pytest.raises(FeedbackError, match=r"not complete in Polish\. It can be printed in: en"):
        printing.refuse(edition, Wanted("pl"), {"en": words_in("en").interface})
    with pytest.raises(FeedbackError, match='no language "pk"'):
        printing.refuse(edition, Wanted("pk"), {})
