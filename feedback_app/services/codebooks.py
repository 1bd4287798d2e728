"""The codebooks of this copy, read from surveys/codebooks."""

from __future__ import annotations

from pathlib import Path

from analysis.codebook import Codebook, CodebookError
from analysis.codebook import load as load_codebook
from feedback_app.core.errors import BadFile, Problem


def load_codebooks(surveys: Path) -> dict[str, Codebook]:
    """Load every codebook, by id.

    Raises:
        BadFile: every problem of every codebook.
    """
    books: dict[str, Codebook] = {}
    problems: list[Problem] = []
    for file in sorted((surveys / "codebooks").glob("*.yaml")):
        try:
            book = load_codebook(file)
        except CodebookError as error:
            problems += [Problem(problem.file, problem.line, problem.what) for problem in error.problems]
        else:
            books[book.id] = book
    if problems:
        raise BadFile(problems)
    return books
