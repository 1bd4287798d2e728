"""Write findings as HTML: a fragment for a staff page, or a whole document that stands by itself.

No inline style and no script in the fragment, so that it may stand under a strict Content-Security-Policy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.findings import Findings
from feedback_app.documents.outline import outline

_HERE: Final = Path(__file__).parent

_STYLES: Final = ("report.css", "report_figures.css", "report_media.css")

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def body(findings: Findings) -> str:
    """The report without its frame, headings from h2, inside one `div.report`. Its styles are those of `stylesheet`."""
    return str(_TEMPLATES.get_template("report.html.jinja").module.fragment(outline(findings)))  # type: ignore[attr-defined]


def page(findings: Findings) -> str:
    """A whole HTML5 document that asks nothing of any other place: open it from a disk, print it, send it."""
    template = _TEMPLATES.get_template("report.html.jinja")
    # The stylesheet is ours and is the only text that is not escaped.
    return template.render(report=outline(findings), css=Markup(stylesheet()))  # noqa: S704


def stylesheet() -> str:
    """The styles of the report, every rule inside `.report` or `.report-page`."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _STYLES)
