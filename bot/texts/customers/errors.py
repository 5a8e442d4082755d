"""Why something can't be done with customers, by the reasons that their rules and services give."""

from collections.abc import Mapping

from bot.texts.errors import Reasons, Wording, shown

_ARGUMENTS: Mapping[str, Wording] = {
    "username_length": lambda w: (
        f"`username` takes {w['least']} to {w['limit']} characters, not {w['length']}.",
        "",
    ),
    "username_bad": lambda w: (
        f"`username` can't be “{shown(w['value'])}”: it is one word of letters, digits, `.`, `-` and `_`.",
        "",
    ),
    "customer_email_bad": lambda w: (
        f"`email` is no e-mail address: “{shown(w['value'])}”." if w["value"] else "`email` is missing.",
        "Write it as `ann@example.org`.",
    ),
    "too_young": lambda w: (f"`age` has to be {w['least']} or more, not {w['value']}.", ""),
    "too_old": lambda w: (f"`age` can be {w['limit']} at most, not {w['value']}.", "Is there a digit too many?"),
    "address_too_long": lambda w: (
        f"`address` has {w['length']:,} characters; at most {w['limit']:,} fit.",
        "Shorten it.",
    ),
    "customer_taken": lambda w: (
        f"`{w['argument']}` can't be “{shown(w['value'])}”: that is another customer's.",
        f"`/customer show #{w['number']}` shows whose.",
    ),
    "nothing_to_update_of_customer": lambda w: (
        "Say what to change of them.",
        f"Try `/customer update #{w['number']} email:ann@example.org`.",
    ),
    "total_out_of_range": lambda w: (f"`total` is an amount from 0 to {w['limit']:,}, not {w['value']}.", ""),
    "total_places": lambda w: (f"`total` has at most four decimal places, unlike {w['value']}.", ""),
}

_CHANGED_PARTS = {
    "username": "their username",
    "email": "their e-mail address",
    "age": "their age",
    "address": "their address",
    "removed_at": "whether they are removed",
    "number": "whether they exist",
}

REASONS = Reasons(arguments=_ARGUMENTS, parts={"customer": _CHANGED_PARTS})
