"""The `feedback audio` command: what there is to record, drafts by the real espeak-ng, and how many there are."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedback_app.cli.audio import audio
from feedback_app.core.errors import FeedbackError
from feedback_app.services import speaking
from feedback_app.services.recordings import hash_of, read_recordings
from feedback_app.storage.models import AuditEvent
from tests.factories import Copy
from tests.translating import translate

Feedback = Callable[..., str]
ESPEAK = shutil.which("espeak-ng")
SPEAKS = pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed; `make test` installs it")
OPENING = "These questions are about the time before you came to us."


@pytest.fixture
def made(copy: Callable[..., Copy], tmp_path: Path) -> Copy:
    return copy("easy", translations=translate(tmp_path, "ur"))


@pytest.fixture
def feedback(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Feedback:
    """Run `feedback audio` on a copy, and give what it printed."""
    for name in ("instance", "surveys", "translations"):
        monkeypatch.setenv(name.upper(), str(getattr(made.settings, name)))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*words: str) -> str:
        done = CliRunner().invoke(audio, words)
        if done.exception:
            raise done.exception
        return done.stdout

    return run


def test_the_list_names_each_file_to_record_with_its_words(feedback: Feedback) -> None:
    lines = dict(line.split("\t") for line in feedback("list", "--language", "en").splitlines())

    assert lines[f"human/en/easy/easy.pages.before.intro.{hash_of(OPENING)}"] == OPENING
    assert "Did we tell you enough?" in lines.values()
    assert "A wide smile" not in lines.values()
    assert list(lines.values()).count("Yes") == 1  # said twice in the survey, recorded once


def test_a_file_recorded_under_the_listed_name_is_counted_and_leaves_the_list(made: Copy, feedback: Feedback) -> None:
    name, _ = feedback("list", "--language", "en").splitlines()[0].split("\t")
    file = made.settings.sounds / f"{name}.mp3"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"a person's voice")

    assert name not in feedback("list", "--language", "en")
    assert name in feedback("list", "--language", "en", "--all")
    assert ", 1 human, 0 synthetic, " in feedback("status", "--language", "en")


@SPEAKS
def test_drafts_are_made_once_in_each_language_that_can_be_spoken(made: Copy, feedback: Feedback) -> None:
    texts = {code: len(feedback("list", "--language", code).splitlines()) for code in ("en", "ur")}

    assert f"Made {sum(texts.values())} synthetic drafts" in feedback("make")
    found = read_recordings(made.settings.sounds)
    assert {source.source for source in found.sounds.values()} == {"synthetic"}
    assert found.of("en", OPENING)
    assert found.of("ur", f"[ur] {OPENING}")
    assert [file for file in made.settings.sounds.rglob("*") if file.suffix in {".part", ".spoken"}] == []
    assert "Made 0 synthetic drafts" in feedback("make")
    assert "0 none" in feedback("status")
    with made.session() as session:
        assert [event.action for event in session.query(AuditEvent)].count("audio.make") == 1


@SPEAKS
def test_a_draft_is_speech_and_not_silence(made: Copy, feedback: Feedback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: ESPEAK if name == "espeak-ng" else None)
    feedback("make", "--language", "en")

    draft = read_recordings(made.settings.sounds).of("en", OPENING)
    assert draft
    with wave.open(str(draft.file)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
        samples = memoryview(sound.readframes(sound.getnframes())).cast("h")
    assert 2 < seconds < 10
    assert max(samples) > 3000
    assert draft.file.stat().st_size < 25_000 * seconds


def test_what_cannot_be_done_is_said(feedback: Feedback, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FeedbackError, match=r'There is no survey "hard". There are: easy\.'):
        feedback("list", "--survey", "hard")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(FeedbackError, match="sudo apt-get install espeak-ng"):
        feedback("make")


def test_no_voice_is_claimed_for_sorani_or_romani() -> None:
    assert not speaking.VOICES.keys() & {"ckb", "rmc", "rmy"}
