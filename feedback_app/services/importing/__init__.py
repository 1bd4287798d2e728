"""Bring answers in from elsewhere: a CSV file, and a mapping that says which column answers which question.

`prepare` fits the two together, `read` reads every row and seals the words, `keep` stores what was read. Only the last
of them writes, and none commits.
"""

from feedback_app.services.importing.keeping import keep
from feedback_app.services.importing.preparing import Import, prepare
from feedback_app.services.importing.reading import BadRows, Batch, Progress, read

__all__ = ["BadRows", "Batch", "Import", "Progress", "keep", "prepare", "read"]
