"""The commands for what happened to tasks and what is said about them."""

from bot.application.discussing import discuss
from bot.commands.tasks.area import task
from bot.texts.tasks.history import TOLD
from core.tasks.service import TaskService

discuss(task, TaskService, TOLD, "The shop is closed on Mondays")
