"""Why something can't be done with stock, by the reasons that its services give."""

from collections.abc import Mapping

from bot.texts.common import listed
from bot.texts.errors import Reasons, Wording, Words, shown


def _name(words: Words) -> str:
    return shown(words["name"])


def _counted(words: Words) -> str:
    place = shown(words["location"])
    return f"{shown(words['category']) or 'everything'}{f' at {place}' if place else ''}"


def _counted_too_few(words: Words) -> tuple[str, str]:
    name = _name(words)
    if not words["reserved"] and not words["elsewhere"]:
        more = f"More of {name} went since it was counted than were counted, so nothing was posted."
        return more, f"Count it again: `/stock history #{words['number']}` says what went."
    return (
        f"Fewer of {name} were counted than are set aside ({words['reserved']:,} reserved, "
        f"{words['elsewhere']:,} elsewhere), so nothing was posted.",
        f"Count it again, or cancel an order first: `/stock history #{words['number']}` names them.",
    )


def _left(words: Words) -> str:
    """Return how many there are to be had: `Only 3 of Apples are left (2 more reserved)`."""
    left = int(str(words["left"]))
    there = (
        f"Only {left:,} of {_name(words)} {'is' if left == 1 else 'are'} left"
        if left > 0
        else f"No {_name(words)} left"
    )
    reserved, elsewhere = int(str(words["reserved"])), int(str(words["elsewhere"]))
    more = [f"{amount:,} more {word}" for amount, word in ((reserved, "reserved"), (elsewhere, "elsewhere")) if amount]
    return f"{there} ({listed(more)})" if more else there


def _too_few(words: Words) -> tuple[str, str]:
    left, wanted, taken = (int(str(words[name])) for name in ("left", "wanted", "taken"))
    beside = f" beside the {taken:,} in your cart" if taken else ""
    free, missing = left - taken, wanted + taken - left
    how = f"Take {free:,} or fewer, or" if free > 0 else "When there is more again,"
    return f"{_left(words)}, so nothing was changed: `quantity` can't be {wanted:,}{beside}.", (
        f"{how} `/stock restock #{words['number']} {missing}` says what came in."
    )


_ARGUMENTS: Mapping[str, Wording] = {
    "product_unnamed": lambda w: ("A product needs a name.", f"Try `/stock add {w['example']} 50 0.50`."),
    "sku_bad": lambda w: (
        f"“{shown(w['value'])}” can't be a SKU.",
        f"It is one word of at most {w['limit']} characters, such as `{w['example']}`, without commas and quotes, and "
        "does not begin with `#`.",
    ),
    "too_many_tags": lambda w: (f"Those are {w['count']} tags; at most {w['limit']} fit.", "Leave some out."),
    "weight_bad": lambda w: (
        f"“{shown(w['value'])}” is no weight.",
        f"Write it as `{w['example']}` or `250 g`, more than nothing.",
    ),
    "dimensions_bad": lambda w: (
        f"“{shown(w['value'])}” are no dimensions.",
        f"Write them as `{w['example']}`; mm, m and in will do, too.",
    ),
    "adjusted_by_nothing": lambda _w: (
        "`change` is how many more there are, or fewer, not 0.",
        "Try `/stock adjust apples -2 two were rotten`.",
    ),
    "alerts_without_channel": lambda w: (
        f"Say in which channel it is to be told of {shown(w['category'])}.",
        f"Try `/stock alerts {shown(w['category'])} here`, or `/stock alerts {shown(w['category'])} off` for nowhere.",
    ),
    "muted_until_past": lambda _w: (
        "`until` has to be ahead.",
        "Try `/stock mute apples until:fri`; without it nothing is told until somebody unmutes it.",
    ),
    "location_unknown": lambda w: (
        f"Nothing ever lay at “{shown(w['value'])}”.",
        f"Places are {shown(w['known'])}." if w["known"] else "Leave it out: there is one place only.",
    ),
    "transferred_nowhere": lambda _w: (
        "`to` has to be another location than that from which it comes.",
        "Try `/stock transfer apples 5 to:cellar`; `from:cellar` brings them back.",
    ),
    "address_bad": lambda w: (
        f"“{shown(w['value'])}” can't be part of an address.",
        f"Write small letters, digits and `-` between them, at most {w['limit']}, such as `{w['example']}`.",
    ),
    "address_taken": lambda w: (
        f"`address` can't be “{shown(w['value'])}”: that is the one of {_name(w)}.",
        "`/stock categories` shows all.",
    ),
    "nothing_to_edit_of_product": lambda w: (
        "Say what to change of it.",
        f"Try `/stock edit #{w['number']} category:fruit`.",
    ),
}


