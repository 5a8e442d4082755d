"""The HTTP server: where it listens, what tells of its health, and the pages and gateways mounted on it."""

from adapters.http.health import Health
from adapters.http.server import Address, AddressError, HttpServer, Mount

__all__ = ["Address", "AddressError", "Health", "HttpServer", "Mount"]
