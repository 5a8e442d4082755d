"""Looks at what the product stands on, changes nothing, and says what to do about what is wrong."""

from adapters.diagnosis.address import examine_address
from adapters.diagnosis.database import examine_database
from adapters.diagnosis.discord import examine_discord
from adapters.diagnosis.folder import examine_folder, examine_keys
from adapters.diagnosis.jobs import examine_jobs
from adapters.diagnosis.slack import SlackAccess, examine_slack
from adapters.diagnosis.stripe import examine_stripe

__all__ = [
    "SlackAccess",
    "examine_address",
    "examine_database",
    "examine_discord",
    "examine_folder",
    "examine_jobs",
    "examine_keys",
    "examine_slack",
    "examine_stripe",
]