_REFUSALS: Mapping[str, Wording] = {
    "too_few": _too_few,
    "adjusted_too_few": lambda w: (
        f"{_left(w)}, so nothing was changed: `change` can't be {w['value']:,}.",
        "Take fewer, or look where they went: `/stock history #" + str(w["number"]) + "`.",
    ),
    "too_few_there": lambda w: (
        f"Only {w['left']:,} of it {'is' if w['left'] == 1 else 'are'} at “{shown(w['location'])}”, so nothing was "
        f"changed: `quantity` can't be {w['wanted']:,}.",
        "`/stock show` says where a product lies.",
    ),
    "no_count": lambda _w: (
        "No such stock-take goes on.",
        "A manager begins one: `/stock count start`. `/stock count` shows those that go on.",
    ),
    "count_goes_on": lambda w: (
        f"A stock-take of {_counted(w)} goes on, which counts some of that already.",
        "Post or cancel it first: `/stock count` shows how far it is.",
    ),
    "count_over": lambda _w: ("That stock-take is over.", "`/stock adjust` puts right how many there are."),
    "counts_several": lambda _w: (
        "Several stock-takes go on.",
        "Say which one with `category:` or `location:`; `/stock count` shows them.",
    ),
    "not_counted_here": lambda w: (
        f"Only {shown(w['category'])} is counted, and {_name(w)} is not of it.",
        "Give it that category, or count it later.",
    ),
    "nothing_counted": lambda _w: ("Nothing is counted yet.", "Count with `/stock scan`, or `/stock count cancel`."),
    "counted_too_few": _counted_too_few,
    "too_much": lambda w: (
        f"That is more of {_name(w)} than can be kept count of: `quantity` {w['wanted']:,} beside {w['on_hand']:,}.",
        "Is there a digit too many?",
    ),
    "not_reserved": lambda w: (f"Of {_name(w)} only {w['reserved']:,} are reserved.", ""),
    "product_unpriced": lambda w: (
        f"{_name(w)} has no price yet, so it can't be sold: `product` #{w['number']}.",
        f"A manager sets one: `/stock price #{w['number']} 2.50`.",
    ),
    "product_discontinued": lambda w: (
        f"{_name(w)} is discontinued: `product` #{w['number']}.",
        f"A manager brings it back: `/stock edit #{w['number']} discontinued:no`.",
    ),
    "category_inactive": lambda w: (
        f"{_name(w)} is not active, so nothing new is put into it: `category`.",
        f'A manager changes that: `/stock category "{shown(w["name"])}" active:yes`.',
    ),
    "goods_reserved": lambda w: (
        f"{w['reserved']:,} of {_name(w)} {'is' if w['reserved'] == 1 else 'are'} reserved, so it can't be removed.",
        f"Let go of them first, or `/stock edit #{w['number']} discontinued:yes`.",
    ),
    "amount_too_large": lambda w: (
        f"That is more than {w['limit']:,} in one sale of {_name(w)}: `quantity` is too large.",
        "Is there a digit too many?",
    ),
}

_CHANGED_PARTS = {
    "on_hand": "what there is of it",
    "reorder_level": "its reorder level",
    "is_discontinued": "whether it is discontinued",
    "on_order": "what is on order",
    "expected_on": "when it is expected",
    "removed_at": "whether it is removed",
    "number": "whether it exists",
}

REASONS = Reasons(arguments=_ARGUMENTS, refusals=_REFUSALS, parts={"product": _CHANGED_PARTS})
