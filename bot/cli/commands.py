"""The command line: `quartermaster serve | worker | login | exec | migrate | copy | backup | restore | doctor | …`.

Everything heavy is imported by the commands themselves, so that `--help` opens nothing and answers at once.
"""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from bot.cli.running import FAILED, fail, print_json, run, say
from bot.cli.typed_line import Line, joined

if TYPE_CHECKING:
    from bot.settings.model import Settings


class _WholeSentences(TyperGroup):
    """Says of each command all that its summary says; Click cuts it to one line."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer has a Click of its own
        """Write the list of commands."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, str(one.help).partition("\n\n")[0]) for name, one in found if one])


app = typer.Typer(
    cls=_WholeSentences,
    name="quartermaster",
    help="The back office of a small shop or team, inside the chat it already lives in.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
manifest_app = typer.Typer(help="Print what a platform has to be told about this app.", no_args_is_help=True)
app.add_typer(manifest_app, name="manifest")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"Quartermaster {version('quartermaster')}")
        raise typer.Exit


@app.callback()
def program(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """The back office of a small shop or team, inside the chat it already lives in."""


@app.command()
def serve() -> None:
    """Start everything: the console, Slack and Discord if they are set up, reminders, health and metrics."""
    from bot.cli.serve import start

    start()


@app.command()
def worker() -> None:
    """Run jobs and schedules beside processes that serve; any number of them, on a Postgres."""
    from bot.cli.worker import start

    start()


@app.command(name="exec")
def execute(
    command: Annotated[
        list[str], typer.Argument(help='Such as "/task add Buy milk due:tomorrow"; - reads lines from standard input.')
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    user: Annotated[str, typer.Option("--as", metavar="USER", help="Who asks; without it the owner.")] = "",
    channel: Annotated[str, typer.Option(metavar="NAME", help="The channel; what is added makes it.")] = "general",
    workspace: Annotated[str, typer.Option(metavar="NAME", help="The workspace to be in.")] = "default",
    file: Annotated[list[Path] | None, typer.Option(metavar="PATH", help="A file to attach; may be repeated.")] = None,
    save: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where to save files of the answer.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Make whoever asks a member if nobody has that name.")] = False,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=9_999_999, help="The most rows of a list.")
    ] = None,
    wait: Annotated[
        bool,
        typer.Option("--wait/--no-wait", help="Run a job that it starts to its end, or leave it."),
    ] = True,
) -> None:
    """Run one command and print its answer; the exit code is 0 if it did what was asked, else 1."""
    from bot.cli.exec_command import execute as run_line

    run_line(Line(joined(command), user, channel, workspace, tuple(file or ()), save, as_json, new, limit, wait))


@app.command()
def migrate() -> None:
    """Bring the database up to date; with a file of SQLite `serve` and `exec` do so by themselves."""

    async def work(settings: "Settings") -> None:
        from bot.wiring.keeping import migrate_database

        await migrate_database(settings)

    run(work, is_quiet=True)
    from bot.texts.cli import MIGRATED

    say(MIGRATED)


@app.command(name="copy")
def copy_database(
    target: Annotated[
        str, typer.Option("--to", metavar="URL", help="The database to fill: sqlite…, postgresql… or mssql…")
    ],
    source: Annotated[
        str, typer.Option("--from", metavar="URL", help="The database to copy; without it that of QM_DATABASE_URL.")
    ] = "",
    replace: Annotated[bool, typer.Option("--replace", help="What the other database holds may go.")] = False,
) -> None:
    """Copy all data into another database of any kind; type the same again to go on after an interruption."""
    from bot.cli import keeping

    run(lambda settings: keeping.copy(settings, source, target, say, replace=replace), is_quiet=True)


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; without it a name with the time, in this folder.")
    ] = None,
) -> None:
    """Save the data, the files and the secret key in one archive, also while it runs."""
    from bot.cli import keeping

    run(lambda settings: keeping.back_up(settings, file, say), is_quiet=True)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    replace: Annotated[bool, typer.Option("--replace", help="The data that is there may go.")] = False,
) -> None:
    """Bring back a backup, into a database of any kind; stop `serve` first. Nothing is sent again without asking."""
    from bot.cli import keeping

    run(lambda settings: keeping.restore(settings, file, say, replace=replace), is_quiet=True)


