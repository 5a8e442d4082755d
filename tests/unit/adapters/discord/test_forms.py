"""Forms as modals: within Discord's limits, remembering what they run."""

from dataclasses import replace
from typing import Any

from adapters.platforms.discord.controls import Home
from adapters.platforms.discord.forms import Forms, FormState, entered, filled_in, uploaded
from adapters.platforms.pressing import changed
from core.chat.reply import Form, FormField
from tests.support.discord.components import check_modal
from tests.support.discord.schema import Report

HOME = Home("1234567890123456789", "1234567890123456780")


def _modal(form: Form, state: FormState | None = None) -> dict[str, Any]:
    modal = Forms().modal(state or FormState(HOME, form.command, fixed=form.fixed), form, "42")
    report = Report()
    check_modal(report, (), modal)
    assert not report, report.errors
    return modal


def _form(*fields: FormField, fixed: dict[str, str] | None = None) -> Form:
    return Form("Task: add " + "x" * 60, "task add", fields, fixed or {})


def _line(name: str, *, required: bool = False, value: str = "") -> FormField:
    return FormField(name, name.title(), "line", required, hint="h" * 300, value=value)


def test_every_kind_of_input_is_taken_by_discord() -> None:
    kinds = ("lines", "choice", "flag", "members", "channel", "file", "integer", "due")
    for kind in kinds:
        for required in (True, False):
            for many in (True, False):
                field = FormField("x", "X", kind, required, choices=("a", "b"), many=many)  # type: ignore[arg-type]
                _modal(_form(field))


def test_of_more_than_five_inputs_the_required_ones_are_asked_for_and_given_ones_kept() -> None:
    fields = [_line(f"f{n}", value="kept" if n == 5 else "") for n in range(7)] + [_line("last", required=True)]
    forms = Forms()
    form = _form(*fields)
    modal = forms.modal(FormState(HOME, form.command), form, "42")
    names = [label["component"]["custom_id"] for label in modal["components"]]
    assert names == ["f0", "f1", "f2", "f3", "last"]
    state = forms.state(modal["custom_id"])
    assert state
    assert state.fixed == {"f5": "kept"}


def test_what_a_form_runs_comes_back_with_it_also_after_a_restart() -> None:
    modal = _modal(_form(_line("people"), fixed={"task": "12 13"}))
    state = Forms().state(modal["custom_id"])
    assert state
    assert (state.home, state.command, state.fixed) == (HOME, "task add", {"task": "12 13"})
    pressed = _modal(_form(_line("until")), FormState(HOME, action="01M7W51AHKV4Z918A3P0Z1XDM7.2"))
    again = Forms().state(pressed["custom_id"])
    assert again
    assert again.action == "01M7W51AHKV4Z918A3P0Z1XDM7.2"


def test_what_a_form_came_with_and_has_no_more_is_to_be_taken_away() -> None:
    came = FormField("notes", "Notes", "lines", False, value="oat", clearable=True)
    bare = FormField("more", "More", "lines", False, clearable=True)
    state = Forms().state(_modal(_form(came, bare))["custom_id"])
    assert state
    assert state.clearable == ("notes",)
    assert changed({"title": "Milk"}, state.clearable, state.came) == {"title": "Milk", "notes": "none"}
    assert changed({"notes": "rye"}, state.clearable, state.came) == {"notes": "rye"}
    pressed = _modal(_form(came), FormState(HOME, action="01M7W51AHKV4Z918A3P0Z1XDM7.2"))
    assert Forms().state(pressed["custom_id"]) is None


def test_what_stays_is_known_again_after_a_restart_and_once_it_was_changed_no_more() -> None:
    title = FormField("title", "Title", "line", True, value="Buy milk " * 40, stays=True)
    notes = FormField("notes", "Notes", "lines", False, value="the oat one", clearable=True, stays=True)
    priority = FormField("priority", "Priority", "choice", True, value="high", choices=("high", "low"), stays=True)
    form = replace(_form(title, notes, priority, fixed={"task": "1234"}), command="task edit")
    state = Forms().state(_modal(form)["custom_id"])
    assert state
    sent = {"title": title.value.strip(), "notes": "rye", "priority": "high"}
    assert changed(sent, state.clearable, state.came) == {"notes": "rye"}
    corrected = filled_in(form, {"task": "1234", "notes": "rye"}, "notes", "Too long.")
    assert [one.stays for one in corrected.fields] == [True, False, True]
    again = Forms().state(_modal(corrected)["custom_id"])
    assert again
    assert changed(sent, again.clearable, again.came) == {"notes": "rye"}


def test_what_stays_and_does_not_fit_is_left_as_it_is() -> None:
    fields = [replace(_line(f"f{n}", value="there"), stays=True) for n in range(6)]
    state = Forms().state(_modal(_form(*fields))["custom_id"])
    assert state is None or state.fixed == {}


def test_what_is_too_long_to_come_back_is_remembered() -> None:
    forms = Forms()
    form = _form(_line("people"), fixed={"title": "x" * 500})
    modal = forms.modal(FormState(HOME, form.command, fixed=form.fixed), form, "42")
    assert len(modal["custom_id"]) <= 100
    state = forms.state(modal["custom_id"])
    assert state
    assert state.fixed["title"] == "x" * 500
    assert Forms().state(modal["custom_id"]) is None


def test_people_already_named_are_chosen_and_unknown_names_stay_text() -> None:
    known = FormField("people", "People", "members", True, value="@me <@7>", many=True)
    select = _modal(_form(known))["components"][0]["component"]
    assert [one["id"] for one in select["default_values"]] == ["42", "7"]
    named = FormField("people", "People", "members", True, value="@ann", many=True)
    assert _modal(_form(named))["components"][0]["component"]["value"] == "@ann"


def test_what_was_entered_is_read_as_it_would_be_typed() -> None:
    held = [
        {"type": 4, "custom_id": "title", "value": " Buy milk "},
        {"type": 3, "custom_id": "priority", "values": ["high"]},
        {"type": 5, "custom_id": "people", "values": ["7", "8"]},
        {"type": 8, "custom_id": "channel", "values": ["9"]},
        {"type": 19, "custom_id": "file", "values": ["10"]},
        {"type": 4, "custom_id": "notes", "value": ""},
    ]
    data = {"components": [{"type": 18, "component": one} for one in held]}
    assert entered(data) == {"title": "Buy milk", "priority": "high", "people": "<@7> <@8>", "channel": "<#9>"}
    assert uploaded(data) == ["10"]


def test_a_form_comes_up_again_with_what_was_entered_and_what_was_wrong() -> None:
    form = filled_in(_form(_line("title"), _line("due")), {"title": "Milk", "due": "25:00"}, "due", "No such time.")
    labels = _modal(form)["components"]
    assert [label["component"].get("value") for label in labels] == ["Milk", "25:00"]
    assert labels[1]["description"] == "No such time."
