"""What several staff pages need to begin with: the collection of an address, and the codebooks."""

from __future__ import annotations

from functools import cache

from flask import abort

from feedback_app.services import collections
from feedback_app.services.codebooks import load_codebooks
from feedback_app.services.collections import Held
from feedback_app.storage.db import db

#: The codebooks of a folder, read once for each process: a changed file counts from the next start.
codebooks = cache(load_codebooks)


def collection_here(ident: str) -> Held:
    """The collection of an address.

    Raises:
        NotFound: there is none.
    """
    collection = collections.find(db.session(), ident)
    if collection is None:
        abort(404)
    return collection
