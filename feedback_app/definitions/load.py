"""Read a file that people write (YAML or JSON) as text, give it its shape, and tell every problem with its line.

The text is read with the base loader: plain YAML turns `no` into False and `12:30` into 750.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.reader import ReaderError

from feedback_app.core.errors import BadFile, Problem, did_you_mean
from feedback_app.definitions.rules import Rule
from feedback_app.definitions.survey import NAMED, WRITTEN_OUT

Shape = TypeVar("Shape", bound=BaseModel)
Place = tuple[str | int, ...]
UNION_TAGS = frozenset({NAMED, WRITTEN_OUT})
LOADER = yaml.CBaseLoader  # makes only text, as yaml.BaseLoader does, and ten times as fast
DEEPEST = 50  # lists within lists
UNREADABLE = Rule("and")  # stands for a rule that could not be read: it asks about nothing


class Source:
    """A file as its writer sees it: its name, its content as text, and the line of every place in it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        try:
            _not_too_deep(text)
            self._root = yaml.compose(text, Loader=LOADER)
            self.content: Any = LOADER("").construct_document(self._root) if self._root else None
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise BadFile([Problem(name, line, "this holds a character that YAML does not allow.")]) from None
        except yaml.MarkedYAMLError as error:
            said = error.problem or "it is not YAML"
            # A quotation mark that is never closed is told where it opens, not where the file ends.
            mark = error.context_mark if "end of stream" in said else error.problem_mark
            raise BadFile([Problem(name, mark.line + 1 if mark else 0, f"this is not well-formed: {said}.")]) from None
        except ValueError:
            raise BadFile([Problem(name, 0, "this holds a character that YAML does not allow.")]) from None
        if not isinstance(self.content, dict):
            raise BadFile([Problem(name, 1, "this should be a list of keys and values, and is not.")])

    def line(self, place: Place) -> int:
        """The line (from 1) of a place such as ("pages", 0, "questions", 2, "label"), or of the nearest above it."""
        node, line = self._root, 1
        for step in place:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line

    def problem(self, place: Place, what: str) -> Problem:
        """A problem at a place of this file."""
        return Problem(self.name, self.line(place), what)

    def twice(self) -> Iterator[Problem]:
        """Keys that are written twice in one place; YAML would silently keep the last."""
        waiting = [self._root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, yaml.MappingNode):
                seen: set[str] = set()
                for key, value in node.value:
                    if key.value in seen:
                        yield Problem(self.name, key.start_mark.line + 1, f'"{key.value}" is here twice.')
                    seen.add(key.value)
                    waiting.append(value)
            elif isinstance(node, yaml.SequenceNode):
                waiting.extend(node.value)


def _not_too_deep(text: str) -> None:
    """The quick reader goes as deep as a file does, and a file of brackets alone would break it."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem="too many brackets inside each other", problem_mark=event.start_mark)  # type: ignore[arg-type]


def read_source(file: Path) -> Source:
    """Read a file.

    Raises:
        BadFile: it is not there, not UTF-8, or not YAML.
    """
    try:
        return Source(_short_name(file), file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        near = did_you_mean(file.name, [other.name for other in file.parent.glob("*.yaml")])
        raise BadFile([Problem(_short_name(file), 0, f"there is no such file.{near}")]) from None
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise BadFile([Problem(_short_name(file), line, "this is not UTF-8. Save the file as UTF-8.")]) from None


def _short_name(file: Path) -> str:
    return str(Path(*file.parts[-2:])) if len(file.parts) > 1 else str(file)


def shape(source: Source, model: type[Shape]) -> tuple[Shape | None, list[Problem]]:
    """Give the content of a file its shape.

    Returns:
        the object, without what could not be read, or None if too little is left; and every problem found.
    """
    problems = list(source.twice())
    try:
        return model.model_validate(source.content), problems
    except ValidationError as error:
        found = [one for one in error.errors() if not _echoes(one)]
    problems += [source.problem(_place(one), _words(one, model)) for one in found]
    return _readable_part(source.content, found, model), problems


def _readable_part(content: Any, found: list[ErrorDetails], model: type[Shape]) -> Shape | None:
    """What is left without the values that could not be read, so that its other problems are told as well."""
    left = deepcopy(content)
    for detail in found:
        *way, last = _place(detail) or ("",)
        holder = left
        for step in way:
            holder = holder[step]
        if not isinstance(holder, dict):
            return None
        if detail["type"] == "value_error":
            holder[last] = UNREADABLE
        else:
            holder.pop(last, None)
    try:
        return model.model_validate(left)
    except ValidationError:
        return None


def _echoes(detail: ErrorDetails) -> bool:
    """Whether pydantic calls a list empty only because what it holds has problems, which are told by themselves."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _place(detail: ErrorDetails) -> Place:
    return tuple(step for step in detail["loc"] if step not in UNION_TAGS)


def _words(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """Say in our words what pydantic found."""
    place = _place(detail)
    key = next((str(step) for step in reversed(place) if isinstance(step, str)), "this file")
    given, context = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return f'there is no key "{key}".{did_you_mean(key, _keys_at(model, place[:-1]))}'
        case "missing":
            return f'"{key}" is missing.'
        case "literal_error":
            known = str(context.get("expected", ""))
            words = [word for word in known.replace(" or ", ", ").replace("'", "").split(", ") if word]
            return f'"{key}" is "{given}", which is not one of: {", ".join(words)}.{did_you_mean(str(given), words)}'
        case "value_error":
            said = str(context["error"])
            return said if said.endswith((".", "?")) else f"{said}."
        case "string_pattern_mismatch":
            return f'"{key}" is "{given}", which has a sign that is not allowed here (letters, digits, - and _ are).'
        case "string_too_short" | "too_short":
            return f'"{key}" is empty.'
        case "bool_parsing":
            return f'"{key}" is "{given}"; write "true" or "false".'
        case "int_parsing" | "greater_than_equal":
            return f'"{key}" is "{given}"; write a whole number.'
        case "string_type":
            return f'"{key}" should be one text.'
        case "tuple_type" | "list_type":
            return f'"{key}" should be a list.'
        case "dict_type" | "model_type":
            return f'"{key}" should be keys and values.'
    return f'"{key}" cannot be read: {detail["msg"]}.'


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
    """The keys that are known at a place, for did-you-mean."""
    here = model
    for step in place:
        if isinstance(step, int):
            continue
        field = next((f for name, f in here.model_fields.items() if step in (name, f.alias)), None)
        inner = _model_in(field.annotation) if field else None
        if inner is not None:
            here = inner
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
