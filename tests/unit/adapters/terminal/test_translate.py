"""Command lines as requests, and the files that come with them."""

import os
from pathlib import Path

import pytest

from adapters.platforms.terminal import AttachmentError, UnusableNameError, attach, terminal_request
from core.chat.request import ChannelKind, Platform


def test_a_command_line_names_person_channel_and_workspace() -> None:
    request = terminal_request("/task list", user="@ana", channel="#shop", workspace="default")
    assert request.platform is Platform.TERMINAL
    assert (request.user.id, request.channel.id, request.channel.name) == ("ana", "shop", "shop")
    assert request.channel.kind is ChannelKind.PUBLIC
    assert request.space_id == "default"
    assert request.text == "/task list"
    assert request.delivery_id == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "needs a name"), ("#", "needs a name"), (" ", "needs a name"), ("x" * 81, "80"), ("a\u202eb", "can be seen")],
)
def test_a_name_that_nothing_can_have_is_refused(name: str, said: str) -> None:
    with pytest.raises(UnusableNameError, match=f"--channel.*{said}"):
        terminal_request("/task list", user="ana", channel=name, workspace="default")
    with pytest.raises(UnusableNameError, match=f"--as.*{said}"):
        terminal_request("/task list", user=name.replace("#", "@"), channel="shop", workspace="default")


async def test_a_file_is_read_in_pieces_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_bytes(b"x" * 600_000)
    attachment = attach(path)
    assert (attachment.name, attachment.media_type, attachment.size) == ("tasks.csv", "text/csv", 600_000)
    pieces = [piece async for piece in attachment.open()]
    assert len(pieces) > 1
    assert b"".join(pieces) == path.read_bytes()
    assert b"".join([piece async for piece in attachment.open()]) == path.read_bytes()


def test_an_unknown_type_is_bytes(tmp_path: Path) -> None:
    (tmp_path / "thing.zzz").touch()
    assert attach(tmp_path / "thing.zzz").media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "said"), [("missing.csv", "There is no file"), ("folder", "is a folder"), ("pipe", "plain")]
)
def test_what_is_no_file_is_refused_in_a_sentence(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AttachmentError, match=said):
        attach(tmp_path / name)


def test_a_name_that_no_file_can_have_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AttachmentError, match="can't be read"):
        attach(tmp_path / ("x" * 5000))
    with pytest.raises(AttachmentError, match="can't be used"):
        attach(tmp_path / "a\0b")
