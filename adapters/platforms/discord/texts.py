"""What people in Discord read that is Discord's own affair; everything else comes worded from the commands."""

from adapters.platforms.chat_texts import usage

NOT_SURE_WHERE = "I can't tell which server this is about. Type the command in a channel of the server."
FORM_FAILED = "Discord did not open the form."
TRY_FORM = "Correct it in the form:"
FILL_IN = "Fill in again"
FILE_TOO_LARGE = "The file {name} is too large for Discord."
NO_DIRECT = (
    "<@{user}> I have your answer, but I may not write to you directly. "
    "Allow direct messages from members of this server, then ask again."
)
IN_DIRECT = (
    "The answer is for you alone: it is in our direct messages. A slash command is answered here, and only you see it."
)
NOT_THE_ROLE = (
    "That is my role, and Discord keeps from me what you said. If you meant me, choose the app when you type my name."
)
FORGOTTEN = "I no longer know this form. Type the command once more."
BUSY = "I'm busy just now. Nothing was changed; try again in a moment."
GONE = "That button no longer works. Ask for a fresh message."


def which(label: str) -> str:
    """Ask which row a button is meant for."""
    return f"{label}: which one?"


def form_refused(line: str) -> str:
    """Say that no form came up, and what to do."""
    return f"{FORM_FAILED} {usage(line)}"


def missing_permissions(channel: str, names: str) -> str:
    """Say what the app may not do in a channel, and how to allow it."""
    what = f"these: {names}" if names else "View Channels and Send Messages"
    return (
        f"I could not answer in <#{channel}>: I lack permissions there. Whoever manages the server can grant them: "
        f"the channel's settings, Permissions, add Quartermaster, allow {what}."
    )
