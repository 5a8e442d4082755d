"""Text as Discord's markdown; pure.

Everything that people wrote is escaped, so that it looks as they typed it and calls nobody; links are ours alone.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from core.chat.text import Bold, Code, Link, Mention, Moment, Span, Text

Mentions: TypeAlias = Callable[[int], str | None]
"""From a member to the Discord user id, if they have one in the guild at hand."""

_SPECIAL = re.compile(
    r"(?P<address>https?://[^\s<>]+)|(?P<all>@(?=everyone\b|here\b))|(?P<mark>[\\*_~`|<>\[])"
    r"|^(?P<space>[ \t]*)(?P<list>(?:[-+]|-?#{1,3})(?=\s)|\d+(?=\.\s))",
    re.MULTILINE,
)
_TICKS = re.compile(r"`+")


def nobody(_member_id: int) -> str | None:
    """Know no one: mentions become names."""
    return None


def escape(words: str) -> str:
    """Return words that mean nothing but themselves."""
    return _SPECIAL.sub(_escaped, words)


def _escaped(found: "re.Match[str]") -> str:
    if found["address"]:
        # Markdown does not reach into an address, and a backslash would become part of it.
        return found[0]
    if found["all"]:
        # A backslash does not keep Discord from reading a call for everybody; a space without width does.
        return "@\u200b"
    if found["mark"]:
        return f"\\{found[0]}"
    return f"{found['space']}{_literal(found['list'])}"


def _literal(start: str) -> str:
    """Return what would begin a list or a heading as the letters it is."""
    return f"{start}\u200b" if start.isdigit() else f"\\{start}"


def marked(text: Text, mentions: Mentions = nobody) -> str:
    """Return a text as markdown."""
    return "".join(_span(span, mentions) for span in text)


def mentioned(text: Text, mentions: Mentions) -> list[str]:
    """Return the Discord ids of those a text mentions, each once."""
    found = [mentions(span.member_id) for span in text if isinstance(span, Mention)]
    return list(dict.fromkeys(user for user in found if user and user.isdigit()))


def bold(words: str) -> str:
    """Return words in bold, line by line."""
    return "\n".join(f"**{escape(line.strip())}**" if line.strip() else line for line in words.split("\n"))


def code(words: str) -> str:
    """Return words letter by letter."""
    longest = max((len(found) for found in _TICKS.findall(words)), default=0)
    if not longest:
        return f"`{words}`" if words.strip() else words
    fence = "`" * (longest + 1)
    return f"{fence} {words} {fence}"


def fenced(words: str) -> str:
    """Return lines in a block of even letters."""
    return f"```\n{words.replace('```', chr(39) * 3)}\n```"


def _span(span: Span, mentions: Mentions) -> str:
    match span:
        case str():
            return escape(span)
        case Bold():
            return bold(span.text)
        case Code():
            return code(span.text)
        case Mention():
            user = mentions(span.member_id)
            return f"<@{user}>" if user and user.isdigit() else escape(f"@{span.name}")
        case Moment():
            # Not as Discord would show it to each: a message has one format, one clock and one zone, which it names.
            return escape(span.text)
        case Link():
            return _link(span)


def _link(link: Link) -> str:
    if not link.url.lower().startswith(("http://", "https://")):
        return escape(f"{link.label} ({link.url})")
    url = link.url.replace(" ", "%20").replace(")", "%29").replace(">", "%3E").replace("\n", "")
    label = escape(link.label.replace("\n", " "))
    return f"[{label}](<{url}>)"
