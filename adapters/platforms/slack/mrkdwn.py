"""Text as Slack's mrkdwn; pure.

Only `&`, `<` and `>` are escaped: with them gone no words of people can become a mention, a link or a broadcast. Stars
and underscores that somebody typed look as they would in a message of their own.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from core.chat.text import Bold, Code, Link, Mention, Moment, Span, Text, plain

Mentions: TypeAlias = Callable[[int], str | None]
"""From a member to the Slack user id in the space at hand, if they have one there."""

SECTION = 2900
"""Characters put into one section of text; Slack takes 3,000."""

_WHOLE = 2500
"""Characters of a link, date or mention that stays one; a longer one is only words."""

_PIECE = 550
"""Characters of a piece that is never cut, before escaping, which makes at most five of one."""


def nobody(_member_id: int) -> str | None:
    """Know no one: mentions become names."""
    return None


def escape(words: str) -> str:
    """Return words that mean nothing but themselves."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(words: str) -> str:
    """Return words as somebody typed them."""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mrkdwn(text: Text, mentions: Mentions = nobody) -> str:
    """Return a text as mrkdwn."""
    return "".join(_span(span, mentions) for span in text)


def fallback(text: Text | str) -> str:
    """Return a text's words alone, escaped: for notifications and screen readers."""
    return escape(plain(text))


def chunks(text: Text, mentions: Mentions = nobody, limit: int = SECTION) -> list[str]:
    """Return a text in pieces of at most `limit` characters, broken at line ends where that is possible.

    No mention, link or date is ever cut in two.
    """
    done: list[str] = []
    current = ""
    for line in _lines(text, mentions):
        whole = "".join(line)
        for token in [whole] if len(whole) <= limit else line:
            if len(current) + len(token) > limit:
                # Blanks alone are left out: Slack takes no empty section.
                done.extend([current.strip("\n")] if current.strip() else [])
                current = ""
            current += token
    if current.strip():
        done.append(current.strip("\n"))
    return done


def _lines(text: Text, mentions: Mentions) -> Iterator[list[str]]:
    """Yield each line as the pieces that must not be cut."""
    line: list[str] = []
    for token in _tokens(text, mentions):
        line.append(token)
        if token.endswith("\n"):
            yield line
            line = []
    if line:
        yield line


def _tokens(text: Text, mentions: Mentions) -> Iterator[str]:
    for span in text:
        if not isinstance(span, str | Bold | Code):
            whole = _span(span, mentions)
            if len(whole) <= _WHOLE:
                yield whole
                continue
            span = plain(span)
        words = span if isinstance(span, str) else span.text
        for line in words.splitlines(keepends=True):
            for start in range(0, len(line), _PIECE):
                piece = line[start : start + _PIECE]
                yield _span(piece if isinstance(span, str) else type(span)(piece), mentions)


def _span(span: Span, mentions: Mentions) -> str:
    match span:
        case str():
            return escape(span)
        case Bold():
            return _marked(span.text, "*")
        case Code():
            return _marked(span.text, "`")
        case Mention():
            user = mentions(span.member_id)
            return f"<@{user}>" if user and user.isalnum() else escape(f"@{span.name}")
        case Moment():
            # Not as Slack would show it to each: a message has one format, one clock and one zone, which it names.
            return escape(span.text)
        case Link():
            return _link(span)


def _marked(words: str, mark: str) -> str:
    """Return words between marks, line by line; words that hold the mark themselves go without."""
    if mark in words:
        return escape(words)
    lines = []
    for line in words.split("\n"):
        bare = line.strip()
        lead, tail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        lines.append(f"{lead}{mark}{escape(bare)}{mark}{tail}" if bare else line)
    return "\n".join(lines)


def _link(link: Link) -> str:
    if not link.url.lower().startswith(("http://", "https://")):
        return escape(f"{link.label} ({link.url})")
    url = escape(link.url).replace("|", "%7C").replace(" ", "%20").replace("\n", "")
    label = escape(link.label).replace("|", "/").replace("\n", " ")
    return f"<{url}|{label}>"
