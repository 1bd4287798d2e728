"""Notice words that may mean that a child is at risk: band, matched phrase, reason. It sorts; people read all."""

from analysis.concern.lists import (
    BANDS,
    CATEGORIES,
    Band,
    ConcernError,
    ConcernList,
    Lowered,
    Reviewer,
    Sentence,
    load_list,
)
from analysis.concern.screen import LONGEST_TEXT, Flag, Screener, Screening, load_screener
from analysis.concern.trial import Fault, try_sentences

__all__ = [
    "BANDS",
    "CATEGORIES",
    "LONGEST_TEXT",
    "Band",
    "ConcernError",
    "ConcernList",
    "Fault",
    "Flag",
    "Lowered",
    "Reviewer",
    "Screener",
    "Screening",
    "Sentence",
    "load_list",
    "load_screener",
    "try_sentences",
]
