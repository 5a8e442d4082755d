"""How the Slack side is set up: credentials, addresses, and the seconds that things may take."""

from dataclasses import field
from urllib.parse import urlsplit

from core.shared.value_objects import value_object

API_URL = "https://slack.com/api/"


@value_object
class Timings:
    """Seconds. Slack wants an acknowledgement within 3, a modal within 3 of its trigger, and answers within 1,800.

    `answer`: how long an answer may take to be the acknowledgement itself. `patience`: after that a job says that it
    is under way. `event`: after that a platform event is acknowledged whatever became of it. `form`: the longest wait
    for a modal before the acknowledgement. `call`: one call of Slack. `first_retry`: the pause before a second try,
    doubled each time. `follow_up`: how long an answer is tried to be delivered. `drain`: how long a stopping process
    goes on answering. `ping`: Socket Mode's heartbeat. `again`: before the bot's token is tried again after a failure.
    `settle`: how long a start waits for Slack, which need not be there. `home`: the pause between two versions of
    somebody's Home tab. `turn`: how long one process has for an answer before another one that was told too answers,
    unless it is still at it. `deciding`: how long an acknowledgement waits to hear which of them answers.
    `progress`: the pause between two edits of a message that shows how far a job is. `rest`: between two posts into
    one channel.
    """

    answer: float = 0.25
    patience: float = 1.0
    event: float = 2.0
    form: float = 2.0
    call: float = 10.0
    first_retry: float = 1.0
    follow_up: float = 1500.0
    drain: float = 20.0
    ping: float = 10.0
    again: float = 30.0
    settle: float = 1.0
    home: float = 2.0
    turn: float = 15.0
    deciding: float = 1.0
    progress: float = 2.0
    rest: float = 1.0


@value_object
class SlackOptions:
    """Everything the settings say; empty texts mean "not set".

    `api_url` is where Slack's Web API is, `public_url` where Slack reaches us (for the installation's way back).
    """

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    api_url: str = API_URL
    public_url: str = ""
    timings: Timings = field(default_factory=Timings)

    @property
    def base_url(self) -> str:
        """Return the Web API's address with a slash at its end."""
        return self.api_url if self.api_url.endswith("/") else f"{self.api_url}/"

    @property
    def authorize_url(self) -> str:
        """Return the page on which people consent to an installation."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize"

    @property
    def uses_oauth(self) -> bool:
        """Tell whether people may install the app into further workspaces."""
        return bool(self.client_id and self.client_secret)


def is_slack_address(url: str, base_url: str) -> bool:
    """Tell whether an address is Slack's own, so that it may be sent a token or an answer.

    That is the API's own host, or, where the API is the real one, any host under `slack.com` over HTTPS.
    """
    wanted, api = urlsplit(url), urlsplit(base_url)
    if (wanted.scheme, wanted.netloc) == (api.scheme, api.netloc):
        return True
    host = wanted.hostname or ""
    is_real = api.hostname == "slack.com"
    return is_real and wanted.scheme == "https" and wanted.port in (None, 443) and host.endswith(".slack.com")
