"""How the Discord side is set up: token, addresses, and the seconds that things may take."""

from dataclasses import field
from urllib.parse import urlsplit

from core.shared.value_objects import value_object

API_URL = "https://discord.com/api/v10"
CDN_HOSTS = ("cdn.discordapp.com", "media.discordapp.net")
"""Where Discord keeps the files of people."""


@value_object
class Timings:
    """Seconds. Discord wants a first response within 3, and takes edits and follow-ups for 900.

    `answer`: how long an answer may take to be the first response itself. `form`: how long a pressed button's command
    may take to be found, if it is to open a form. `suggest`: how long suggestions may take. `call`: one call of
    Discord. `first_retry`: the pause before a second try, doubled each time. `progress`: the
    pause between two edits of a message that shows how far a job is. `token`: how long an interaction's token
    is used. `follow_up`: how long an answer is tried to be delivered. `drain`: how long a stopping process goes on
    answering. `again`: before a login is tried again. `settle`: how long a start waits for Discord, which need not be
    there. `identify`: the pause before a new session, of which Discord allows one in five seconds. `guilds`: how
    long the connection waits for a further server before it counts as ready. `proof`: how long somebody who writes
    directly counts as a member of the server in which they were seen.
    """

    answer: float = 0.25
    form: float = 1.5
    suggest: float = 1.5
    call: float = 10.0
    first_retry: float = 1.0
    progress: float = 2.0
    token: float = 14 * 60.0
    follow_up: float = 1500.0
    drain: float = 20.0
    again: float = 30.0
    settle: float = 1.0
    identify: float = 5.0
    guilds: float = 2.0
    proof: float = 60.0


@value_object
class DiscordOptions:
    """Everything the settings say; an empty address means Discord's own."""

    bot_token: str = field(default="", repr=False)
    api_url: str = ""
    gateway_url: str = ""
    timings: Timings = field(default_factory=Timings)

    @property
    def base_url(self) -> str:
        """Return the HTTP API's address without a slash at its end."""
        return (self.api_url or API_URL).rstrip("/")

    def is_file_address(self, url: str) -> bool:
        """Tell whether Discord keeps files there: on its own hosts, or on the server that stands in its place."""
        wanted, api = urlsplit(url), urlsplit(self.base_url)
        if self.api_url:
            return (wanted.scheme, wanted.netloc) == (api.scheme, api.netloc)
        return wanted.scheme == "https" and wanted.port in (None, 443) and wanted.hostname in CDN_HOSTS