@app.command()
def held(
    action: Annotated[Literal["show", "release", "drop"], typer.Argument(help="What is to become of it.")] = "show",
) -> None:
    """Show what a restore held back (messages, reminders, boards), let it go its way, or give it up."""
    from bot.cli import keeping

    run(lambda settings: keeping.held(settings, action, say), is_quiet=True)


@app.command()
def login() -> None:
    """Print a new link into the console; it signs in once within 15 minutes, while `serve` runs."""
    from bot.texts import cli as words

    async def work(settings: "Settings") -> str:
        from bot.wiring.signing_in import sign_in_link

        if not settings.server.is_loopback:
            fail("settings", words.CONSOLE_OFF, as_json=False)
        if not settings.server.port:
            fail("settings", words.NO_PORT, as_json=False)
        return await sign_in_link(settings)

    say(words.sign_in(run(work, is_quiet=True)))


@app.command()
def doctor() -> None:
    """Check settings, data folder, database, keys, addresses, Slack and Discord, each with what to do about it."""
    from bot.cli import doctor as examination

    report = asyncio.run(examination.examine())
    say(report.text)
    raise typer.Exit(0 if report.is_healthy else FAILED)


@app.command()
def demo(
    yes: Annotated[bool, typer.Option("--yes", help="Also beside tasks of your own, without asking.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take the example away again.")] = False,
) -> None:
    """Fill the workspace with the example of a shop: people, channels, tasks, sales, talk; also while `serve` runs."""
    from bot.cli import demo as example
    from bot.texts import cli as words

    if remove:
        say(run(example.remove, is_quiet=True))
        return
    mixes = [] if yes else run(example.would_mix, is_quiet=True)
    if mixes and not (sys.stdin.isatty() and typer.confirm(words.demo_mixes(mixes))):
        fail("demo", words.DEMO_ASKS, as_json=False)
    say(run(example.fill, is_quiet=True))


@manifest_app.command(name="slack")
def manifest_slack(
    url: Annotated[str, typer.Option(metavar="URL", help="The public address; without it QM_PUBLIC_URL.")] = "",
    socket: Annotated[
        bool | None, typer.Option(help="Socket Mode, or HTTP; without it HTTP if there is a URL.")
    ] = None,
) -> None:
    """Print the manifest to paste where a Slack app is made."""
    from bot.settings.model import SettingsError, load_settings
    from bot.wiring.manifests import slack_app_manifest

    try:
        settings = load_settings()
    except SettingsError as error:
        fail(error.code, str(error), as_json=False)
    public = url.rstrip("/") or settings.server.public_url
    uses_socket = socket if socket is not None else not public
    if not public and not uses_socket:
        from bot.texts.cli import NO_PUBLIC_URL

        fail("settings", NO_PUBLIC_URL, as_json=False)
    print_json(slack_app_manifest(settings, public_url=public, socket_mode=uses_socket))


@manifest_app.command(name="discord")
def manifest_discord(
    app_id: Annotated[
        str, typer.Option("--app", metavar="ID", help="The application's id; without it that of DISCORD_BOT_TOKEN.")
    ] = "",
) -> None:
    """Print the link that invites the Discord app into a server, and its commands."""
    from bot.settings.model import SettingsError, load_settings
    from bot.wiring.manifests import PLACEHOLDER, discord_app_manifest

    try:
        settings = load_settings()
    except SettingsError as error:
        fail(error.code, str(error), as_json=False)
    if app_id and not app_id.isdigit():
        from bot.texts.cli import NO_APPLICATION_ID

        fail("settings", NO_APPLICATION_ID, as_json=False)
    document = discord_app_manifest(settings, application=app_id)
    print_json(document)
    if PLACEHOLDER in document["invite"]:
        from bot.texts.cli import ID_LACKING

        sys.stderr.write(f"{ID_LACKING.format(placeholder=PLACEHOLDER)}\n")
