"""Everything a report may say, and nothing it may not: `assemble` turns raw evidence into released findings."""

from analysis.findings.assemble import assemble
from analysis.findings.evidence import LEVELS, NEEDS, Comments, Evidence, Frame
from analysis.findings.parts import (
    Box,
    CommentFinding,
    CourseFinding,
    Findings,
    FrameFinding,
    ItemFinding,
    KeyFigure,
    Rates,
)

__all__ = [
    "LEVELS",
    "NEEDS",
    "Box",
    "CommentFinding",
    "Comments",
    "CourseFinding",
    "Evidence",
    "Findings",
    "Frame",
    "FrameFinding",
    "ItemFinding",
    "KeyFigure",
    "Rates",
    "assemble",
]
