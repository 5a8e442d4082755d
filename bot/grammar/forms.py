"""The form that asks for what a command still needs."""

from collections.abc import Mapping, Sequence

from bot.texts import common
from core.chat.reply import FieldKind, Form, FormField
from core.chat.spec import Argument, ArgumentKind, CommandInfo

_FIELD_KINDS: Mapping[ArgumentKind, FieldKind] = {
    ArgumentKind.LINE: "line",
    ArgumentKind.LINES: "lines",
    ArgumentKind.REST: "line",
    ArgumentKind.INTEGER: "integer",
    ArgumentKind.AMOUNT: "line",
    ArgumentKind.REFERENCE: "record",
    ArgumentKind.CHOICE: "choice",
    ArgumentKind.FLAG: "flag",
    ArgumentKind.DUE: "due",
    ArgumentKind.REPEAT: "line",
    ArgumentKind.MEMBERS: "members",
    ArgumentKind.MEMBER: "members",
    ArgumentKind.CHANNEL: "channel",
    ArgumentKind.FILE: "file",
}
UNSEEN = frozenset({"page"})
"""Arguments that only buttons fill in."""
_KEPT = (ArgumentKind.REFERENCE, ArgumentKind.FILE)
"""Given values of these kinds stay as they are instead of being offered for change."""


def form_for(
    command: CommandInfo, given: Mapping[str, Sequence[str]], *, errors: Mapping[str, str] | None = None
) -> Form:
    """Return the form of a command: given values filled in, errors beside their fields."""
    known = {argument.name: argument for argument in command.arguments}
    wrong = errors or {}
    fixed = {
        name: " ".join(values)
        for name, values in given.items()
        if name not in wrong and (name not in known or known[name].kind in _KEPT)
    }
    fields = [
        _field(argument, given.get(argument.name, ()), wrong.get(argument.name, ""))
        for argument in command.arguments
        if argument.name not in fixed and argument.name not in UNSEEN
    ]
    about = [fixed[name] for name in known if name in fixed and known[name].kind is ArgumentKind.REFERENCE]
    return Form(
        title=" ".join([f"{common.sentence_case(command.area)}: {command.action}", *about]),
        command=command.name,
        fields=tuple(fields),
        fixed=fixed,
        submit=common.sentence_case(command.action),
        intro=command.summary,
        repeats=command.repeats,
    )


def _field(argument: Argument, values: Sequence[str], error: str) -> FormField:
    return FormField(
        name=argument.name,
        label=common.label(argument.name),
        # Several are typed with commas between, as a text.
        kind="line" if argument.many and argument.kind is ArgumentKind.REFERENCE else _FIELD_KINDS[argument.kind],
        required=argument.required,
        # Labels say it all; the hint is about the words that are typed instead.
        hint="" if argument.labels else common.sentence_case(argument.help.replace("`", "")),
        value=" ".join(values) or next(iter(argument.labels), ""),
        choices=tuple(argument.labels) or argument.choices,
        labels=tuple(argument.labels.values()),
        many=argument.many,
        clearable=argument.clearable,
        error=error,
    )
