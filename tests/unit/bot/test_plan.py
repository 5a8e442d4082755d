"""What can be told of a request before any work: the command, the kind of answer, who sees it, what is missing."""

from dataclasses import replace

import pytest

from bot.application.context import Context
from bot.commands.areas import AREAS
from bot.grammar.arguments import Rest
from bot.grammar.declaration import Area
from bot.grammar.plan import Planner
from bot.grammar.registry import DuplicateDeclarationError, Registry
from bot.grammar.tokens import LINE_LIMIT
from core.chat.reply import Reply, Visibility
from core.chat.request import Attachment
from core.chat.spec import Answer, Plan
from core.people.model import Role
from tests.support.clock import HeldClock
from tests.unit.bot.sample_area import NOW, planned, planner, registry, request, sample


def name(plan: Plan) -> str:
    assert plan.command is not None, plan.problem
    return plan.command.name


def topic(line: str, prefix: str = "") -> str:
    """What a line asks help for."""
    plan = planned(line, prefix)
    assert name(plan) == "qm help"
    return " ".join(plan.arguments.get("topic", ()))


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/task done 12", "task done"),
        ("/TASK Done 12", "task done"),
        ("task done 12", "task done"),
        ("/qm task done 12", "task done"),
        ("/qm /task done 12", "task done"),
        ("qm task done 12", "task done"),
        ("/qm undo", "qm undo"),
        ("/qm log", "qm log"),
        ("  /task   done   12  ", "task done"),
        ("\u200b/task\u00a0done 12", "task done"),
        ("/sample put-off 1 fri", "sample put-off"),
    ],
)
def test_a_command_is_found_with_or_without_slash_and_behind_qm(line: str, command: str) -> None:
    assert name(planned(line)) == command


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/shop-task done 12", "task done"),
        ("/Shop-Task done 12", "task done"),
        ("/task done 12", "task done"),
        ("task done 12", "task done"),
        ("/shop-qm task done 12", "task done"),
        ("/shop-qm shop-task done 12", "task done"),
    ],
)
def test_a_prefix_may_stand_before_the_area(line: str, command: str) -> None:
    assert name(planned(line, "shop-")) == command


def test_an_action_of_qm_goes_before_an_area_of_that_name_unless_the_area_has_what_follows() -> None:
    area = Area("log", "Files of logs")

    @area.command(role=Role.GUEST)
    async def search(ctx: Context, words: Rest) -> Reply:
        """Search.

        Args:
            words: what for
        """
        return Reply()

    reader = Planner(Registry.of((*AREAS, area)), HeldClock(NOW))
    lines = ("/qm log", "/qm log failed", "/qm log search ", "/qm log search error", "/log search error", "/log")
    assert [name(reader.plan(request(line))) for line in lines] == [
        "qm log",
        "qm log",
        "log search",
        "log search",
        "log search",
        "qm help",
    ]


def test_the_longest_line_is_still_read() -> None:
    line = "/task add ".ljust(LINE_LIMIT, "x")
    assert planned(line).problem is None
    assert planned(line + "x").problem is not None


def test_what_is_wrong_is_told_with_the_command_it_is_about() -> None:
    plan = planned("/task add Buy milk due:fri due:sat")
    assert plan.problem is not None
    assert name(plan) == "task add"
    assert plan.visibility is Visibility.PRIVATE


def test_a_prefix_that_begins_like_an_area_does_not_hide_it() -> None:
    assert name(planned("/task done 12", "ta")) == "task done"
    assert name(planned("/tatask done 12", "ta")) == "task done"


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", ""),
        ("   ", ""),
        ("help", ""),
        ("/help", ""),
        ("/qm", ""),
        ("qm", ""),
        ("/qm help", ""),
        ("/help task", "task"),
        ("help task add", "task add"),
        ("/qm help task add", "task add"),
        ("/task", "task"),
        ("/task help", "task"),
        ("/task help add", "task add"),
        ("/qm task", "task"),
        ("/qm task help add", "task add"),
        ("/TASK", "task"),
    ],
)
def test_help_is_asked_for_in_many_ways(line: str, asked: str) -> None:
    assert topic(line) == asked


