"""What people in Slack read that is Slack's own affair; everything else comes worded from the commands."""

from adapters.platforms.chat_texts import usage

WORKING = "Working on it. The answer comes here."
WORKING_HERE = "Working on it."
NOT_INSTALLED = (
    "I am not connected to this Slack workspace. If I have just started, try again in a minute. "
    "Otherwise ask whoever runs me to install me again."
)
FORM_FAILED = "Slack did not open the form."
IN_DIRECT = "The file is in our direct messages."
SURE, GO_AHEAD, CANCEL = "Are you sure?", "Yes", "No"

INSTALLED_PAGE = "Quartermaster is installed. Go back to Slack and type /qm help."
CANCELLED_PAGE = "Nothing was installed."
BAD_STATE_PAGE = "This installation was not begun in this browser, or more than ten minutes ago. Begin again at {start}"
REFUSED_PAGE = "Slack refused the installation ({reason}). Begin again at {start}"
UNAVAILABLE_PAGE = "Slack could not be reached. Try again in a minute at {start}"


def shortened(name: str) -> str:
    """Say that long texts were shortened and where they are whole."""
    return f"Long texts are shortened here; they are whole in the file {name}."


def form_refused(usage_line: str) -> str:
    """Say that no form came up, and what to do."""
    return f"{FORM_FAILED} {usage(usage_line)}"
