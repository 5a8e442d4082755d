"""What happens around every command, one concern a module; the order is in `bot.application.application`."""
