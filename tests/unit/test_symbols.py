"""Every drawing is ours alone: small, whole, of one size, and following the page's colours when a person sets them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from feedback_app.core.settings import PROJECT

DRAWINGS = sorted((PROJECT / "surveys" / "symbols").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{name}" for name in ("path", "circle", "ellipse")}
CLASSES = {"fill", "ink", "dot"}  # app.css gives each its colour where a person has set colours of their own


@pytest.mark.parametrize("file", DRAWINGS, ids=lambda file: file.stem)
def test_a_drawing(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    drawing = ElementTree.fromstring(text)  # noqa: S314 - our own file
    shapes = list(drawing)

    assert drawing.tag == f"{SVG}svg"
    assert drawing.get("viewBox") == "0 0 64 64"
    assert shapes
    assert {shape.tag for shape in shapes} <= SHAPES
    assert {shape.get("class") for shape in shapes} <= CLASSES
    assert [shape for shape in shapes if shape.get("class") == "ink" and shape.get("fill") != "none"] == []
    assert [
        name for shape in (drawing, *shapes) for name in shape.attrib if name.startswith("on") or "href" in name
    ] == []
    assert "url(" not in text
    assert "style" not in text
    assert len(text) < 1024


def test_there_are_drawings() -> None:
    assert len(DRAWINGS) > 50
