"""The folder of recordings: which words have a sound, and whether a person or a program spoke it.

A file lies at `<human or synthetic>/<language>/<survey>/<context>.<8 hex of the words>.<kind>`. The hash is of the very
words, so that a recording of older words is never played. The same words in another survey play the same file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from feedback_app.definitions.area import Area
from feedback_app.definitions.freeze import Frozen
from feedback_app.i18n.locales import LOCALES, SOURCE
from feedback_app.i18n.placeholders import APART, TOGETHER, names, put
from feedback_app.i18n.survey_texts import texts, translated

Source = Literal["human", "synthetic"]
SOURCES: tuple[Source, ...] = ("human", "synthetic")  # the better first
KINDS = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav"}
SPOKEN = frozenset({"label", "hint", "feedback", "intro", "notice"})  # the fields of a survey that a button may speak


@dataclass(frozen=True, slots=True)
class Sound:
    """One file: where it lies, where it is served, and who spoke."""

    file: Path
    address: str
    source: Source


@dataclass(frozen=True, slots=True)
class Recordings:
    """Every sound there is, by language and hash of the words; read once, when the application starts."""

    sounds: Mapping[tuple[str, str], Sound]
    served: Mapping[str, Sound]  # by address, without its version

    def of(self, language: str, words: str) -> Sound | None:
        """The sound of some words, a person's before a program's."""
        return self.sounds.get((language, hash_of(words)))


@dataclass(frozen=True, slots=True)
class Speech:
    """One text of a survey in a language that may be heard: its address, and its words as the page shows them."""

    language: str
    survey: str
    context: str
    words: str

    @property
    def stem(self) -> str:
        """What its file is called, without who spoke and the kind."""
        return f"{self.language}/{self.survey}/{self.context}.{hash_of(self.words)}"


def hash_of(words: str) -> str:
    """Eight letters that stand for some words. Signs that nobody hears, such as marks of direction, do not count."""
    return hashlib.sha256(plain(words).encode()).hexdigest()[:8]


def plain(words: str) -> str:
    """The words without marks of direction and double blanks."""
    return " ".join(words.replace(APART, "").replace(TOGETHER, "").split())


def read_recordings(folder: Path) -> Recordings:
    """Read which recordings there are. Files with other names are passed over; a folder that is not there has none."""
    sounds: dict[tuple[str, str], Sound] = {}
    served: dict[str, Sound] = {}
    for source in SOURCES:
        for file in sorted((folder / source).glob("*/*/*.*")):
            language, said = file.parts[-3], file.stem.rpartition(".")[2]
            if language not in LOCALES or len(said) != 8 or file.suffix not in KINDS or (language, said) in sounds:
                continue
            address = f"/sound/{source}/{language}/{said}{file.suffix}"
            state = file.stat()
            version = hashlib.sha256(f"{state.st_mtime_ns} {state.st_size}".encode()).hexdigest()[:8]
            sounds[language, said] = served[address] = Sound(file, f"{address}?v={version}", source)
    return Recordings(sounds, served)


def speeches(frozen: Frozen, area: Area, language: str) -> Iterator[Speech]:
    """Every text of a survey that a listen button may speak, in one language it is complete in.

    A text that names an earlier answer is not among them: what a person typed is never spoken.
    """
    words = {} if language == SOURCE else frozen.languages[language].words
    local = area.words_in(language)
    document = translated(frozen.document, words)
    for text in texts(document):
        said = plain(put(text.english, local))
        if text.context.rpartition(".")[2] not in SPOKEN or names(said):
            continue
        if text.easy and language != SOURCE and text.context not in words:
            continue  # a language may be without easy words
        yield Speech(language, str(document["survey"]), text.context, said)


def unlike(speeches: Iterable[Speech]) -> Iterator[Speech]:
    """Each text once for a language: the same words in another survey need no recording of their own."""
    seen = set()
    for one in speeches:
        key = (one.language, hash_of(one.words))
        if key not in seen:
            seen.add(key)
            yield one
