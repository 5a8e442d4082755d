"""`quartermaster exec`: one typed line, run through the whole application, answered as text or JSON."""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TextIO

from bot.cli.pages import ask_for_pages
from bot.cli.progress import progress_shown
from bot.cli.running import FAILED, run, say
from bot.cli.typed_line import USUAL_CHANNEL, Line
from bot.identity.identities import OWNER_USER
from bot.settings.model import Settings
from bot.texts import cli as words
from bot.texts.errors import LASTING
from bot.wiring import bootstrap
from bot.wiring.product import DRAIN_SECONDS, Product
from core.chat.reply import Problem, Reply
from core.chat.request import ChannelKind, Request
from core.chat.spec import ArgumentKind, Cost, Undo
from core.files.service import file_key, safe_name
from core.shared.errors import QuartermasterError
from core.shared.ids import new_id
from core.shared.nearness import near_misses
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from bot.wiring.own_jobs import OwnJobs
    from core.chat.application import Ticket

STANDARD_INPUT = "-"

Opened = tuple[Product, bootstrap.Equipment]

_NEAR = 60
_HALF_LETTER = re.compile("[\ud800-\udfff]")


@value_object
class Answered:
    """An answer, in the forms that the command line prints."""

    reply: Reply
    saved: Mapping[str, Path] = field(default_factory=dict)
    """Where the answer's files were saved, by their ids."""

    @property
    def document(self) -> Mapping[str, Any]:
        """Return the answer as the document that scripts read."""
        found = bootstrap.terminal.document(self.reply)
        for file in found.get("files", ()):
            if file["id"] in self.saved:
                file["path"] = str(self.saved[file["id"]])
        return found

    @property
    def is_ok(self) -> bool:
        """Tell whether the command did what was asked."""
        return bool(self.document["ok"])

    def text(self, stream: TextIO, *, plain: bool) -> str:
        """Return the answer as people read it: fitted to a terminal, as wide as it is for a pipe."""
        is_terminal = stream.isatty()
        columns = max(shutil.get_terminal_size().columns, 20) if is_terminal else None
        shown = bootstrap.terminal.render_text(self.reply, columns=columns, colours=is_terminal and not plain)
        return shown + "".join(f"{words.saved(path)}\n" for path in self.saved.values())


def prepared(line: Line) -> Callable[[], NoReturn]:
    """Load the commands that a line needs, and return what runs it."""
    bootstrap.areas_for(_asked(line))
    return partial(execute, line)


def execute(line: Line) -> NoReturn:
    """Run a line, or those of standard input, print each answer, and end with 0 if all did what was asked."""
    if line.text.strip() == STANDARD_INPUT:
        is_ok = run(lambda settings: _script(settings, line), is_quiet=True, as_json=line.as_json)
    else:
        answered = run(lambda settings: answer(settings, line), is_quiet=True, as_json=line.as_json)
        is_ok = answered.is_ok
        _show(answered, as_json=line.as_json)
    sys.exit(0 if is_ok else FAILED)


async def _script(settings: Settings, line: Line) -> bool:
    """Run each line of standard input, `#` and empty ones aside, and tell whether all did what was asked."""
    typed = [(number, text.strip()) for number, text in enumerate(sys.stdin, start=1)]
    lines = [(number, text) for number, text in typed if text and not text.startswith("#")]
    is_ok = True
    async with bootstrap.open_product(settings) as opened:
        for number, text in lines:
            answered = await _answer(opened, replace(line, text=text), is_one_of_several=len(lines) > 1)
            is_ok &= answered.is_ok
            if not answered.is_ok and not line.as_json and len(lines) > 1:
                sys.stderr.write(f"{words.line_failed(number, text)}\n")
            _show(answered, as_json=line.as_json, is_one_of_several=len(lines) > 1)
    return is_ok


def _show(answered: Answered, *, as_json: bool, is_one_of_several: bool = False) -> None:
    """Print an answer: a failure for people on standard error; documents of several lines on a line each."""
    if as_json:
        say(json.dumps(answered.document, ensure_ascii=False, indent=None if is_one_of_several else 2))
        return
    stream = sys.stdout if answered.is_ok else sys.stderr
    stream.write(answered.text(stream, plain="NO_COLOR" in os.environ).removesuffix("\n") + "\n")
    stream.flush()


def unreadable(line: Line) -> Problem | None:
    """Return what is wrong with a line of bytes that are no letters, which the shell and the pipe hand on as halves."""
    given = (line.text, line.user, line.channel, line.workspace)
    return words.not_utf8() if any(_HALF_LETTER.search(text) for text in given) else None


async def unknown_channel(product: Product, request: Request) -> Problem | None:
    """Return that there is no such channel to look into; a command that changes something makes it, and so does ours.

    What else is wrong with who asks, or where, is told when the line is run.
    """
    plan = product.application.plan(request)
    is_looking = plan.problem or plan.command is None or plan.command.undo is Undo.NOT_NEEDED
    if not is_looking or request.channel.name == USUAL_CHANNEL:
        return None
    with suppress(QuartermasterError):
        space = await product.identities.space(request)
        directory = await product.identities.directory(space.workspace_id)
        if directory.find_channel(request.channel.name, space.id) is None:
            public = [one.name for one in directory.channels.values() if one.kind is ChannelKind.PUBLIC]
            return words.no_such_channel(request.channel.name, near_misses(request.channel.name, public, least=_NEAR))
    return None


