"""The application commands: Discord takes them, and they say what the declarations say."""

from dataclasses import replace

import pytest

from adapters.platforms.discord.commands import CommandSetError, application_commands, fingerprint
from adapters.platforms.discord.manifest import application_of, discord_manifest, invitation
from adapters.platforms.discord.permissions import NEEDED
from bot.wiring.bootstrap import registry
from tests.support.discord.command_form import check_command
from tests.support.discord.schema import Report


def test_discord_takes_the_whole_set() -> None:
    for command in application_commands(registry().catalogue):
        report = Report()
        check_command(report, (), command)
        assert not report, report.errors


def test_options_have_the_types_of_their_arguments_and_none_is_required() -> None:
    task = next(command for command in application_commands(registry().catalogue) if command["name"] == "task")
    add, imported = (next(one for one in task["options"] if one["name"] == name) for name in ("add", "import"))
    by_name = {option["name"]: option for option in add["options"]}
    assert [choice["value"] for choice in by_name["priority"]["choices"]]
    assert by_name["due"]["autocomplete"]
    assert "autocomplete" not in by_name["title"]
    assert next(one for one in imported["options"] if one["name"] == "file")["type"] == 11
    assert not any(option["required"] for action in task["options"] for option in action["options"])


def test_what_admins_may_look_past_is_an_option_of_the_commands_that_only_look() -> None:
    task = next(command for command in application_commands(registry().catalogue) if command["name"] == "task")
    found = {
        action["name"]: option
        for action in task["options"]
        for option in action["options"]
        if option["name"] == "override"
    }
    assert set(found) == {"list", "show", "history", "summary", "export"}
    assert {option["type"] for option in found.values()} == {5}
    assert "admins" in found["list"]["description"]


def test_a_prefix_keeps_clear_of_other_apps() -> None:
    names = [command["name"] for command in application_commands(registry("qm-").catalogue)]
    assert "qm-task" in names


def test_the_fingerprint_changes_with_the_commands_only() -> None:
    commands = application_commands(registry().catalogue)
    assert fingerprint(commands) == fingerprint(application_commands(registry().catalogue))
    assert fingerprint(commands) != fingerprint(commands[1:])


def test_one_command_too_many_is_noticed_before_discord_refuses_all() -> None:
    catalogue = registry().catalogue
    many = [replace(catalogue.areas[0], name=f"area{number}") for number in range(101)]
    with pytest.raises(CommandSetError):
        application_commands(replace(catalogue, areas=many))
    with pytest.raises(CommandSetError):
        application_commands(replace(catalogue, areas=[replace(catalogue.areas[0], name="Not A Name")]))


def test_the_invitation_asks_for_what_is_needed_and_nothing_privileged() -> None:
    told = discord_manifest(registry().catalogue, "42")
    assert told["invite"] == invitation("42")
    assert "client_id=42" in told["invite"]
    assert f"permissions={NEEDED}" in told["invite"]
    assert told["privileged_intents"] == []


def test_a_token_names_its_application() -> None:
    assert application_of("NDI.x.y") == "42"
    assert application_of("not a token") == ""
