"""The store: entries are whole or absent, whatever the disk holds."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaklint.cache import Store, store

KEY, OTHER = sha256(b"one").hexdigest(), sha256(b"two").hexdigest()


def entry(directory: Path, key: str = KEY) -> Path:
    """The file of the entry under ``key``."""
    return directory / "v1" / key[:2] / key[2:]


def test_what_was_put_is_found_by_another_process(tmp_path: Path) -> None:
    Store(str(tmp_path)).put(KEY, b"content")
    assert Store(str(tmp_path)).get(KEY) == b"content"
    assert Store(str(tmp_path)).get(OTHER) is None


def test_others_cannot_read_what_is_kept(tmp_path: Path) -> None:
    Store(str(tmp_path / "new")).put(KEY, b"content")
    assert stat.S_IMODE(entry(tmp_path / "new").stat().st_mode) == 0o600


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "truncated": lambda data: data[:-1],
    "longer": lambda data: data + b"\0",
    "other content": lambda data: data[:-1] + b"!",
    "other magic": lambda data: b"X" + data[1:],
    "foreign": lambda data: b"\x80\x04\x95pickle",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_absent_and_can_be_put_again(tmp_path: Path, damage: str) -> None:
    kept = Store(str(tmp_path))
    kept.put(KEY, b"content")
    path = entry(tmp_path)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert kept.get(KEY) is None
    kept.put(KEY, b"content")
    assert kept.get(KEY) == b"content"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_no_bytes_are_taken_for_an_entry(tmp_path: Path, data: bytes) -> None:
    path = entry(tmp_path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    assert Store(str(tmp_path)).get(KEY) is None


def test_an_entry_under_the_key_of_another_is_absent(tmp_path: Path) -> None:
    kept = Store(str(tmp_path))
    kept.put(KEY, b"content")
    entry(tmp_path, OTHER).parent.mkdir(parents=True, exist_ok=True)
    entry(tmp_path).rename(entry(tmp_path, OTHER))
    assert kept.get(OTHER) is None


def test_a_pipe_in_place_of_an_entry_is_not_waited_for(tmp_path: Path) -> None:
    entry(tmp_path).parent.mkdir(parents=True)
    os.mkfifo(entry(tmp_path))
    assert Store(str(tmp_path)).get(KEY) is None


def test_a_directory_that_everybody_may_write_is_not_used(tmp_path: Path) -> None:
    Store(str(tmp_path)).put(KEY, b"content")
    (tmp_path / "v1").chmod(0o777)
    assert Store(str(tmp_path)).get(KEY) is None


def test_a_full_disk_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: str, data: bytes) -> None:
        Path(path).write_bytes(data[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    kept = Store(str(tmp_path))
    kept.put(KEY, b"content")
    kept.put(OTHER, b"content")
    kept.tidy()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert kept.get(KEY) is None


def test_a_file_in_place_of_the_directory_is_silent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    kept = Store(str(tmp_path / "file"))
    kept.put(KEY, b"content")
    kept.tidy()
    assert kept.get(KEY) is None
    assert (tmp_path / "file").read_text() == "mine"


def test_what_was_not_used_for_longest_is_removed_first(tmp_path: Path) -> None:
    kept = Store(str(tmp_path), limit=1_000)
    keys = [sha256(b"%d" % number).hexdigest() for number in range(10)]
    for age, key in enumerate(keys):
        kept.put(key, b"x" * 200)
        os.utime(entry(tmp_path, key), (1_000_000 + age, 1_000_000 + age))
    assert kept.get(keys[0])  # used again
    kept.tidy()
    left = [key for key in keys if entry(tmp_path, key).exists()]
    assert left == [keys[0], *keys[-2:]]
    assert kept.usage().size <= 1_000


def test_old_drafts_are_removed_and_new_ones_left(tmp_path: Path) -> None:
    kept = Store(str(tmp_path))
    kept.put(KEY, b"content")
    old, new = (entry(tmp_path).parent / f".{digit * 16}.draft" for digit in "ab")
    old.write_text("half")
    new.write_text("half")
    os.utime(old, (1_000_000, 1_000_000))
    kept.tidy()
    assert (old.exists(), new.exists(), kept.get(KEY)) == (False, True, b"content")


def test_clearing_removes_nothing_else(tmp_path: Path) -> None:
    kept = Store(str(tmp_path))
    kept.put(KEY, b"content")
    mine = [tmp_path / "mine", tmp_path / "v1" / "mine", entry(tmp_path).parent / "mine"]
    for path in mine:
        path.write_text("mine")
    assert kept.clear().entries == 1
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(mine)
