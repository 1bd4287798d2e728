"""Give the answers of a collection to an analyst as a table: one row a response, in several forms, with a codebook.

This is not a publication: a row is one person. What is published comes from `reporting`, small numbers suppressed.
People's own words are a mark, "[text given]", unless whoever calls says that the words may be taken.

`prepare` says what there is, `rows` streams it, and each form is written from these rows (csv_lines, json_lines, xlsx,
sav). None holds more than a thousand responses at a time.
"""

from feedback_app.services.exports.columns import Column, Fixed, safe
from feedback_app.services.exports.forms import FORMS, export, lines, record, write
from feedback_app.services.exports.sheet import Row, Sheet, prepare, rows

__all__ = [
    "FORMS",
    "Column",
    "Fixed",
    "Row",
    "Sheet",
    "export",
    "lines",
    "prepare",
    "record",
    "rows",
    "safe",
    "write",
]
