"""Where tokens and answers may be sent."""

import pytest

from adapters.platforms.slack.options import API_URL, SlackOptions, is_slack_address

MOCK = "http://127.0.0.1:4321/api/"


@pytest.mark.parametrize(
    ("url", "base", "is_ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/x.csv", API_URL, True),
        ("https://hooks.slack.com/actions/T1/2/3", API_URL, True),
        ("https://slack.com/api/x", API_URL, True),
        ("http://files.slack.com/files-pri/T1-F1/x.csv", API_URL, False),
        ("https://files.slack.com:8443/x", API_URL, False),
        ("https://files.slack.com.evil.example/x", API_URL, False),
        ("https://evil.example/?files.slack.com", API_URL, False),
        ("https://user:pass@evil.example/.slack.com", API_URL, False),
        ("https://notslack.com/x", API_URL, False),
        ("http://127.0.0.1:4321/files-pri/x", MOCK, True),
        ("http://127.0.0.1:9999/files-pri/x", MOCK, False),
        ("https://files.slack.com/x", MOCK, False),
        ("", API_URL, False),
    ],
)
def test_only_slacks_own_hosts_are_trusted(url: str, base: str, is_ours: bool) -> None:
    assert is_slack_address(url, base) is is_ours


def test_secrets_do_not_show_when_options_are_printed() -> None:
    options = SlackOptions("xoxb-secret", "xapp-secret", "signing-secret", "id", "client-secret", api_url=MOCK)
    assert "secret" not in repr(options)
    assert options.base_url == MOCK
    assert SlackOptions(api_url="http://x/api").base_url == "http://x/api/"
    assert options.authorize_url == "http://127.0.0.1:4321/oauth/v2/authorize"
