"""Replies as Discord messages; pure. What does not fit comes as a file, and the message says so."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from adapters.charts.data import chart_table
from adapters.charts.words import below_words
from adapters.platforms import chat_texts
from adapters.platforms.cells import cell_text, cell_words, in_zone
from adapters.platforms.discord import controls
from adapters.platforms.discord.controls import Component, Home, cut, row_name
from adapters.platforms.discord.marks import Mentions, bold, escape, fenced, marked, mentioned, nobody
from adapters.platforms.documents import Document, Documents
from adapters.platforms.tables import file_words, in_columns, in_lines
from core.chat.reply import Cell, Chart, Column, Field, FileLink, Reply, Table
from core.chat.text import Text, coded, lines, plain
from core.shared.value_objects import value_object

CONTENT = 2000
TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE, FIELDS = 256, 3900, 256, 1024, 25
EMBED = 5800
"""Characters of an embed in all; Discord takes 6,000, and a footer has to fit in too."""
NO_PREVIEWS = 1 << 2
COLUMNS_WIDTH = 64
DETAILS = 600
FOOTER = 180
PLAIN, BAD = 0x4F6D7A, 0xC0392B
_MARKS = {"warning": "⚠️ ", "done": "✅ "}


@value_object
class Rendered:
    """A message: content or an embed, its controls, and the files that go with it.

    `documents` were made because something did not fit; `files` are the stored ones that the reply names. `pings` are
    the people mentioned, by their Discord ids, who are only notified where the sender wants it. `charts` come as
    pictures.
    """

    content: str = ""
    embeds: tuple[dict[str, Any], ...] = ()
    components: tuple[Component, ...] = ()
    documents: tuple[Document, ...] = ()
    files: tuple[FileLink, ...] = ()
    pings: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()

    @property
    def has_files(self) -> bool:
        """Tell whether files go with it, pictures too."""
        return bool(self.documents or self.files or self.charts)

    def body(self, *, notify: bool = False) -> dict[str, Any]:
        """Return the message as Discord takes it; nobody is notified unless asked."""
        content = self.content
        if notify and self.pings and not content:
            # Mentions within an embed notify nobody.
            content = " ".join(f"<@{user}>" for user in self.pings)
        return {
            "content": content,
            "embeds": list(self.embeds),
            "components": list(self.components),
            "allowed_mentions": {"parse": [], "users": list(self.pings[:100]) if notify else []},
        }

    @property
    def flags(self) -> int:
        """Return the flags: a message without an embed of ours shows no previews either."""
        return 0 if self.embeds else NO_PREVIEWS

    def with_pictures(self, names: Sequence[str]) -> "Rendered":
        """Return it with pictures that are among its files: the first in its embed, the others below."""
        if not names:
            return self
        first, *rest = ({"image": {"url": f"attachment://{name}"}} for name in names)
        *before, last = self.embeds
        below = ({"color": last["color"], **picture} for picture in rest)
        return replace(self, embeds=(*before, {**last, **first}, *below))


@dataclass(slots=True)
class Page(Documents):
    """An embed being put together within Discord's limits."""

    parts: list[str] = field(default_factory=list)
    fields: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _length: int = 0
    _spent: int = 0

    def add(self, part: str) -> bool:
        """Add a part of the description, or not; tell whether there was room."""
        cost = len(part) + 1
        if self._length + cost > DESCRIPTION or self._spent + cost > EMBED - TITLE - FOOTER:
            return False
        self.parts.append(part)
        self._length += cost
        self._spent += cost
        return True

    def add_field(self, name: str, value: str) -> bool:
        """Add a labelled value, or not; tell whether there was room."""
        cost = len(name) + len(value)
        if len(self.fields) >= FIELDS or len(value) > FIELD_VALUE or self._spent + cost > EMBED - TITLE - FOOTER:
            return False
        self.fields.append({"name": name, "value": value, "inline": True})
        self._spent += cost
        return True

    def note(self, sentence: str) -> None:
        """Add a sentence to the small print, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def render(reply: Reply, home: Home, mentions: Mentions = nobody) -> Rendered:
    """Return a reply as one message; `home` is that of its controls."""
    reply = in_zone(reply)
    page = Page()
    said = _said(reply)
    whole = marked(said, mentions)
    pings = tuple(mentioned(said, mentions))
    buttons = _components(reply, home)
    is_short = not (reply.title or reply.shown_fields or reply.tables or reply.charts or reply.footer)
    if is_short and len(whole) <= CONTENT and reply.progress is None:
        return Rendered(whole if whole.strip() else chat_texts.NOTHING, (), buttons, (), reply.files, pings)
    _put_text(page, said, whole, reply.title or "text")
    _put_fields(page, reply, mentions)
    for table in reply.tables:
        _put_table(page, table, mentions, titled=table.title == reply.title)
    for chart in reply.charts:
        words = below_words(chart, plain(reply.text))
        _put_text(page, (words,), escape(words), chart.title)
        if not reply.tables and chart.has_values:
            _put_table(page, chart_table(chart), mentions, titled=True)
    if reply.progress is not None:
        page.note(chat_texts.bar(reply.progress))
    if reply.footer and not page.add(f"-# {marked(reply.footer, mentions)}"):
        page.note(plain(reply.footer))
    embeds = (_embed(reply, page),)
    return Rendered("", embeds, buttons, tuple(page.documents), reply.files, pings, reply.charts)


def short(words: str) -> Rendered:
    """Return a sentence of the adapter's own as a message."""
    return Rendered(escape(words)[:CONTENT])


