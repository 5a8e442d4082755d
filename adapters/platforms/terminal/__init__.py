"""The command line as a platform: a typed line becomes a request, a reply becomes text or JSON."""

from adapters.platforms.terminal.document import document
from adapters.platforms.terminal.render import render_text
from adapters.platforms.terminal.translate import AttachmentError, UnusableNameError, attach, terminal_request

__all__ = ["AttachmentError", "UnusableNameError", "attach", "document", "render_text", "terminal_request"]
