"""The secret keys: from the setting, else from a file that is made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from adapters.secrets import KEY_FILE, AesGcmSecretBox, SecretKeyError, load_keys

KEY = "k" * 32


def test_the_setting_wins_and_makes_no_file(tmp_path: Path) -> None:
    assert load_keys([KEY], tmp_path / "data").keys == (KEY,)
    assert not (tmp_path / "data").exists()


def test_a_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = load_keys([], tmp_path / "data")
    path = tmp_path / "data" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(first.keys[0]) >= 32
    assert first.warning == ""
    assert load_keys([], tmp_path / "data").keys == first.keys
    assert list(path.parent.iterdir()) == [path]


def test_many_that_start_at_once_come_to_one_key(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(_: int) -> tuple[str, ...]:
        together.wait()
        return load_keys([], tmp_path / "data").keys

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(start, range(8)))) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == [KEY_FILE]


def test_a_key_file_may_hold_several_newest_first(tmp_path: Path) -> None:
    sealed = AesGcmSecretBox(load_keys([], tmp_path).keys).seal("x", context="a")
    path = tmp_path / KEY_FILE
    path.write_text(f"{KEY}\n\n{path.read_text()}")
    keys = load_keys([], tmp_path).keys
    assert keys[0] == KEY
    assert AesGcmSecretBox(keys).open(sealed, context="a") == "x"


def test_a_key_file_open_to_others_is_told(tmp_path: Path) -> None:
    load_keys([], tmp_path)
    (tmp_path / KEY_FILE).chmod(0o644)
    assert "chmod 600" in load_keys([], tmp_path).warning


@pytest.mark.parametrize("content", [b"", b"\n\n", b"hush\n", b"\xff\xfe\x00"])
def test_a_broken_key_file_is_not_replaced_by_itself(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(SecretKeyError) as caught:
        load_keys([], tmp_path)
    assert "hush" not in str(caught.value)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_a_data_folder_that_can_not_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SecretKeyError, match="QM_SECRET_KEY"):
        load_keys([], tmp_path / "file")


def test_keys_are_not_shown(tmp_path: Path) -> None:
    assert KEY not in repr(load_keys([KEY], tmp_path))