@pytest.mark.parametrize(
    ("line", "typed", "meant"),
    [
        ("/task ad Buy milk", "/task ad", "/task add"),
        ("/task doen 12", "/task doen", "/task done"),
        ("/taks done 12", "/taks done", "/task done"),
        ("/tsk add", "/tsk add", "/task add"),
        ("/user rol @ann clerk", "/user rol", "/user role"),
    ],
)
def test_a_near_miss_is_answered_with_what_was_meant(line: str, typed: str, meant: str) -> None:
    plan = planned(line)
    assert plan.command is None
    assert plan.problem is not None
    assert plan.problem.code == "unknown_command"
    assert f"`{typed}`" in plan.problem.message
    assert f"`{meant}`" in plan.problem.hint


@pytest.mark.parametrize("line", ["/zzzz qqqq", "hello there everybody", "/zzzz", "\U0001f600", "/"])
def test_what_is_nothing_like_a_command_is_answered_with_where_to_look(line: str) -> None:
    plan = planned(line)
    assert plan.command is None
    assert plan.problem is not None
    assert plan.problem.code == "unknown_command"
    assert plan.answer is Answer.MESSAGE
    assert plan.visibility is Visibility.PRIVATE


def test_an_unknown_command_by_name_is_answered_alike() -> None:
    plan = planner().plan(request(command="task ad", arguments={"title": "Buy milk"}))
    assert plan.problem is not None
    assert "`/task add`" in plan.problem.hint


# ---------------------------------------------------------------- what is missing


def test_missing_arguments_are_asked_for_by_a_form_that_keeps_what_was_given() -> None:
    plan = planned("/task add due:fri assign:@ann assign:@ben notes:the oat one")
    assert name(plan) == "task add"
    assert plan.answer is Answer.FORM
    assert plan.visibility is Visibility.PRIVATE
    assert plan.problem is not None
    assert plan.problem.field == "title"
    assert "`Buy milk`" in plan.problem.hint
    assert plan.form is not None
    assert plan.form.command == "task add"
    values = {field.name: field.value for field in plan.form.fields}
    assert values["title"] == ""
    assert (values["due"], values["assign"], values["notes"]) == ("fri", "@ann @ben", "the oat one")
    assert [field.name for field in plan.form.fields if field.required] == ["title"]


def test_a_form_for_a_known_task_keeps_its_number_out_of_sight() -> None:
    plan = planned("/task assign 12")
    assert plan.form is not None
    assert plan.form.fixed == {"task": "12"}
    assert [field.name for field in plan.form.fields] == ["people", "mode"]
    assert plan.form.title == "Task: assign 12"


def test_a_command_that_asks_opens_its_form_for_a_record_alone_and_only_where_it_was_typed() -> None:
    plan = planned("/task edit 12")
    assert (plan.answer, plan.problem) == (Answer.FORM, None)
    assert plan.form is not None
    assert plan.form.fixed == {"task": "12"}
    assert planned("/task edit 12 Buy oat milk").answer is Answer.MESSAGE
    assert planned("/task done 12").answer is Answer.MESSAGE
    sent = request(command="task edit", arguments={"task": "12"})
    assert planner().plan(sent).answer is Answer.MESSAGE


def test_a_submitted_form_runs_the_command() -> None:
    form = planned("/task assign 12").form
    assert form is not None
    plan = planner().plan(request(command=form.command, arguments={**form.fixed, "people": "@ann", "mode": " "}))
    assert (name(plan), plan.answer, plan.problem) == ("task assign", Answer.MESSAGE, None)
    assert plan.arguments == {"task": ("12",), "people": ("@ann",)}


def test_a_submitted_form_that_still_misses_something_asks_again() -> None:
    plan = planner().plan(request(command="task add", arguments={"title": "  ", "due": "fri"}))
    assert plan.answer is Answer.FORM
    assert plan.form is not None
    errors = {field.name: field.error for field in plan.form.fields if field.error}
    assert errors == {"title": "`title` is missing."}


def test_a_fresh_form_does_not_scold() -> None:
    form = planned("/task add due:fri").form
    assert form is not None
    assert [field.error for field in form.fields] == [""] * len(form.fields)


def test_an_attached_file_stands_for_a_file_argument() -> None:
    assert planned("/sample load").answer is Answer.FORM
    plan = planner().plan(request("/sample load", attached=("notes.csv",)))
    assert (plan.answer, plan.problem) == (Answer.MESSAGE, None)
    assert all(isinstance(one, Attachment) for one in request(attached=("a",)).attachments)


