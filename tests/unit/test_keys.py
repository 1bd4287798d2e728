"""The keys of a copy: made once, readable by their owner alone, and the private ones only where they are needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback_app.core.errors import FeedbackError
from feedback_app.core.keys import load_keys, make_keys, make_sealing_key
from feedback_app.core.sealing import open_sealed, seal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "instance" / "keys"
    assert make_keys(made)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_only_the_owner_reads_them(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert sorted(file.suffix for file in folder.iterdir()) == [".key", ".private", ".public"]


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    open_to_all = tmp_path / "keys"
    open_to_all.mkdir(mode=0o755)
    make_keys(open_to_all)

    assert open_to_all.stat().st_mode & 0o777 == 0o700


def test_a_second_make_leaves_them(folder: Path) -> None:
    before = contents(folder)

    assert not make_keys(folder)
    assert contents(folder) == before


def test_two_copies_have_nothing_in_common(folder: Path, tmp_path: Path) -> None:
    make_keys(tmp_path / "other")

    assert not set(contents(folder).values()) & set(contents(tmp_path / "other").values())


def test_the_public_face_loads_no_private_key(folder: Path) -> None:
    assert load_keys(folder, private=False).private == {}
    assert len(load_keys(folder, private=True).private) == 1


def test_the_public_face_starts_where_there_is_no_private_key(folder: Path) -> None:
    for file in folder.glob("*.private"):
        file.unlink()

    assert load_keys(folder, private=False).key_id


def test_what_the_public_key_seals_the_private_one_opens(folder: Path) -> None:
    ring = load_keys(folder, private=True)

    assert open_sealed(ring.private[ring.key_id], seal(ring.public, "Hello", "here"), "here") == "Hello"


def test_a_new_key_is_used_and_the_old_one_still_opens(folder: Path) -> None:
    before = load_keys(folder, private=True)
    old = seal(before.public, "Old", "here")

    made = make_sealing_key(folder)
    after = load_keys(folder, private=True)

    assert after.key_id == made != before.key_id
    assert open_sealed(after.private[before.key_id], old, "here") == "Old"
    assert open_sealed(after.private[made], seal(after.public, "New", "here"), "here") == "New"
    assert after.server.derive("x") == before.server.derive("x")


@pytest.mark.parametrize("missing", ["*", "server.key", "*.public"])
def test_a_missing_key_is_a_clear_error(folder: Path, missing: str) -> None:
    for file in folder.glob(missing):
        file.unlink()

    with pytest.raises(FeedbackError, match=r"There are no keys in .*keys\. Make them with: feedback init"):
        load_keys(folder, private=True)


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="There are no keys"):
        load_keys(tmp_path / "nowhere", private=False)


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"\0" * 32, b"secret\n" * 5, b"abcabcabcabcabcabcabcabcabcabcab"])
@pytest.mark.parametrize("which", ["server.key", "*.public", "*.private"])
def test_a_key_that_is_cut_or_weak_stops_the_start(folder: Path, which: str, content: bytes) -> None:
    (file,) = folder.glob(which)
    file.write_bytes(content)

    with pytest.raises(FeedbackError, match=f"{file.name} holds no key that feedback has made"):
        load_keys(folder, private=True)
