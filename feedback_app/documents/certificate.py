"""Make the PDF of a certificate of attendance from its page. Keeps nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feedback_app.documents import paper, pdf

STYLE = Path(__file__).parent / "certificate.css"
SIZE = 14  # points


def write(page: str, script: str, folders: Mapping[str, Path]) -> bytes:
    """The PDF of a page, which holds the name that a person typed.

    Args:
        script: that of the page's language.
        folders: "static" holds our fonts.

    Raises:
        FeedbackError: Pango is not on this machine.
    """
    return pdf.from_html(
        page, paper.fonts(script, SIZE, folders["static"]) + STYLE.read_text(encoding="utf-8"), folders
    )