def test_typed_options_may_complete_a_line() -> None:
    plan = planner().plan(request("/task assign 12", arguments={"people": "@ann"}))
    assert plan.arguments == {"task": ("12",), "people": ("@ann",)}
    assert plan.problem is None


def test_what_no_database_keeps_is_taken_out_of_values() -> None:
    plan = planner().plan(request(command="task add", arguments={"title": "Buy\x00 \ud83d milk", "notes": "\x00"}))
    assert plan.arguments == {"title": ("Buy  milk",)}


def test_arguments_that_the_command_does_not_have_are_refused() -> None:
    plan = planner().plan(request(command="task add", arguments={"title": "Buy milk", "colour": "red"}))
    assert name(plan) == "task add"
    assert plan.problem is not None
    assert plan.problem.message == "There is no `colour:` here."


def test_a_confirmation_is_no_unknown_argument() -> None:
    plan = planner().plan(request(command="task add", arguments={"title": "Buy milk", "confirm": "yes"}))
    assert plan.problem is None


def test_the_plan_says_who_will_see_the_answer() -> None:
    assert planned("/task add Buy milk").visibility is Visibility.CHANNEL
    assert planned("/task list").visibility is Visibility.PRIVATE


# ---------------------------------------------------------------- the registry


def test_an_area_given_twice_is_refused_before_anything_is_kept() -> None:
    with pytest.raises(DuplicateDeclarationError, match="sample"):
        Registry.of((sample, sample))


def test_the_catalogue_lists_areas_and_commands_in_the_order_given() -> None:
    catalogue = registry("shop-").catalogue
    assert [area.name for area in catalogue.areas] == [*(area.name for area in AREAS), "sample"]
    assert catalogue.prefix == "shop-"
    assert [info.action for info in catalogue.of("sample")] == [
        "note",
        "put-off",
        "give",
        "show",
        "burn",
        "load",
        "rename",
    ]
    assert catalogue.of("nothing") == []


def test_a_usage_line_shows_which_arguments_are_optional() -> None:
    burn = next(info for info in registry().catalogue.commands if info.name == "sample burn")
    assert burn.usage == "/sample burn count [reason]"
    load = next(info for info in registry().catalogue.commands if info.name == "sample load")
    assert load.usage == "/sample load file [from:\u2026]"


def test_a_form_that_is_asked_for_comes_filled_in_even_where_nothing_is_missing() -> None:
    given = request(command="task add", arguments={"title": "Buy milk", "notes": "the oat one"})
    plan = planner().plan(replace(given, ask=True))
    assert plan.answer is Answer.FORM
    assert plan.problem is None
    assert plan.form is not None
    assert {field.name: field.value for field in plan.form.fields if field.value} == {
        "title": "Buy milk",
        "notes": "the oat one",
    }
    assert planner().plan(given).answer is Answer.MESSAGE


def test_a_form_that_is_asked_for_without_anything_given_does_not_scold() -> None:
    plan = planner().plan(replace(request(command="task add"), ask=True))
    assert plan.form is not None
    assert [field.error for field in plan.form.fields if field.error] == []


def test_an_argument_is_understood_by_its_former_name_too() -> None:
    plan = planner().plan(request(command="task list", arguments={"assignee": "@me"}))
    assert plan.problem is None
    assert plan.arguments == {"assign": ("@me",)}


@pytest.mark.parametrize(
    ("line", "attached", "said"),
    [
        ("/sample load", ("a.csv", "b.csv"), "`/sample load` takes one file, and “a.csv” and “b.csv” are attached."),
        ("/sample load file:a.csv", ("a.csv", "b.csv"), "`/sample load` takes one file, and “a.csv” and “b.csv” are"),
        ("/task done 12", ("a.csv",), "`/task done` takes no file, and “a.csv” is attached."),
        ("/task add", ("a.csv",), "`/task add` takes no file, and “a.csv” is attached."),
    ],
)
def test_no_file_gets_lost_without_a_word(line: str, attached: tuple[str, ...], said: str) -> None:
    plan = planner().plan(request(line, attached=attached))
    assert plan.answer is Answer.MESSAGE
    assert plan.problem is not None
    assert plan.problem.message.startswith(said)
    assert plan.problem.hint.startswith("Nothing was done.")
    assert ("`/task import`" in plan.problem.hint) == (not line.startswith("/sample load"))
