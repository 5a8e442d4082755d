"""`quartermaster serve` and `worker` whose lease is over after so many seconds, where another copy waits for that."""

from adapters.storage import Limits
from bot.cli.running import end, run, say
from bot.cli.serve import serve
from bot.cli.worker import work
from bot.wiring.bootstrap import Tuning


def main(seconds: float) -> None:
    """Serve until told to stop."""
    tuning = Tuning(lease_seconds=seconds, storage=Limits(idle=seconds))
    run(lambda settings: serve(settings, say, tuning))
    end()


def worker(seconds: float) -> None:
    """Work until told to stop."""
    tuning = Tuning(lease_seconds=seconds, storage=Limits(idle=seconds))
    run(lambda settings: work(settings, say, tuning))
    end()
