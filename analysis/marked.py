"""Read a YAML file that people keep (a codebook, a list of phrases) as nodes with their lines. Knows neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

_LARGEST_FILE, _DEEPEST = 1_000_000, 50  # lists within lists


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: which file, which line (from 1), and what to do about it."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}"


class Problems(Exception):
    """A file that cannot be used, with every problem in it, so that one reading of it puts all right."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read(path: Path, kind: str, error: type[Problems]) -> yaml.Node:
    """The nodes of a file, all of them text: plain YAML would turn a hint "no" into False and version 0.10 into 0.1.

    Args:
        kind: what the file is to be, such as "a codebook".
        error: what to raise when it is missing, not text or not YAML: a problem on line 1 or where the reading stopped.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise error([Problem(path.name, 1, f"the file is too large to be {kind} (over 1 MB).")])
        root = _compose(path.read_text(encoding="utf-8-sig"), kind)
    except (OSError, UnicodeDecodeError, RecursionError) as why:
        said = getattr(why, "strerror", None) or f"it is not text, or not {kind}"
        raise error([Problem(path.name, 1, f"the file cannot be read ({said}).")]) from why
    except yaml.YAMLError as why:
        mark = getattr(why, "problem_mark", None)
        line, what = (mark.line + 1 if mark else 1), getattr(why, "problem", None) or "it is not YAML"
        raise error([Problem(path.name, line, f"the file stops making sense here: {what}.")]) from why
    return root or yaml.ScalarNode("", "", yaml.Mark(path.name, 0, 0, 0, None, 0))


def _compose(text: str, kind: str) -> yaml.Node | None:
    """No aliases, of which a few lines can stand for millions; and no lists within lists without end.

    Raises:
        RecursionError: they go deeper than any such file.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise RecursionError
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem=f"{kind} has no aliases", problem_mark=event.start_mark)  # type: ignore[arg-type]
    root: yaml.Node | None = yaml.compose(text, Loader=yaml.CBaseLoader)
    return root
