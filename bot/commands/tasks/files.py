"""How tasks come from files and go into them."""

from bot.application.transfers import Files
from bot.texts.tasks.transfer import TASK_WORDS
from core.tasks.sheet import TASK_SHEET

TASK_FILES = Files(TASK_SHEET, TASK_WORDS)
