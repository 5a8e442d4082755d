"""The form that asks for what a command still needs."""

import pytest

from bot.commands.areas import AREAS
from bot.grammar.forms import form_for
from bot.grammar.registry import Registry
from bot.texts.common import label
from core.chat.reply import FormField
from core.chat.spec import CommandInfo
from tests.unit.bot.sample_area import registry


def info(name: str) -> CommandInfo:
    return next(found for found in registry().catalogue.commands if found.name == name)


def fields(name: str) -> dict[str, FormField]:
    return {field.name: field for field in form_for(info(name), {}).fields}


@pytest.mark.parametrize(
    ("command", "name", "kind"),
    [
        ("sample note", "title", "line"),
        ("sample note", "due", "due"),
        ("sample note", "level", "choice"),
        ("sample note", "assign", "members"),
        ("sample note", "notes", "lines"),
        ("sample note", "quiet", "flag"),
        ("sample show", "who", "members"),
        ("sample show", "channel", "channel"),
        ("sample give", "task", "record"),
        ("sample burn", "count", "integer"),
        ("sample burn", "reason", "line"),
        ("sample load", "file", "file"),
    ],
)
def test_every_kind_of_argument_has_its_input(command: str, name: str, kind: str) -> None:
    assert fields(command)[name].kind == kind


@pytest.mark.parametrize(
    ("name", "words"), [("isbn", "ISBN"), ("sku", "SKU"), ("tax-id", "Tax ID"), ("cash-hours", "Cash hours")]
)
def test_what_people_write_in_capitals_is_labelled_so(name: str, words: str) -> None:
    assert label(name) == words


def test_a_field_has_a_label_a_hint_and_its_choices() -> None:
    level = fields("sample note")["level"]
    assert (level.label, level.hint, level.choices) == ("Level", "How much, such as high", ("low", "high"))
    assert not level.many
    assert fields("sample note")["assign"].many


def test_where_a_list_goes_on_is_not_asked_of_people() -> None:
    assert "page" not in fields("sample show")


def test_what_is_wrong_stands_beside_its_field_with_what_was_given() -> None:
    form = form_for(info("sample note"), {"title": ("Buy milk",), "due": ("x",)}, errors={"due": "That is no date."})
    found = {field.name: (field.value, field.error) for field in form.fields}
    assert found["due"] == ("x", "That is no date.")
    assert found["title"] == ("Buy milk", "")


def test_a_wrong_number_can_be_mended_in_the_form() -> None:
    form = form_for(info("sample give"), {"task": ("twelve",), "people": ("@me",)}, errors={"task": "No number."})
    assert form.fixed == {}
    assert [(field.name, field.value, field.error) for field in form.fields] == [
        ("task", "twelve", "No number."),
        ("people", "@me", ""),
    ]


def test_a_confirmation_given_before_is_kept() -> None:
    assert form_for(info("sample burn"), {"confirm": ("yes",)}).fixed == {"confirm": "yes"}


def test_an_import_is_asked_for_in_words_and_without_what_only_buttons_do() -> None:
    command = next(found for found in Registry.of(AREAS).catalogue.commands if found.name == "task import")
    (mode,) = (field for field in form_for(command, {}).fields if field.name == "mode")
    assert dict(zip(mode.choices, mode.labels, strict=True)) == {
        "check": "Preview first",
        "good": "Import valid rows",
        "all": "Import all rows or none",
    }
    assert (mode.value, mode.hint) == ("check", "")
