"""Read the body of a posted form, strictly: its size, its letters and its names are as our own pages send them."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

LARGEST = 64 * 1024
MOST_FIELDS = 100
NUL = "\0"


def read_form() -> MultiDict[str, str]:
    """Return the posted fields.

    Raises:
        RequestEntityTooLarge: the body is over 64 KiB.
        UnsupportedMediaType: it is not an ordinary form.
        BadRequest: it is not UTF-8, or has too many fields.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType
    body = request.get_data(cache=False, parse_form_data=False)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadRequest from None
    return MultiDict(pairs)


def without_nul(form: MultiDict[str, str]) -> tuple[MultiDict[str, str], bool]:
    """Take out the one character that no database keeps in text; tell whether there was any."""
    if not any(NUL in value for value in form.values()):
        return form, False
    return MultiDict([(name, value.replace(NUL, "")) for name, value in form.items(multi=True)]), True
