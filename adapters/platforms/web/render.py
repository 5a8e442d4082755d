"""Replies and messages as JSON for the page; pure. The page decides how they look."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from adapters.charts.data import chart_data
from adapters.platforms.tables import places_of
from core.chat.reply import (
    Action,
    Cell,
    Chart,
    Choice,
    Column,
    Field,
    FileLink,
    Form,
    FormField,
    Problem,
    Reply,
    Table,
    Visibility,
)
from core.chat.spec import Catalogue, Completion
from core.chat.text import Bold, Code, Link, Mention, Moment, Span, Text
from core.messages.model import Message
from core.people.model import Member
from core.workspaces.model import Channel

Json = Mapping[str, object]

Prove = Callable[[int, int, str], str]
"""Makes the proof that a message (channel, number) held a set of actions."""

MAX_ROWS = 2000
_SCHEMES = ("http://", "https://")


def render_message(message: Message, prove: Prove) -> Json:
    """Return a message with, for each set of buttons in it, the proof that it held them."""
    shown: dict[str, object] = {
        "seq": message.seq,
        "change": message.change,
        "author": message.author_id,
        "private": message.only is not None,
        "text": message.text,
        "at": _instant(message.created_at),
        "edited": message.updated_at != message.created_at,
    }
    if message.answers is not None:
        shown["answers"] = message.answers
    if message.reply is not None:
        shown["reply"] = render_reply(message.reply)
        sets = {action_set(action_id) for action_id in action_ids(message.reply)}
        shown["proofs"] = {name: prove(message.channel_id, message.seq, name) for name in sorted(sets)}
    return shown


def render_reply(reply: Reply) -> Json:
    """Return a reply without what does not apply."""
    shown: dict[str, object] = {
        "title": reply.title,
        "text": render_text(reply.text),
        "fields": [_field(field) for field in reply.shown_fields],
        "tables": [_table(table) for table in reply.tables],
        "charts": [_chart(chart) for chart in reply.charts],
        "files": [_file(file) for file in reply.files],
        "actions": [_action(action) for action in reply.actions],
        "footer": render_text(reply.footer),
        "problem": render_problem(reply.problem) if reply.problem else None,
        "private": reply.visibility is Visibility.PRIVATE,
    }
    if reply.progress is not None:
        shown["progress"] = min(1.0, max(0.0, reply.progress))
    return {key: value for key, value in shown.items() if value not in ("", [], None)}


def render_text(text: Text) -> list[object]:
    """Return the spans: plain ones as strings, the others as objects with their kind."""
    return [_span(span) for span in text]


def render_form(form: Form) -> Json:
    """Return a form."""
    return {
        "title": f"{form.submit} {form.about}" if form.about else form.title,
        "command": form.command,
        "fields": [_form_field(field) for field in form.fields],
        "fixed": dict(form.fixed),
        "submit": form.submit,
        "intro": form.intro,
        "repeats": form.repeats,
    }


def render_problem(problem: Problem) -> Json:
    """Return what went wrong."""
    return {
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "field": problem.field,
        "reference": problem.reference,
    }


def render_channel(channel: Channel) -> Json:
    """Return a channel."""
    return {"id": channel.id, "name": channel.name, "kind": channel.kind.value}


def render_people(members: Sequence[Member]) -> list[Json]:
    """Return the members, those gone too, since their messages stay."""
    return [{"id": member.id, "name": member.name, "active": member.active} for member in members]


def render_catalogue(catalogue: Catalogue) -> list[Json]:
    """Return the commands as the composer's hint shows them."""
    return [
        {
            "name": f"{catalogue.prefix}{command.area} {command.action}",
            "summary": command.summary,
            "usage": command.usage,
            "examples": list(command.examples),
            "takes_file": command.takes_files > 0,
        }
        for command in catalogue.commands
    ]


