"""News that processes look for, found sooner than once a second by tests that wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest import mock

from adapters.storage.engine import polled_news, pooled_database
from adapters.storage.engine.polled_news import PolledNews


@contextmanager
def looked_for_often() -> Iterator[None]:
    """Have storages that are opened in the block look for news many times a second."""
    often = partial(PolledNews, seconds=0.05)
    with (
        mock.patch.object(polled_news, "PolledNews", often),
        mock.patch.object(pooled_database, "PolledNews", often),
    ):
        yield
