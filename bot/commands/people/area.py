"""What `/user` is about."""

import re

from bot.application.services import Services
from bot.grammar.declaration import Area
from bot.grammar.subjects import Aside
from bot.texts.people import answers as texts
from core.people.service import PeopleService

_NUMBER = re.compile(r"member ([0-9]{1,10})")


def _members_in(target: str, _workspace: int) -> list[int]:
    return [int(number) for number in _NUMBER.findall(target)]


user = Area(
    "user",
    "People, their roles and their accounts",
    asides=(Aside(texts.TOLD, _members_in),),
    reasons=(texts.REASONS,),
)


@user.service
def people(services: Services) -> PeopleService:
    """Return the people of a request's workspace."""
    supplies = services.supplies
    return PeopleService(services.transactions, supplies.storage.system, supplies.secrets, supplies.clock)
