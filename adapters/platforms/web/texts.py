"""What the console itself says to people; everything else comes from the application."""

BOT_NAME = "Quartermaster"

SIGN_IN = "Open the sign-in link that Quartermaster printed when it started; `quartermaster login` prints a new one."
LINK_SPENT = "This sign-in link was used already or has expired; `quartermaster login` prints a new one."
SIGNED_IN = "You are signed in."
FORWARDED = "The console does not answer requests that come through a proxy; open it on the machine it runs on."
WRONG_HOST = "The console does not answer to this address; open it by the link that Quartermaster printed."
WRONG_ORIGIN = "The console takes requests from its own pages only."
TOO_MANY_PAGES = "Too many pages of the console are open; close one and try again."
NO_SUCH_FILE = "There is no such file, or you may not read it."
NO_SUCH_PAGE = "There is no such page."
UPLOAD_NAMELESS = "The file has no name."
UPLOAD_BROKEN = "The file did not arrive whole; attach it again."
INTERNAL = "Something went wrong on our side; try again."
BUSY = "Too many commands are running at once; try again in a moment."

NO_SUCH_CHANNEL = "There is no such channel any more."
FRAME_UNREADABLE = "The page sent something that can't be read; reload it."
FILE_GONE = "An attached file is no longer there; attach it again."
CHANNEL_NAME = "A channel's name has 1 to 40 letters, digits, hyphens or underscores."
CHANNEL_LIMIT = "There are too many channels; use one that exists."
TAKEN_AWAY = "What stood here was taken away."


def file_too_large(limit: int) -> str:
    """Say how large a file may be; `limit` in bytes."""
    return f"The file is too large; the console takes up to {limit // 1_000_000} MB."
