"""Which lines of an order are cancelled: chosen in a form with how many of each, or one of them from a select."""

import re
from collections.abc import Sequence

from bot.grammar.tokens import quoted
from core.chat.reply import Action, Choice, Form, FormField, Reply
from core.orders.model import Filled, OrderLine, OrderStatus

MOST_CHOICES = 25
"""Lines among which one is chosen, as many as every platform has room for."""

_PLAIN = re.compile(r'[^",;#]+')


def lines_form(filled: Filled) -> Reply:
    """Return a form with what is in an order, a line each, of which what is to stay is taken out."""
    order, lines = filled.order, [line for line in filled.lines if line.kept]
    what = FormField(
        "lines",
        "What to cancel",
        "lines",
        required=True,
        hint="Take out what stays, and change how many of a line go.",
        value="\n".join(f"{_called(line, lines)} {line.kept}" for line in lines),
    )
    restock = FormField("restock", "Back into stock", "flag", required=False, value="yes")
    is_sold = order.status is OrderStatus.COMPLETED
    fields = (what, restock) if is_sold else (what,)
    fixed = {"order": f"#{order.number}"}
    return Reply(
        form=Form(f"Cancel some of order #{order.number}", "order cancel", fields, fixed, submit="Cancel these")
    )


def choosing_actions(filled: Filled) -> tuple[Action, ...]:
    """Return the ways to cancel some of an order that has several things in it."""
    lines = [line for line in filled.lines if line.kept]
    if filled.order.status not in (OrderStatus.PENDING, OrderStatus.COMPLETED) or sum(one.kept for one in lines) < 2:
        return ()
    command = f"/order cancel #{filled.order.number}"
    some = Action("Cancel some", f"{command} choose:yes")
    if not 1 < len(lines) <= MOST_CHOICES:
        return (some,)
    choices = tuple(
        Choice(f"{line.kept:,} × {line.name}", f"{command} lines:{quoted(f'#{line.product}')}") for line in lines
    )
    return (some, Action("Cancel a line", choices=choices))


def _called(line: OrderLine, lines: Sequence[OrderLine]) -> str:
    """Return what a line goes by when it is typed: its name, unless that may mean something else."""
    is_sure = [one.name.casefold() for one in lines].count(line.name.casefold()) == 1
    return line.name if is_sure and _PLAIN.fullmatch(line.name) else f"#{line.product}"
