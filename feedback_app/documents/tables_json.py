"""Write the released tables of findings as JSON, each with its base and its trace, in a stable order."""

from __future__ import annotations

import json
from typing import Any, Final

from analysis.disclosure import Figure, ReleasedRow, ReleasedTable
from analysis.findings import Findings

SCHEMA: Final = 1
"""The version of this format. It grows when a key is renamed or its meaning changes."""


def dumps(findings: Findings) -> str:
    """The tables as JSON text, the same for the same findings.

    A shown number is {"count": 15}, with "of" and "percent" where there is a base for them; a hidden one is
    {"suppressed": true}; what nobody knows is {"not_known": true}; a cell that does not apply is {}.
    """
    rule, run = findings.rule, findings.run
    document = {
        "schema": SCHEMA,
        "area": findings.area,
        "example": findings.is_example,
        "period": {"first": run.period.first.isoformat(), "last": run.period.last.isoformat()},
        "counted_on": run.on.isoformat(),
        "rule": {"hide_below": rule.hide_below, "round_to": rule.round_to, "percent_base": rule.percent_base},
        "notices": list(findings.notices),
        "tables": [_table(table) for table in findings.tables],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _table(table: ReleasedTable) -> dict[str, Any]:
    trace = table.trace
    return {
        "id": trace.id,
        "title": trace.title,
        "question": trace.question,
        "survey": trace.survey,
        "collections": list(trace.collections),
        "filter": trace.only,
        "period": {"first": trace.run.period.first.isoformat(), "last": trace.run.period.last.isoformat()},
        "counted_on": trace.run.on.isoformat(),
        "base": _figure(table.base),
        "base_of": table.base_of,
        "withheld": table.withheld,
        "columns": [{"id": column.id, "label": column.label} for column in table.columns],
        "rows": [_row(row, table) for row in table.rows],
        "notes": list(table.notes),
    }


def _row(row: ReleasedRow, table: ReleasedTable) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": row.label,
        "part": row.part,
        "withheld": row.withheld,
        "words": dict(row.words),
        "cells": {column.id: _figure(figure) for column, figure in zip(table.columns, row.figures, strict=True)},
    }


def _figure(figure: Figure) -> dict[str, int | bool]:
    if figure.state == "hidden":
        return {"suppressed": True}
    if figure.state == "not known":
        return {"not_known": True}
    known = {"count": figure.count, "of": figure.of, "percent": figure.percent}
    return {name: n for name, n in known.items() if n is not None}
