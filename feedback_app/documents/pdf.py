"""Make an accessible PDF (PDF/UA-1) of a page of ours. Reads our own files and nothing else; knows no surveys.

WeasyPrint needs Pango, which is no Python package: it is loaded only when a PDF is made, so that everything else works
without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from feedback_app.core.errors import FeedbackError

OURS = "ours:/"
KINDS = {".svg": "image/svg+xml", ".woff2": "font/woff2"}
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
NO_PANGO = (
    "A PDF needs the program library Pango, which is not on this machine. "
    f"On Debian or Ubuntu, install it with: apt-get install {PACKAGES}"
)


def from_html(page: str, styles: str, folders: Mapping[str, Path]) -> bytes:
    """Make a tagged PDF.

    Args:
        page: a whole HTML document.
        styles: its style sheet.
        folders: where `ours:/<name>/<file>` in the page or its styles is to be found. Nothing else can be loaded.

    Raises:
        FeedbackError: Pango is not on this machine.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError:
        raise FeedbackError(NO_PANGO) from None

    class OurFiles(URLFetcher):  # type: ignore[misc]
        """Gives files of our folders, and refuses every other address."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            file = _ours(url, folders)
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": KINDS[file.suffix]})

    ours, fonts = OurFiles(), FontConfiguration()
    document = HTML(string=page, base_url=OURS, url_fetcher=ours)
    sheet = CSS(string=styles, base_url=OURS, url_fetcher=ours, font_config=fonts)
    made: bytes = document.write_pdf(
        stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", finisher=_say_the_words
    )
    return made


def _say_the_words(document: Any, made: Any) -> None:
    """Write the words themselves beside each piece of text.

    In some scripts, such as Nastaliq, a letter is drawn as several shapes, and nobody can tell the words from those: a
    reader that speaks would say nonsense. The pieces of text and their marks were made in one and the same order.
    """
    import pydyf

    words = [text for page in document.pages for text in _pieces(page._page_box)]
    marks = [one for one in made.objects if _marks_text(one)]
    if len(words) == len(marks):
        for text, mark in zip(words, marks, strict=True):
            mark["ActualText"] = pydyf.String(text)


def _pieces(box: Any) -> Iterator[str]:
    box = getattr(box, "_box", box)  # what stands apart from the flow is in an envelope
    for child in getattr(box, "children", ()):
        if hasattr(child, "text"):
            yield child.text
        else:
            yield from _pieces(child)


def _marks_text(one: Any) -> bool:
    """Whether an object of the PDF is the mark of one piece of text."""
    if not isinstance(one, dict) or one.get("Type") != "/StructElem" or one["S"] == "/Figure":
        return False
    return len(one["K"]) == 1 and isinstance(one["K"][0], int)


def _ours(url: str, folders: Mapping[str, Path]) -> Path:
    """The file of an address.

    Raises:
        ValueError: it is not one of our files. WeasyPrint leaves out what it cannot load.
    """
    folder, _, name = url.removeprefix(OURS).partition("/")
    if not url.startswith(OURS) or folder not in folders:
        raise ValueError(f"Only our own files are put into a PDF, not {url}.")
    file = (folders[folder] / name).resolve()
    if not file.is_relative_to(folders[folder].resolve()) or file.suffix not in KINDS:
        raise ValueError(f"Only our own files are put into a PDF, not {url}.")
    return file
