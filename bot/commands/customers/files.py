"""How customers come from files and go into them."""

from bot.application.transfers import Files
from bot.texts.customers.transfer import CUSTOMER_WORDS
from core.customers.sheet import CUSTOMER_SHEET

CUSTOMER_FILES = Files(CUSTOMER_SHEET, CUSTOMER_WORDS)
"""The files of customers."""
