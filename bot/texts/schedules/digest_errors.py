"""What people read when a digest, or the hours in which they are told nothing, can't be had as they say."""

from bot.texts.errors import Reasons, shown

REASONS = Reasons(
    arguments={
        "digest_more_than_daily": lambda w: (
            f"“{shown(w['value'])}” is more than once a day.",
            "A digest comes once a day at most: try `9:00`, `weekdays 8:30` or `mon,thu 17:00`.",
        ),
        "digest_zone_is_yours": lambda _w: (
            "Your own digest goes by your own time zone.",
            "`/user zone Europe/Berlin` sets that; `zone:` is for the digest of a channel.",
        ),
    },
    refusals={
        "not_quiet_hours": lambda w: (
            f"“{shown(w['value'])}” says no quiet hours.",
            "Try `20:00-8:00`, `weekends`, `20:00-8:00 weekends` or `none`.",
        ),
    },
)
