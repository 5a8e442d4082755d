"""The settings: what they become, and the one line that each mistake gets."""

from pathlib import Path

import pytest

from bot.settings.model import NOT_YET, SettingsError, load_settings, names

KEY = "k" * 32
OTHER_KEY = "o" * 40


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*names(), *NOT_YET):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def mistakes(monkeypatch: pytest.MonkeyPatch, **given: str) -> list[str]:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(None)
    return list(caught.value.lines)


def test_without_anything_set_it_runs_on_this_machine_alone(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.storage.data_dir == tmp_path / "data"
    assert settings.storage.database_url == f"sqlite+aiosqlite:///{tmp_path}/data/quartermaster.db"
    assert settings.storage.files_url is None
    assert (settings.server.host, settings.server.port, settings.server.public) == ("127.0.0.1", 8080, None)
    assert settings.server.is_loopback
    assert (settings.application.timezone, settings.application.currency) == ("UTC", "EUR")
    assert settings.application.secret_keys == ()
    assert not settings.slack.is_on
    assert settings.warnings == ()


def test_every_name_that_people_script_against_is_known() -> None:
    expected = {
        "QM_DATABASE_POOL",
        "QM_JOBS_DATABASE_URL",
        "QM_DATABASE_URL",
        "QM_DATA_DIR",
        "QM_FILES_URL",
        "QM_HOST",
        "QM_PORT",
        "QM_PUBLIC_HOST",
        "QM_PUBLIC_PORT",
        "QM_PUBLIC_URL",
        "QM_SECRET_KEY",
        "QM_UPLOAD_MB",
        "QM_TIMEZONE",
        "QM_CURRENCY",
        "QM_LOG_FORMAT",
        "QM_COMMAND_PREFIX",
        "QM_CONNECTIONS_PER_ADDRESS",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_CLIENT_ID",
        "SLACK_CLIENT_SECRET",
        "SLACK_API_URL",
        "DISCORD_BOT_TOKEN",
        "DISCORD_API_URL",
        "DISCORD_GATEWAY_URL",
        "STRIPE_API_KEY",
        "STRIPE_API_URL",
        "STRIPE_WEBHOOK_SECRET",
    }
    assert set(names()) == expected


def test_the_database_follows_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QM_DATA_DIR", str(tmp_path / "elsewhere"))
    assert load_settings(None).storage.database_url == f"sqlite+aiosqlite:///{tmp_path}/elsewhere/quartermaster.db"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("QM_PORT=9000\nQM_CURRENCY=usd\n# a comment\nexport QM_TIMEZONE='europe/berlin'\n")
    monkeypatch.setenv("QM_PORT", "9001")
    settings = load_settings()
    assert settings.server.port == 9001
    assert settings.application.currency == "USD"
    assert settings.application.timezone == "Europe/Berlin"


def test_an_empty_value_means_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=\nQM_SECRET_KEY=\n")
    monkeypatch.setenv("QM_PORT", "")
    settings = load_settings()
    assert settings.server.port == 8080
    assert not settings.slack.is_on
    assert settings.application.secret_keys == ()


def test_all_mistakes_are_told_at_once_one_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = mistakes(
        monkeypatch,
        QM_PORT="eighty",
        QM_TIMEZONE="Europe/Berln",
        QM_CURRENCY="EURO",
        QM_LOG_FORMAT="xml",
        QM_HOST="a b",
    )
    assert [line.partition(":")[0] for line in lines] == [
        "QM_HOST",
        "QM_PORT",
        "QM_TIMEZONE",
        "QM_CURRENCY",
        "QM_LOG_FORMAT",
    ]
    assert all("\n" not in line for line in lines)
    assert "Europe/Berlin" in lines[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QM_PORT", "65536"),
        ("QM_PORT", "-1"),
        ("QM_PORT", "80.5"),
        ("QM_PORT", "٨٠"),
        ("QM_HOST", "http://localhost"),
        ("QM_HOST", "300.1.1.1"),
        ("QM_HOST", "127.0.0.1:8080"),
        ("QM_PUBLIC_URL", "quartermaster.example"),
        ("QM_PUBLIC_URL", "https://bob:hush@quartermaster.example"),
        ("QM_PUBLIC_URL", "https://[::1"),
        ("QM_PUBLIC_URL", "https://x.example:port"),
        ("QM_FILES_URL", "ftp://x/y"),
        ("QM_FILES_URL", "file://relative/path"),
        ("QM_FILES_URL", "s3://"),
        ("QM_FILES_URL", "s3://key:hush@bucket"),
        ("QM_COMMAND_PREFIX", "q m"),
        ("QM_COMMAND_PREFIX", "a-very-long-prefix"),
        ("QM_SECRET_KEY", "short"),
        ("QM_TIMEZONE", "../../etc/passwd"),
        ("QM_DATA_DIR", "what?"),
        ("SLACK_API_URL", "localhost:9000"),
        ("QM_JOBS_DATABASE_URL", "sqlite+aiosqlite:///jobs.sqlite"),
        ("QM_JOBS_DATABASE_URL", "mssql+aioodbc://bob:hush@db/qm"),
        ("QM_JOBS_DATABASE_URL", "postgresql://bob:hush@db"),
        ("QM_JOBS_DATABASE_URL", "postgresql://bob:hush@db/qm?schema=x"),
    ],
)
def test_what_can_not_be_used_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    (line,) = mistakes(monkeypatch, **{name: value})
    assert line.startswith(f"{name}: ")
    assert "hush" not in line


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:///",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///file:x?mode=memory&uri=true",
        "sqlite+aiosqlite:///x.db?mode=memory",
        "sqlite:///x.db",
        "mysql://bob:hush@db/qm",
        "x.db",
    ],
)
def test_only_a_database_that_is_known_is_taken_and_no_password_repeated(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    (line,) = mistakes(monkeypatch, QM_DATABASE_URL=url)
    assert line.startswith("QM_DATABASE_URL: ")
    assert "hush" not in line
    assert "sqlite+aiosqlite:///data/quartermaster.db" in line


def test_a_file_in_place_of_the_data_folder_is_told_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (line,) = mistakes(monkeypatch, QM_DATA_DIR=str(tmp_path / "file"))
    assert line.startswith("QM_DATA_DIR: ")


def test_secret_keys_are_a_list_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QM_SECRET_KEY", f" {KEY} ,{OTHER_KEY},{KEY},")
    settings = load_settings(None)
    assert settings.application.secret_keys == (KEY, OTHER_KEY)
    assert KEY not in repr(settings)


def test_a_short_key_of_a_list_is_named_by_its_place_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = mistakes(monkeypatch, QM_SECRET_KEY=f"{KEY},hush-hush")
    assert "key 2" in line
    assert "hush" not in line


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SLACK_BOT_TOKEN": "xapp-1-hush"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxp-hush", "SLACK_APP_TOKEN": "xoxb-hush"}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxb-hush"}, ["SLACK_APP_TOKEN"]),
        ({"SLACK_APP_TOKEN": "xapp-hush"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_SIGNING_SECRET": "hush"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_SIGNING_SECRET": "hush"}, ["SLACK_CLIENT_SECRET"]),
        ({"SLACK_CLIENT_SECRET": "hush", "SLACK_SIGNING_SECRET": "hush"}, ["SLACK_CLIENT_ID"]),
        ({"SLACK_SIGNING_SECRET": "xoxb-hush"}, ["SLACK_SIGNING_SECRET"]),
        ({"SLACK_CLIENT_ID": "xoxb-hush"}, ["SLACK_CLIENT_ID"]),
        ({"SLACK_BOT_TOKEN": "xoxb-hush hush", "SLACK_APP_TOKEN": "xapp-hush"}, ["SLACK_BOT_TOKEN"]),
    ],
)
def test_half_of_slack_is_refused_without_showing_a_token(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: list[str]
) -> None:
    lines = mistakes(monkeypatch, **given)
    assert [line.partition(":")[0] for line in lines] == named
    assert "hush" not in "".join(lines)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"DISCORD_BOT_TOKEN": "hush"}, ["DISCORD_BOT_TOKEN"]),
        ({"DISCORD_BOT_TOKEN": "h.us.h h"}, ["DISCORD_BOT_TOKEN"]),
        ({"DISCORD_BOT_TOKEN": "hu.s.h", "DISCORD_API_URL": "http://127.0.0.1:9/api"}, ["DISCORD_GATEWAY_URL"]),
        ({"DISCORD_BOT_TOKEN": "hu.s.h", "DISCORD_GATEWAY_URL": "ws://127.0.0.1:9/"}, ["DISCORD_API_URL"]),
        ({"DISCORD_API_URL": "http://x/", "DISCORD_GATEWAY_URL": "http://x/"}, ["DISCORD_GATEWAY_URL"]),
    ],
)
def test_half_of_discord_is_refused_without_showing_a_token(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: list[str]
) -> None:
    lines = mistakes(monkeypatch, **given)
    assert [line.partition(":")[0] for line in lines] == named
    assert "hush" not in "".join(lines)


