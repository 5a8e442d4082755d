"""What `/customer` is about."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from bot.application.services import Services
from bot.grammar.arguments import reference
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.customers.errors import REASONS
from bot.texts.customers.words import TOLD
from core.chat.spec import Offer, SubjectInfo
from core.customers.forgetting import CustomerForgetting
from core.customers.model import Customer
from core.customers.repository import CUSTOMERS
from core.customers.service import CustomerService
from core.ports.storage import UnitOfWork
from core.shared.naming import NameBook
from core.workspaces.model import Audience

CustomerNumber = Annotated[int, reference("customer")]


async def _called(work: UnitOfWork, word: str, audience: Audience) -> Sequence[Customer]:
    return await work.of(CUSTOMERS).called(word, audience)


def _as_typed(customer: Customer, _names: NameBook) -> Mapping[str, str]:
    return {
        "username": customer.username,
        "email": customer.email,
        "age": str(customer.age),
        "address": customer.address,
    }


customer = Area(
    "customer",
    "Who buys here: customers, and what they bought",
    subject=Subject(
        SubjectInfo("customer", "customers", "`/customer list` shows who there is.", example="ann_b"),
        CUSTOMERS,
        TOLD,
        _as_typed,
        find=_called,
    ),
    reasons=(REASONS,),
    example="bot.commands.customers.example:CUSTOMER_EXAMPLE",
    offers=(Offer("register", "Register a customer", "ann_b ann@example.org 30", "plus"),),
)


@customer.service
def customers(services: Services) -> CustomerService:
    """Return the customers of a request."""
    return CustomerService(services.transactions, services.supplies.clock)


@customer.service
def forgetting(services: Services) -> CustomerForgetting:
    """Return what forgets customers in a request."""
    supplies = services.supplies
    return CustomerForgetting(services.transactions, supplies.storage.system, supplies.clock)
