"""The commands that change what is known of customers."""

from typing import Annotated

from bot.application.context import Context
from bot.commands.customers.area import CustomerNumber, customer
from bot.grammar.arguments import Clearable, LongText
from bot.texts.customers import answers as texts
from core.chat.reply import Reply
from core.chat.spec import Undo
from core.customers.forgetting import CustomerForgetting
from core.customers.kind import CUSTOMER_CHANGE
from core.customers.model import NewCustomer, code_of
from core.customers.service import CustomerChange, CustomerService
from core.people.model import Role
from core.ports.storage import UndoEntry


@customer.command(role=Role.CLERK, undo=Undo.INVERSE)
async def register(ctx: Context, username: str, email: str, age: int, address: LongText = "") -> Reply:
    """Register a customer.

    Everything that is wrong is named at once. Only you see the answer.

    Args:
        username: what they go by, one word of 3 to 20 characters, such as `ann_b`
        email: their e-mail address, such as `ann@example.org`
        age: how old they are, 18 or more, such as `30`
        address: where they live, up to 500 characters

    Examples:
        /customer register carla carla@example.org 30
        /customer register ben ben@example.org 41 address:"3 Mill Lane, Ely"
    """
    service, audience = ctx.services.get(CustomerService), await ctx.audience(everywhere=False)
    return texts.registered(
        _noted(ctx, await service.register(ctx.actor, audience, NewCustomer(username, email, age, address))), ctx.view
    )


@customer.command(role=Role.CLERK, undo=Undo.INVERSE, asks=True)
async def update(
    ctx: Context,
    customer: CustomerNumber,
    username: str = "",
    email: str = "",
    age: int | None = None,
    address: Annotated[LongText | None, Clearable()] = None,
) -> Reply:
    """Change what is known of a customer.

    What is not given stays as it is.

    Args:
        customer: their username, e-mail address or number, such as `ann_b`
        username: what they go by now, such as `ann_c`
        email: their e-mail address now, such as `ann@example.org`
        age: how old they are now, such as `31`
        address: where they live now; `none` for none

    Examples:
        /customer update ann_b age:31
    """
    given = {"username": username or None, "email": email or None, "age": age, "address": address}
    values = {name: value for name, value in given.items() if value is not None}
    service, audience = ctx.services.get(CustomerService), await ctx.audience(everywhere=False)
    return texts.updated(_noted(ctx, await service.update(ctx.actor, audience, customer, values)), ctx.view)


@customer.command(role=Role.MANAGER, undo=Undo.INVERSE)
async def remove(ctx: Context, customer: CustomerNumber) -> Reply:
    """Take a customer out of the list.

    What was sold to them stays, and Undo brings them back.

    Args:
        customer: their username, e-mail address or number, such as `ann_b`

    Examples:
        /customer remove ann_b
    """
    service, audience = ctx.services.get(CustomerService), await ctx.audience(everywhere=False)
    return texts.removed(_noted(ctx, await service.remove(ctx.actor, audience, customer)), ctx.view)


async def _check(ctx: Context, customer: int) -> None:
    await ctx.services.get(CustomerForgetting).check(customer, await ctx.audience(everywhere=False))


@customer.command(
    role=Role.MANAGER,
    undo=Undo.NONE,
    check=_check,
    consequence="Their username, e-mail address, age and address are erased, with all that was changed about them, and "
    "nobody can bring them back. What they bought stays in sums, by their number. Files that were imported or exported "
    "are not searched.",
)
async def forget(ctx: Context, customer: CustomerNumber) -> Reply:
    """Erase all that is known of a customer. You are asked before.

    A removed customer can be forgotten too, by their number.

    Args:
        customer: their username, e-mail address or number, such as `ann_b`

    Examples:
        /customer forget ann_b
    """
    await ctx.services.get(CustomerForgetting).forget(ctx.actor, customer, await ctx.audience(everywhere=False))
    ctx.touched.append(code_of(customer))
    return texts.forgotten()


@customer.inverse(CUSTOMER_CHANGE)
async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Put what is known of a customer back as it was."""
    change = await ctx.services.get(CustomerService).undo(ctx.actor, entry, await ctx.audience(everywhere=False))
    ctx.touched.append(change.customer.code)
    return texts.undone(change, entry.command, ctx.view)


def _noted(ctx: Context, change: CustomerChange) -> CustomerChange:
    """Note for the audit trail what was touched."""
    ctx.touched.extend([change.customer.code] if change.undo_id else [])
    return change