def test_discord_is_on_with_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings(None).discord.is_on
    monkeypatch.setenv("DISCORD_BOT_TOKEN", "a.b.c")
    assert load_settings(None).discord.is_on


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"STRIPE_API_KEY": "pk_test_hush"}, ["STRIPE_API_KEY"]),
        ({"STRIPE_API_KEY": "sk_test hush"}, ["STRIPE_API_KEY"]),
        ({"STRIPE_API_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1,hush"}, ["STRIPE_WEBHOOK_SECRET"]),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_hush"}, ["STRIPE_API_KEY"]),
    ],
)
def test_half_of_stripe_is_refused_without_showing_a_key(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: list[str]
) -> None:
    lines = mistakes(monkeypatch, **given)
    assert [line.partition(":")[0] for line in lines] == named
    assert "hush" not in "".join(lines)


def test_stripe_is_on_with_its_key_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings(None).stripe.is_on
    monkeypatch.setenv("STRIPE_API_KEY", "rk_test_hush")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "whsec_hush, whsec_hush_too,")
    stripe = load_settings(None).stripe
    assert stripe.is_on
    assert stripe.webhook_secret == ("whsec_hush", "whsec_hush_too")
    assert "hush" not in repr(stripe)


def test_slack_is_reached_by_socket_or_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api")
    slack = load_settings(None).slack
    assert (slack.is_on, slack.uses_socket, slack.uses_http) == (True, True, False)
    assert slack.api_url == "http://127.0.0.1:9/api/"
    monkeypatch.delenv("SLACK_APP_TOKEN")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    slack = load_settings(None).slack
    assert (slack.uses_socket, slack.uses_http) == (False, True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"QM_PUBLIC_PORT": "8081"}, ("127.0.0.1", 8081)),
        ({"QM_PUBLIC_HOST": "0.0.0.0", "QM_PUBLIC_PORT": "8081"}, ("0.0.0.0", 8081)),
        ({"QM_PUBLIC_HOST": "192.0.2.1"}, ("192.0.2.1", 8080)),
        ({"QM_PUBLIC_HOST": "127.0.0.1", "QM_PUBLIC_PORT": "8080"}, None),
        ({"QM_PORT": "0", "QM_PUBLIC_PORT": "0"}, ("127.0.0.1", 0)),
    ],
)
def test_the_public_address_may_be_apart(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], expected: tuple[str, int] | None
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert load_settings(None).server.public == expected


