"""Forms of a command about one record, with what that has now."""

from dataclasses import replace

from bot.grammar.completion import Look
from bot.grammar.registry import Registry
from bot.identity.directory import Directory
from core.chat.actor import Actor
from core.chat.reply import Form, FormField
from core.chat.spec import ArgumentKind, Plan
from core.ports.storage import Storage
from core.shared.value_objects import value_object


@value_object
class Filler:
    """Fills in what people would otherwise have to look up before they change it."""

    registry: Registry
    storage: Storage
    look: Look

    async def fill(self, actor: Actor, directory: Directory, plan: Plan, form: Form) -> Form:
        """Return the plan's form with the values and the name of its record, as far as the actor may see and use it."""
        command = plan.command
        if command is None or command.role > actor.role:
            return form
        about = next((one for one in command.arguments if one.kind is ArgumentKind.REFERENCE), None)
        given = form.fixed.get(about.name, "") if about else ""
        if about is None or not given:
            return form
        subject = self.registry.subjects[about.subject]
        audience = await self.look(actor, directory)
        async with self.storage.workspace(actor.workspace_id).read() as work:
            values = await subject.values_of(work, given, audience, directory.names)
        if values is None:
            return form
        # A command that asks changes what it is given and nothing else; any other is told all that is to be.
        fields = tuple(_filled(field, values.typed.get(field.name, ""), stays=command.asks) for field in form.fields)
        return replace(form, fields=fields, about=values.name)


def _filled(field: FormField, value: str, *, stays: bool) -> FormField:
    """Return an input with what there is; what can't be taken away must not be left empty."""
    if field.value or field.error or not value:
        return field
    return replace(field, value=value, required=field.required or not field.clearable, stays=stays)
