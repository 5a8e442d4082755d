"""The words of `/user`."""

from collections.abc import Sequence
from datetime import datetime

from bot.texts.common import on_the_clock, sentence_case, undo_action
from bot.texts.errors import Reasons
from bot.texts.errors import shown as shown_value
from bot.texts.history import Told
from core.chat.actor import Actor
from core.chat.reply import Column, Field, Reply, Row, Table
from core.chat.text import Bold, Code, Mention, lines, text
from core.people.kind import MEMBER_KIND
from core.people.model import Member
from core.people.service import EmailChanged, MemberRestored, QuietChanged, RoleChanged, ZoneChanged
from core.workspaces.service import Code as OneTimeCode

REASONS = Reasons(
    refusals={
        "above_you": lambda w: (f"You can't hand out or change a role above your own ({w['role']}).", "Ask an owner."),
        "last_owner": lambda w: (
            f"{w['name']} is the only owner.",
            "Make somebody else an owner first, with `/user role`.",
        ),
        "other_workspace": lambda _w: (
            "That code is from another workspace.",
            "Join the spaces first, with `/qm connect`.",
        ),
        "same_person": lambda _w: ("That code is your own.", "Type it on the other platform."),
        "zone_changed_since": lambda w: (
            f"Your time zone is {w['zone']} by now.",
            "Set the one that you want with `/user zone`.",
        ),
        "quiet_changed_since": lambda _w: (
            "Your quiet hours have been changed since.",
            "Set those that you want with `/user quiet`.",
        ),
        "not_an_email": lambda w: (
            f"“{shown_value(w['value'])}” is no e-mail address.",
            "Type one such as `ann@example.org`, or `none`.",
        ),
        "email_changed_since": lambda _w: (
            "Your e-mail address has been changed since.",
            "Set the one that you want with `/user update`.",
        ),
        "forget_yourself": lambda _w: ("You can't remove yourself.", "Another admin can, where there is one."),
        "role_changed_since": lambda w: (
            f"{w['name']} has been given the role {w['role']} since.",
            "Set the role that you want with `/user role`.",
        ),
    }
)


_OF_WORKSPACE = "that of the workspace"
"""The time zone of somebody who has none of their own."""

_OF_WORKSPACE_HOURS = "those of the workspace"

TOLD = Told(
    MEMBER_KIND,
    "person",
    {
        "name": "Name",
        "role": "Role",
        "zone": "Time zone",
        "email": "E-mail address",
        "quiet": "Quiet hours",
        "joined": "Joined by",
        "forgotten": "Forgotten",
    },
)


def whoami(actor: Actor, member: Member) -> Reply:
    """Return what is known of the asker."""
    fields = (
        Field("name", "Name", actor.name),
        Field("role", "Role", actor.role.label),
        Field("zone", "Time zone", actor.zone),
        Field("platforms", "Known on", _platforms(member)),
        *_email(member),
    )
    return Reply(title="You", fields=fields)


def shown(member: Member, actor: Actor, *, may_see_email: bool) -> Reply:
    """Return what is known of somebody, as far as the asker may see it."""
    fields = (
        Field("name", "Name", member.name),
        Field("role", "Role", member.role.label),
        Field("zone", "Time zone", member.zone or _OF_WORKSPACE),
        Field("platforms", "Known on", _platforms(member)),
        *(_email(member) if may_see_email else ()),
        *(() if member.active else (Field("active", "Active", "no"),)),
    )
    return Reply(title="You" if member.id == actor.member_id else member.name, fields=fields)


def _platforms(member: Member) -> str:
    platforms = sorted({identity.platform.value for identity in member.identities})
    return ", ".join(sentence_case(name) for name in platforms) or "this machine"


def _email(member: Member) -> tuple[Field, ...]:
    return (Field("email", "E-mail", member.email),) if member.email else ()


def people(members: Sequence[Member]) -> Reply:
    """Return the members of the workspace."""
    columns = (
        Column("name", "Name", "people"),
        Column("role", "Role"),
        Column("platforms", "Known on"),
        Column("zone", "Time zone"),
    )
    rows = tuple(
        Row(
            (
                member.name,
                member.role.label,
                ", ".join(sorted({identity.platform.value for identity in member.identities})),
                member.zone or _OF_WORKSPACE,
            )
        )
        for member in members
        if member.active
    )
    return Reply(title="People", tables=(Table("People", columns, rows),))


