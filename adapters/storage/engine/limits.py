"""How long anything waits for the database, and how many connections there are."""

from core.shared.value_objects import value_object


@value_object
class Limits:
    """Seconds to wait: to be let in to write, for a connection to read, for a lock held by another process.

    The rest is for servers only: `connect` seconds to open a connection, `statement` seconds for one statement,
    `silence` more for a server that does not even say that it took too long,
    `idle` seconds after which a server ends a transaction that does nothing, `connections` in the pool, each of them
    replaced after `recycle` seconds. A transaction of ours does nothing while its process is stopped; until it is ended
    nobody else writes to its workspace, so that this is less than others wait for a lock.
    """

    writer: float = 30.0
    reader: float = 30.0
    lock: float = 30.0
    connect: float = 10.0
    statement: float = 60.0
    silence: float = 5.0
    idle: float = 10.0
    connections: int = 10
    recycle: float = 1800.0