def _asked(line: Line) -> str:
    """Return what a line asks for, by which it is known which commands it needs: any where a job may ask for it."""
    return line.text if line.waits else ""


async def answer(settings: Settings, line: Line, tuning: bootstrap.Tuning | None = None) -> Answered:
    """Run a line and return its answer; raises `AttachmentError` for a file that can't be read."""
    async with bootstrap.open_product(settings, tuning=tuning, line=_asked(line)) as opened:
        return await _answer(opened, line)


async def _answer(opened: Opened, line: Line, *, is_one_of_several: bool = False) -> Answered:
    product, _ = opened
    if problem := unreadable(line):
        return Answered(Reply(problem=problem))
    attachments = [bootstrap.terminal.attach(path) for path in line.files]
    request = bootstrap.terminal.terminal_request(
        line.text,
        user=line.user or OWNER_USER,
        channel=line.channel,
        workspace=line.workspace,
        attachments=attachments,
        may_be_new=line.is_new,
    )
    if is_one_of_several and not _takes_file(product, request):
        request = replace(request, attachments=())  # the files are for those of the lines that take one
    if problem := await unknown_channel(product, request):
        return Answered(Reply(problem=problem))
    if not line.waits:
        from bot.cli.leaving import as_job  # few lines are not waited for

        request = await as_job(*opened, request)
    whole = line.as_json or not sys.stdout.isatty()

    async def ask(text: str) -> Reply:
        return await _to_the_end(opened, replace(request, text=text), waits=line.waits)

    reply = _for_whoever_runs_it(await ask_for_pages(ask, request.text, whole=whole, limit=line.limit))
    if reply.problem and reply.problem.field and reply.problem.field == _missing_file(product, request):
        reply = replace(reply, problem=replace(reply.problem, hint=words.hand_in(request.text)))
    if line.save_to is None or not reply.files:
        return Answered(reply)
    actor = await product.application.identify(request)
    saved = {
        link.id: await _save(product.files.read(file_key(actor.workspace_id, link.id)), line.save_to, link.name)
        for link in reply.files
    }
    return Answered(reply, saved)


async def _to_the_end(opened: Opened, request: Request, *, waits: bool) -> Reply:
    """Run a request to its end, with the job that it starts, or becomes, if that is waited for."""
    product, _ = opened
    takes_long = _takes_long(product, request)
    if takes_long:
        # By this whoever takes it up as a job knows what is done of it.
        request = replace(request, delivery_id=f"terminal:{new_id(product.clock.now())}")

    async def hand_over() -> bool:
        return await _own_jobs(opened).come_up()

    awaited = product.application.awaited
    awaited.is_on, awaited.hand_over = (lambda: waits), hand_over if waits else None
    ticket = product.application.submit(request)
    try:
        async with progress_shown(ticket, sys.stderr):
            if ticket.work:
                await asyncio.wait({ticket.work})
            if ticket.expected:
                return await _own_jobs(opened).answer(ticket, *ticket.expected)
            return await ticket.reply()
    except asyncio.CancelledError:
        if takes_long and ticket.work and not ticket.work.done():
            await _let_end(product, ticket)
        raise


async def _let_end(product: Product, ticket: "Ticket") -> None:
    """Give what somebody interrupted its time to end, and tell what came of it if it does."""
    _say_aside(words.interrupted(DRAIN_SECONDS))
    given_up = await product.application.drain(DRAIN_SECONDS)
    reply = await ticket.within(0)
    if reply and not given_up:
        _say_aside(Answered(reply).text(sys.stderr, plain="NO_COLOR" in os.environ).removesuffix("\n"))


def _own_jobs(opened: Opened) -> "OwnJobs":
    from bot.wiring.own_jobs import OwnJobs  # few lines are jobs; what runs them takes long to load

    return OwnJobs(*opened, _say_aside)


def _takes_long(product: Product, request: Request) -> bool:
    command = product.application.plan(request).command
    return command is not None and command.cost is Cost.JOB


def _say_aside(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _takes_file(product: Product, request: Request) -> bool:
    command = product.application.plan(request).command
    return command is not None and command.takes_files > 0


def _missing_file(product: Product, request: Request) -> str | None:
    """Return the argument that takes a file, where a command needs one and is not handed any."""
    plan = product.application.plan(request)
    if plan.command is None or plan.problem is None or request.attachments:
        return None
    return next((one.name for one in plan.command.arguments if one.kind is ArgumentKind.FILE and one.required), None)


def _for_whoever_runs_it(reply: Reply) -> Reply:
    """Tell what is the matter with the database, which people in a chat need not know."""
    if reply.problem is None or reply.problem.code not in LASTING:
        return reply
    return replace(reply, problem=replace(reply.problem, message=words.unavailable(reply.problem.code), hint=""))


async def _save(chunks: AsyncIterator[bytes], folder: Path, name: str) -> Path:
    """Write a file of the answer into a folder and return its path; what is there already stays."""
    path, file = await asyncio.to_thread(_create, folder, safe_name(name))
    with file:
        async for chunk in chunks:
            await asyncio.to_thread(file.write, chunk)
    return path


def _create(folder: Path, name: str) -> tuple[Path, BinaryIO]:
    folder.mkdir(parents=True, exist_ok=True)
    stem, suffix = Path(name).stem, Path(name).suffix
    names = chain([name], (f"{stem}-{number}{suffix}" for number in count(2)))
    while True:
        with suppress(FileExistsError):
            path = folder / next(names)
            return path, path.open("xb")
