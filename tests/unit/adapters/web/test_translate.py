from collections.abc import AsyncIterator

import pytest

from adapters.platforms.web.frames import Submit
from adapters.platforms.web.translate import (
    Reader,
    bare_request,
    command_text,
    delivery_id,
    spelled,
    submitted_request,
)
from core.chat.reply import Visibility
from core.chat.request import Attachment, ChannelKind, Platform
from core.chat.spec import Argument, ArgumentKind, CommandInfo, Cost, Undo
from core.people.model import Role
from core.workspaces.model import Channel

READER = Reader("owner", zone="Europe/Berlin", locale="de-DE")
GENERAL = Channel(3, 1, Platform.WEB, "general", "general", ChannelKind.PUBLIC)
DIRECT = Channel(4, 1, Platform.WEB, "direct:owner", "Quartermaster", ChannelKind.DIRECT)


def frame(**values: object) -> Submit:
    return Submit.model_validate({"type": "submit", "id": "a1", "channel": 3, **values})


def test_a_typed_line_keeps_who_where_and_the_delivery() -> None:
    request = submitted_request(frame(text="/task list"), READER, GENERAL)

    assert request is not None
    assert (request.platform, request.space_id) == (Platform.WEB, "console")
    assert (request.channel.id, request.channel.kind) == ("general", ChannelKind.PUBLIC)
    assert (request.user.id, request.user.zone, request.user.locale) == ("owner", "Europe/Berlin", "de-DE")
    assert request.text == "/task list"
    assert request.delivery_id == "web:owner:a1"


def test_the_same_submission_has_the_same_delivery_and_another_persons_does_not() -> None:
    assert delivery_id(READER, "a1") == delivery_id(READER, "a1")
    assert delivery_id(READER, "a1") != delivery_id(Reader("ann"), "a1")


def test_a_form_is_its_command_and_arguments() -> None:
    request = submitted_request(frame(command="task add", arguments={"title": "Buy milk"}), READER, GENERAL)

    assert request is not None
    assert (request.command, dict(request.arguments), request.text) == ("task add", {"title": "Buy milk"}, "")


def test_a_button_is_its_action() -> None:
    request = submitted_request(frame(action="SET.0", arguments={"due": "fri"}), READER, GENERAL)

    assert request is not None
    assert (request.action_id, dict(request.arguments)) == ("SET.0", {"due": "fri"})
    assert (request.text, request.command) == ("", "")


def test_attachments_come_along() -> None:
    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    attached = Attachment("tasks.csv", "text/csv", 0, nothing)
    request = submitted_request(frame(text="/task import"), READER, GENERAL, [attached])

    assert request is not None
    assert request.attachments == (attached,)


def test_talk_among_people_is_no_request() -> None:
    assert submitted_request(frame(text="Good morning"), READER, GENERAL) is None


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/task list", "/task list"),
        ("  /task list ", "/task list"),
        ("@quartermaster task done 12", "task done 12"),
        ("@Quartermaster: task done 12", "task done 12"),
        ("@qm task list", "task list"),
        ("@qm", "help"),
        ("@qmx task list", ""),
        ("see /task list", ""),
        ("hello", ""),
        ("", ""),
    ],
)
def test_finds_the_command_in_a_line(line: str, command: str) -> None:
    assert command_text(line, ChannelKind.PUBLIC) == command


def test_everything_said_to_the_bot_alone_is_a_command() -> None:
    assert command_text("task list", ChannelKind.DIRECT) == "task list"
    assert submitted_request(frame(text="task list"), READER, DIRECT) is not None


def test_a_bare_request_is_no_delivery() -> None:
    assert bare_request(READER, GENERAL).delivery_id == ""


def argument(name: str, *, positional: bool) -> Argument:
    return Argument(name, ArgumentKind.LINE, "", required=positional, positional=positional)


ADD = CommandInfo(
    area="task",
    action="add",
    summary="",
    description="",
    arguments=(argument("title", positional=True), argument("due", positional=False)),
    examples=(),
    role=Role.MEMBER,
    visibility=Visibility.CHANNEL,
    cost=Cost.QUICK,
    undo=Undo.INVERSE,
)


def test_spells_a_form_as_the_line_that_says_the_same() -> None:
    line = spelled("task add", {"title": "Buy milk", "due": "tomorrow 9am", "notes": ""}, ADD)

    assert line == '/task add Buy milk due:"tomorrow 9am"'


def test_spells_with_the_prefix() -> None:
    assert spelled("task add", {"title": "Milk"}, ADD, "shop-") == "/shop-task add Milk"
