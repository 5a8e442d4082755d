"""What `/user` is about."""

from bot.grammar.declaration import Area
from bot.texts.people import answers as texts

user = Area("user", "People, their roles and their accounts", reasons=(texts.REASONS,))