def render_offers(catalogue: Catalogue) -> list[Json]:
    """Return what somebody may begin with, in the order of help."""
    return [
        {
            "line": f"/{catalogue.prefix}{area.name} {offer.action} {offer.line}".rstrip(),
            "title": offer.title,
            "icon": offer.picture,
        }
        for area in catalogue.areas
        for offer in area.offers
    ]


def render_completions(completions: Sequence[Completion]) -> list[Json]:
    """Return suggestions."""
    return [
        {"label": item.label, "detail": item.detail, "insert": item.insert, "start": item.start, "end": item.end}
        for item in completions
    ]


def action_ids(reply: Reply) -> Iterator[str]:
    """Yield the ids of every button and choice of a reply."""
    rows = (row.actions for table in reply.tables for row in table.rows)
    for actions in (reply.actions, *rows):
        for action in actions:
            yield action.id
            yield from (choice.id for choice in action.choices)


def action_set(action_id: str) -> str:
    """Return the set that an action's id belongs to."""
    return action_id.partition(".")[0]


def _span(span: Span) -> object:
    match span:
        case Bold() | Code():
            return {"kind": span.kind, "text": span.text}
        case Mention():
            return {"kind": span.kind, "id": span.member_id, "text": span.name}
        case Moment():
            return {"kind": span.kind, "at": _instant(span.at), "text": span.text}
        case Link():
            # An address that is no web page stays visible as words; it must not become something to click.
            if not span.url.lower().startswith(_SCHEMES):
                return f"{span.label} ({span.url})"
            return {"kind": span.kind, "text": span.label, "url": span.url}
    return span


def _cell(cell: Cell) -> object:
    return render_text(cell) if isinstance(cell, tuple) else cell


def _field(field: Field) -> Json:
    return {"key": field.key, "label": field.label, "value": _cell(field.value), "kind": field.kind}


def _table(table: Table) -> Json:
    """Return a table; of a very long one the first rows and how many there are, which the page says."""
    return {
        "title": table.title,
        "columns": [_column(*one) for one in zip(table.columns, places_of(table), strict=True)],
        "rows": [
            {
                "cells": [_cell(cell) for cell in row.cells],
                "actions": [_action(action) for action in row.actions],
                "mark": row.mark,
            }
            for row in table.rows[:MAX_ROWS]
        ],
        "total": len(table.rows),
        "note": render_text(table.note),
    }


def _column(column: Column, places: int) -> Json:
    shown: dict[str, object] = {"key": column.key, "label": column.label, "kind": column.kind}
    if places:
        shown["places"] = places
    if column.implied:
        shown["implied"] = True
    if column.joins:
        shown["joins"] = column.joins
    if column.ordered:
        shown["ordered"] = True
    return shown


def _chart(chart: Chart) -> Json:
    return {**chart_data(chart), "summary": chart.summary}


def _file(file: FileLink) -> Json:
    return {"id": file.id, "name": file.name, "type": file.media_type, "size": file.size}


def _action(action: Action) -> Json:
    shown: dict[str, object] = {"id": action.id, "label": action.label, "style": action.style.value}
    if action.command:
        shown["command"] = action.command
    if action.confirm:
        shown["confirm"] = action.confirm
    if action.only is not None:
        shown["only"] = action.only
    if action.sorts:
        shown["sorts"] = True
    if action.choices:
        shown["choices"] = [_choice(choice) for choice in action.choices]
    return shown


def _choice(choice: Choice) -> Json:
    shown: dict[str, object] = {"id": choice.id, "label": choice.label}
    if choice.later is not None:
        shown["later"] = {"minutes": choice.later.minutes, "days": choice.later.days, "hour": choice.later.hour}
    return shown


def _form_field(field: FormField) -> Json:
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "hint": field.hint,
        "value": field.value,
        "choices": list(field.choices),
        "labels": list(field.labels),
        "many": field.many,
        "clearable": field.clearable,
        "stays": field.stays,
        "error": field.error,
    }


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