def _said(reply: Reply) -> Text:
    if reply.problem is None:
        return reply.text
    return lines(coded(reply.problem.message), coded(reply.problem.hint), reply.text)


def _components(reply: Reply, home: Home) -> tuple[Component, ...]:
    own = controls.rows(reply.actions, home)[: controls.ROWS]
    found: list[Component] = []
    for table in reply.tables:
        found.extend(controls.of_table(table, home, controls.ROWS - len(own) - len(found)))
    return (*found, *own)


def _embed(reply: Reply, page: Page) -> dict[str, Any]:
    embed: dict[str, Any] = {"color": BAD if reply.problem else PLAIN}
    if reply.title:
        embed["title"] = cut(escape(reply.title), TITLE)
    if page.parts:
        embed["description"] = "\n".join(page.parts)
    if page.fields:
        embed["fields"] = page.fields
    if page.notes:
        embed["footer"] = {"text": cut(" ".join(page.notes), FOOTER)}
    if len(embed) == 1:
        embed["description"] = chat_texts.NOTHING
    return embed


def _put_text(page: Page, words: Text, whole: str, name: str) -> None:
    if not whole.strip() or page.add(whole):
        return
    page.note(chat_texts.goes_on(page.keep_text(name, plain(words))))
    for line in whole.split("\n"):
        if not page.add(line):
            return


def _put_fields(page: Page, reply: Reply, mentions: Mentions) -> None:
    """Put values as fields; those that come with a sentence in one line below it, for it has said most of them."""
    if not reply.title:
        parts = [f"{escape(one.label)} {value}" for one in reply.shown_fields if (value := _shown(one, mentions))]
        if not parts or page.add(f"-# {' · '.join(parts)}"):
            return
    left = [
        one
        for one in reply.shown_fields
        if (value := _shown(one, mentions)) and not page.add_field(cut(escape(one.label), FIELD_NAME), value)
    ]
    if left:
        rows = [[one.label, cell_words(one.value, one.kind)] for one in reply.shown_fields]
        page.note(chat_texts.goes_on(page.keep_rows("fields", rows)))


def _shown(one: Field, mentions: Mentions) -> str:
    return marked(cell_text(one.value, one.kind), mentions)


def _put_table(page: Page, table: Table, mentions: Mentions, *, titled: bool) -> None:
    if table.title.strip() and not titled:
        page.add(bold(table.title))
    if any(row.actions for row in table.rows):
        _put_rows(page, table, mentions)
    elif not (_put_columns(page, table) or _put_lines(page, table, mentions)):
        page.note(chat_texts.in_file(table.title, page.keep_rows(table.title, file_words(table))))
    if table.note:
        page.add(f"-# {marked(table.note, mentions)}")


def _put_rows(page: Page, table: Table, mentions: Mentions) -> None:
    named = 2 if len(table.columns) > 1 and table.columns[0].kind == "number" else 1
    for index, row in enumerate(table.rows):
        cells = list(zip(table.columns, row.cells, strict=False))[named:]
        values = [_detail(column, cell, mentions) for column, cell in cells]
        details = " · ".join(filter(None, values))
        heading = f"{_MARKS.get(row.mark, '')}{bold(cut(row_name(table, row), FIELD_NAME))}"
        whole = f"{heading}\n{details}" if details and len(details) <= DETAILS else heading
        if not page.add(whole):
            name = page.keep_rows(table.title, file_words(table))
            page.note(chat_texts.more_rows(len(table.rows) - index, name))
            return


def _detail(column: Column, cell: Cell, mentions: Mentions) -> str:
    value = marked(cell_text(cell, column.kind), mentions)
    return f"{escape(column.label)}: {value}" if value else ""


def _put_columns(page: Page, table: Table) -> bool:
    """Put a table that is not too wide as text in columns."""
    text = in_columns(table, COLUMNS_WIDTH)
    return bool(text) and page.add(fenced(text))


def _put_lines(page: Page, table: Table, mentions: Mentions) -> bool:
    return page.add(in_lines(table, partial(marked, mentions=mentions)) or "–")
