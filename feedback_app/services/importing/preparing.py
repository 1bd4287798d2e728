"""Read a mapping, its survey and the head of its file, and fit them together. Reads no row and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feedback_app.definitions.area import Area
from feedback_app.definitions.freeze import with_area_lists
from feedback_app.definitions.mapping import Mapping, load_mapping
from feedback_app.definitions.survey import Survey
from feedback_app.journey.plan import lay_out
from feedback_app.services import publishing
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.importing.fitting import Fit, fit
from feedback_app.services.importing.table import Table, open_table


@dataclass(frozen=True, slots=True)
class Import:
    """One file that fits its mapping, and is not brought in yet."""

    table: Table
    mapping: Mapping
    survey: publishing.Checked
    fit: Fit
    area: Area
    translations: Path


def prepare(file: Path, mapping_file: Path, *, surveys: Path, translations: Path, area: Area, today: date) -> Import:
    """Prepare an import.

    Args:
        surveys, translations: this copy's folders of that name.
        today: no answer can be dated after it.

    Raises:
        BadFile: whatever is wrong with any of the files, with its line and, where a name is nearly right, a
            did-you-mean.
    """
    mapping, source = load_mapping(mapping_file)
    books = load_codebooks(surveys) if mapping.codes else {}
    around = publishing.surroundings(surveys, area)
    (survey,) = publishing.check([_survey_file(mapping_file, mapping.survey, surveys)], around, translations)
    table = open_table(file)
    plan = lay_out(Survey.model_validate(with_area_lists(survey.source.content, area.lists)))
    return Import(table, mapping, survey, fit(mapping, source, plan, table, books, today), area, translations)


def _survey_file(mapping_file: Path, name: str, surveys: Path) -> Path:
    """A survey file beside the mapping, or one of this copy's own surveys by its name."""
    return mapping_file.parent / name if Path(name).suffix else surveys / f"{name}.yaml"
