"""What is said of scheduled reports: which one with what it takes, when it comes, and about which days."""

from collections.abc import Sequence
from contextlib import suppress

from bot.application.context import Context
from bot.application.reporting import asked_range, count_before
from bot.application.scheduling import asked_times, unquoted
from bot.commands.reports.declaring import REPORTS, Shown
from bot.grammar.binding import Binding, bind
from bot.grammar.parser import parse_arguments
from bot.grammar.tokens import quoted, tokenise
from core.chat.request import ChannelKind
from core.chat.spec import Cost
from core.people.model import Role
from core.schedules.rules import Rule
from core.shared.errors import ForbiddenError, InvalidArgumentError
from core.shared.nearness import known_by
from core.shared.value_objects import value_object
from core.workspaces.model import Channel

SKIP_EMPTY = "skip-empty"

_MOST_WORDS = 40
"""Words among which times without quotes are looked for."""
_RANGE, _TOP, _ENDS = "range", "top", ("from", "to")


@value_object
class Said:
    """Words told apart: the first of the times, the rest of them with what the report takes, a zone, `skip-empty`."""

    when: str
    days: str
    zone: str
    skips: bool


def told_apart(when: str, days: str, zone: str) -> Said:
    """Tell words in whichever order apart: neither a zone nor `skip-empty` needs its name.

    Words behind a zone are about something else.
    """
    name, _, behind = zone.strip().partition(" ")
    name, behind = (name, behind) if _is_zone(name) else (zone, "")
    # Days without times before them were named as such.
    is_open = not (when or days) or when == SKIP_EMPTY or _is_zone(when)
    words = f"{when if is_open else ''} {days} {behind}".split()
    bare = next(filter(_is_zone, words), "")
    rest = [word for word in words if word not in (bare, SKIP_EMPTY)]
    if is_open:
        when, rest = "".join(rest[:1]), rest[1:]
    return Said(when, " ".join(rest), name or bare, SKIP_EMPTY in words)


def _is_zone(word: str) -> bool:
    """Tell whether a word can only be the name of a zone: no day is written with letters around a stroke."""
    return "/" in word and word.replace("/", "").replace("_", "").isalpha()


# --- times -------------------------------------------------------------------


def parted(ctx: Context, when: str, days: str, where: str) -> tuple[Rule | None, str]:
    """Return the times, and the words around them, which are the report's own; None where all words are.

    Quotes are not needed where both can be read without: `weekdays 9:00 last week`, `5 weekdays 9:00`. Raises
    `InvalidArgumentError` for times that can't be read.
    """
    when = unquoted(when)
    if not when:
        return None, days
    if found := _in_a_row(ctx, when.split(), days.split(), where) or _in_quotes(ctx, when, days, where):
        return found
    with suppress(InvalidArgumentError):
        return asked_times(ctx, "when", when, where), days
    words = [*when.split(), *days.split()]
    if _are_own(ctx, words, counted=True):
        return None, " ".join(words)
    return asked_times(ctx, "when", _meant(when, days), where), days


def _in_a_row(ctx: Context, when: Sequence[str], days: Sequence[str], where: str) -> tuple[Rule, str] | None:
    """Return the times that words in a row say, if those around them can be the report's own."""
    words, typed = [*when, *days], len(when)
    if len(words) > _MOST_WORDS:
        return None
    for start in (0, *range(typed, len(words))):
        if not _are_own(ctx, words[:start], counted=True):
            continue
        for end in (*(() if start else (typed,)), *range(len(words), max(start, typed), -1)):
            if end > start and _are_own(ctx, words[end:]):
                with suppress(InvalidArgumentError):
                    rule = asked_times(ctx, "when", " ".join(words[start:end]), where)
                    return rule, " ".join([*words[:start], *words[end:]])
    return None


def _in_quotes(ctx: Context, when: str, days: str, where: str) -> tuple[Rule, str] | None:
    """Return the times that stand in quotes further behind: `top-customers last month "weekdays 9:00"`."""
    for token in tokenise(days):
        if token.quoted and not token.name:
            with suppress(InvalidArgumentError):
                own = f"{when} {days[: token.start]} {days[token.end :]}"
                return asked_times(ctx, "when", token.text, where), " ".join(own.split())
    return None


