"""Kinds of job that commands are in the background; whoever declares a command names one."""

COMMAND, REPORT, IMPORT, EXPORT = "command", "report", "import", "export"
"""Kinds of job that run a typed command, its `line`, each with limits of its own."""

LINE, DELIVERY = "line", "delivery"
"""What such a kind takes, and no other: the line, and the delivery by which it is known if it was asked before."""
