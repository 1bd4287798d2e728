"""Drafts of recordings by a program: espeak-ng speaks the words, and the file is made small. The only caller of it.

A draft is called synthetic everywhere: a button that plays one says so, and a person's recording takes its place.
"""

from __future__ import annotations

import shutil
import subprocess
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from feedback_app.core.errors import FeedbackError
from feedback_app.i18n.locales import SOURCE
from feedback_app.services.recordings import Speech

# It has no Sorani (its Kurdish is Kurmanji) and no Romani.
VOICES = {SOURCE: "en-gb", "ur": "ur", "pl": "pl", "sk": "sk", "cs": "cs", "ro": "ro", "ar": "ar"}
WORDS_A_MINUTE = "140"  # its own 175 is quick for a child, and for someone learning the language
SECONDS = 60  # for one text


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of this machine: the one that speaks, and the one that makes MP3, if there is one."""

    espeak: str
    lame: str

    @property
    def kind(self) -> str:
        """What the files are: MP3, which every browser plays, or else WAV, which is about five times larger."""
        return ".mp3" if self.lame else ".wav"


def find_programs() -> Programs:
    """Find the programs.

    Raises:
        FeedbackError: espeak-ng is not installed; the message says how to install it.
    """
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        raise FeedbackError(
            "espeak-ng is not installed, and it is what speaks the drafts. "
            "On Debian or Ubuntu, install it with: sudo apt-get install espeak-ng"
        )
    return Programs(espeak, shutil.which("lame") or "")


def make(programs: Programs, speech: Speech, folder: Path) -> Path:
    """Make the draft of one text; return the file. It appears whole or not at all, so that a run can be stopped.

    Args:
        folder: the folder of recordings.

    Raises:
        FeedbackError: a program failed; the message has what it said.
    """
    file = folder / "synthetic" / f"{speech.stem}{programs.kind}"
    file.parent.mkdir(parents=True, exist_ok=True)
    spoken, made = file.with_suffix(".spoken"), file.with_suffix(".part")
    try:
        voice = ["-v", VOICES[speech.language], "-s", WORDS_A_MINUTE, "-b", "1", "--stdin", "-w", str(spoken)]
        _run([programs.espeak, *voice], speech.words)
        if programs.lame:
            _run([programs.lame, "--quiet", "-m", "m", "-b", "32", str(spoken), str(made)])
        else:
            _halve(spoken, made)
        made.replace(file)
    finally:
        spoken.unlink(missing_ok=True)
        made.unlink(missing_ok=True)
    return file


def _run(command: list[str], words: str = "") -> None:
    """Run a program of this machine. The words go in by its standard input: they are never part of a command."""
    try:
        done = subprocess.run(  # noqa: S603 - programs found by name, no shell, nothing that a respondent typed
            command, input=words.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise FeedbackError(f"{Path(command[0]).name} took more than {SECONDS} seconds for one text.") from None
    if done.returncode:
        raise FeedbackError(f"{Path(command[0]).name} failed: {done.stderr.decode(errors='replace').strip()}")


def _halve(spoken: Path, made: Path) -> None:
    """Write a WAV of half the samples, each the mean of two: half the size, and speech stays clear."""
    with wave.open(str(spoken)) as source:
        rate, samples = source.getframerate(), array("h", source.readframes(source.getnframes()))
    fewer = array("h", ((one + two) // 2 for one, two in zip(samples[::2], samples[1::2], strict=False)))
    with wave.open(str(made), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate // 2)
        out.writeframes(fewer.tobytes())
