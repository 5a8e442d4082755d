"""Durable jobs, by DBOS: what it knows, the runs in this process, the life signs of several."""

from adapters.jobs.engine import DurableEngine
from adapters.jobs.place import JobsPlace, place_of

__all__ = ["DurableEngine", "JobsPlace", "place_of"]
