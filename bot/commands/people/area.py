"""What `/user` is about."""

from bot.application.services import Services
from bot.grammar.declaration import Area
from bot.texts.people import answers as texts
from core.people.service import PeopleService

user = Area("user", "People, their roles and their accounts", reasons=(texts.REASONS,))


@user.service
def people(services: Services) -> PeopleService:
    """Return the people of a request's workspace."""
    supplies = services.supplies
    return PeopleService(services.transactions, supplies.storage.system, supplies.secrets, supplies.clock)