def role_changed(change: RoleChanged) -> Reply:
    """Say what somebody may do now."""
    member = change.member
    if change.before is change.after:
        return Reply(text=text(Mention(member.id, member.name), f" already has the role {change.after.label}."))
    words = text(
        Mention(member.id, member.name), " is now ", Bold(change.after.label), f" (was {change.before.label})."
    )
    return Reply(text=words, actions=(undo_action(change.undo_id),))


def restored(found: MemberRestored) -> Reply:
    """Say that a role, a zone or an e-mail address was put back; no zone of one's own is the workspace's."""
    member = found.member
    again = {
        "role": text(Mention(member.id, member.name), f" is {member.role.label} again."),
        "zone": text(f"your time zone is {member.zone or _OF_WORKSPACE} again."),
        "quiet": text(f"your quiet hours are {member.quiet or _OF_WORKSPACE_HOURS} again."),
        "email": text(f"your e-mail address is {member.email} again." if member.email else "you have none again."),
    }
    return Reply(text=text("Undone: ", again[found.field]))


def zone_shown(actor: Actor, now: datetime, *, is_channels: bool) -> Reply:
    """Say in which zone somebody's dates are, which may be that of the channel where they ask."""
    whose = ", that of this channel" if is_channels else ""
    return Reply(
        text=lines(
            text("Your time zone is ", Bold(actor.zone), f"{whose}: {on_the_clock(now, actor.zone)}."),
            text(Code("/user zone Europe/Berlin"), " sets another."),
        )
    )


def zone_changed(change: ZoneChanged, actor: Actor, now: datetime, zone: str) -> Reply:
    """Say in which zone somebody's dates are from now on."""
    if not change.undo_id:
        return Reply(text=text("Your time zone already is ", Bold(zone), "."))
    words = text("Your time zone is now ", Bold(zone), f" (was {actor.zone}): {on_the_clock(now, zone)}.")
    return Reply(text=words, actions=(undo_action(change.undo_id),))


def quiet(change: QuietChanged, actor: Actor) -> Reply:
    """Say when somebody is not to be told anything, from now on or anyway."""
    hours, now = change.quiet, "now " if change.undo_id else ""
    whose = "" if change.member.quiet or not hours else ", those of the workspace"
    if hours is None:
        said = text(f"You {now}have no quiet hours.")
    else:
        said = text(f"Your quiet hours are {now}", Bold(hours.words()), f" ({actor.zone}){whose}.")
    then = "Reminders and digests that fall into them come together at their end." if hours else ""
    how = () if change.undo_id else text(Code("/user quiet 20:00-8:00 weekends"), " sets others.")
    undo = (undo_action(change.undo_id),) if change.undo_id else ()
    return Reply(text=lines(said, then, how), actions=undo)


def email_shown(email: str) -> Reply:
    """Say which e-mail address somebody has."""
    now = text("Your e-mail address is ", Bold(email), ".") if email else text("You have no e-mail address here.")
    return Reply(text=lines(now, text(Code("/user update ann@example.org"), " sets one.")))


def email_changed(change: EmailChanged) -> Reply:
    """Say which e-mail address somebody has from now on."""
    now = (
        text("Your e-mail address is ", Bold(change.after)) if change.after else text("You have no e-mail address here")
    )
    if not change.undo_id:
        return Reply(text=text(*now, " already."))
    was = f" (was {change.member.email})." if change.member.email else "."
    return Reply(text=text(*now, was), actions=(undo_action(change.undo_id),))


def forgotten() -> Reply:
    """Say that somebody is gone; not who it was, for the answer is kept."""
    return Reply(text=text("That person is gone, with all that was known of them."))


def link_offered(code: OneTimeCode) -> Reply:
    """Return the code that links accounts."""
    return Reply(
        title="Link your accounts",
        text=lines(
            text("Within ", Bold(f"{code.minutes} minutes"), ", type this from your account on the other platform:"),
            text(Code(f"/user link {code.code}")),
            "Both accounts are then one person here. The code works once; don't show it to others.",
        ),
    )


def linked(member: Member) -> Reply:
    """Say that two accounts are one person."""
    return Reply(title="Linked", text=text("This account is now ", Bold(member.name), " as well."))