def test_two_addresses_that_can_not_be_bound_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = mistakes(monkeypatch, QM_PUBLIC_HOST="0.0.0.0")
    assert line.startswith("QM_PUBLIC_PORT: ")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.2", True), ("::1", True), ("[::1]", True), ("LOCALHOST", True), ("0.0.0.0", False), ("shop", False)],
)
def test_knows_whether_only_this_machine_reaches_it(monkeypatch: pytest.MonkeyPatch, host: str, loopback: bool) -> None:
    monkeypatch.setenv("QM_HOST", host)
    assert load_settings(None).server.is_loopback is loopback


def test_what_has_no_effect_is_told_without_stopping(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("QM_PROT=9000\nMAIL_FROM=hush\n")
    monkeypatch.setenv("QM_LOFT", "x")
    warnings = load_settings().warnings
    assert len(warnings) == 3
    assert warnings[0].startswith("MAIL_FROM: ")
    assert warnings[1].startswith("QM_LOFT: ")
    assert warnings[2] == "QM_PROT: there is no such setting. Did you mean QM_PORT?"
    assert "hush" not in "".join(warnings)


@pytest.mark.parametrize("content", [b"QM_PORT=9000\n'just words\n", b"\xff\xfe=1\n"])
def test_a_file_that_can_not_be_read_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_settings(Path(".env"))
    (line,) = caught.value.lines
    assert line.startswith(".env")


def test_a_prefix_is_taken_as_people_type_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QM_COMMAND_PREFIX", "/QM-")
    assert load_settings(None).application.command_prefix == "qm-"


@pytest.mark.parametrize("pool", ["2", "1001", "ten", "-5", "3.5"])
def test_a_pool_is_of_a_size_that_people_can_be_served_with(monkeypatch: pytest.MonkeyPatch, pool: str) -> None:
    (line,) = mistakes(monkeypatch, QM_DATABASE_POOL=pool)
    assert line == "QM_DATABASE_POOL: it has to be a number from 3 to 1000, for example 10."


@pytest.mark.parametrize("size", ["0", "5001", "-5", "50 MB", "0.5"])
def test_files_are_limited_to_whole_megabytes(monkeypatch: pytest.MonkeyPatch, size: str) -> None:
    (line,) = mistakes(monkeypatch, QM_UPLOAD_MB=size)
    assert line == "QM_UPLOAD_MB: it has to be a number of megabytes from 1 to 400, for example 50."


def test_files_may_have_fifty_megabytes_unless_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(None).storage.upload_limit == 50_000_000
    monkeypatch.setenv("QM_UPLOAD_MB", "200")
    assert load_settings(None).storage.upload_limit == 200_000_000


def test_the_database_s_password_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QM_DATABASE_URL", "postgres://bob:hush@db/qm")
    monkeypatch.setenv("QM_JOBS_DATABASE_URL", "postgres://bob:hush@db/jobs")
    monkeypatch.setenv("QM_DATABASE_POOL", "5")
    settings = load_settings(None)
    assert settings.storage.database_url == "postgres://bob:hush@db/qm"
    assert settings.storage.database_pool == 5
    assert "hush" not in repr(settings)


def test_connections_of_one_address_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(None).server.connections_per_address == 100
    monkeypatch.setenv("QM_CONNECTIONS_PER_ADDRESS", "7")
    with pytest.raises(SettingsError, match="QM_CONNECTIONS_PER_ADDRESS: it has to be a number of connections from 8"):
        load_settings(None)