def _are_own(ctx: Context, words: Sequence[str], *, counted: bool = False) -> bool:
    """Tell whether words can be what a report takes: days, a number before them, and all that has a name."""
    line = " ".join(words)
    if counted:
        _, line = count_before(line)
    with suppress(InvalidArgumentError):
        asked_range(ctx, _bare(line), "", "")
        return True
    return False


def _bare(line: str) -> str:
    """Return a line without what has a name in it."""
    return " ".join(line[token.start : token.end] for token in tokenise(line) if not token.name)


def _meant(when: str, days: str) -> str:
    """Return which of words that say no times were most likely meant to."""
    in_quotes = next((token.text for token in tokenise(days) if token.quoted and not token.name), "")
    is_whole = " " in when
    return in_quotes or (when if is_whole else _bare(f"{when} {days}"))


# --- reports -----------------------------------------------------------------


def shown_of(line: str) -> Shown:
    """Return the report that a line begins with; raises `InvalidArgumentError` if there is no such."""
    return known_by(line.partition(" ")[0], REPORTS, "report", "not_a_choice")


def with_own(ctx: Context, line: str, own: str) -> str:
    """Return a report with what it takes, of which some is said anew, such as other days."""
    if not own:
        return line
    takes, (name, _, rest) = shown_of(line).command.info.arguments, line.partition(" ")
    former, given = (dict(parse_arguments(some, tokenise(some), takes, ctx.now)) for some in (rest, own))
    (count, days), (other_count, other_days) = (_counted(ctx, taken.pop(_RANGE, ("",))[0]) for taken in (former, given))
    if other_days or not given.keys().isdisjoint(_ENDS):
        days, former = other_days, {each: values for each, values in former.items() if each not in _ENDS}
    if other_count or _TOP in given:
        count, former = other_count, {each: values for each, values in former.items() if each != _TOP}
    named = (f"{each}:{quoted(value)}" for each, values in {**former, **given}.items() for value in values)
    return " ".join(filter(None, [name, count, days, *named]))


def _counted(ctx: Context, words: str) -> tuple[str, str]:
    """Return the number that stands before the days, where it is none of theirs as in `3 dec`, and the days."""
    if words and not _are_own(ctx, words.split()):
        count, days = count_before(words)
        return ("" if count is None else str(count)), days
    return "", words


async def checked(ctx: Context, line: str, channel_id: int) -> str:
    """Return a report with what it takes, once it was made: what is wrong with it is said now, and not every morning.

    Raises `InvalidArgumentError`, and `ForbiddenError` for one that is not for whoever asks, or that names customers to
    a channel.
    """
    shown, (name, _, rest) = shown_of(line), line.partition(" ")
    command = shown.command
    check_role(ctx, shown)
    given = parse_arguments(rest, tokenise(rest), command.info.arguments, ctx.now)
    asked = bind(command, given, Binding(ctx.actor, ctx.directory, ctx.request, ctx.now))
    channel = ctx.directory.channels.get(channel_id)
    if channel and not _has_account(ctx, channel):
        raise InvalidArgumentError("channel", "channel_without_account")
    is_direct = channel is not None and channel.kind is ChannelKind.DIRECT
    if shown.report.names_customers(asked) and ctx.actor.role < Role.MANAGER and not is_direct:
        raise ForbiddenError(Role.MANAGER.label, ctx.actor.role.label)
    if command.info.cost is Cost.QUICK:
        await shown.report.function(ctx, **asked)
    return f"{name.lower()} {rest}".strip()


def check_role(ctx: Context, shown: Shown) -> None:
    """Raise `ForbiddenError` for a report that is not for who asks."""
    if ctx.actor.role < shown.report.role:
        raise ForbiddenError(shown.report.role.label, ctx.actor.role.label)


def _has_account(ctx: Context, channel: Channel) -> bool:
    """Tell whether the actor is somebody where a channel is; a report is asked for as who they are there."""
    member = ctx.directory.members.get(ctx.actor.member_id)
    return member is None or any(one.space_id == channel.space_id for one in member.identities)
