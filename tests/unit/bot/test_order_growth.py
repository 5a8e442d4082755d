"""What a checkout and a payment cost: no more than their lines, and goods are looked up once."""

from pathlib import Path

from tests.benchmarks.statements import Recorder
from tests.unit.bot.stage import done, staged

FEW, MANY = 8, 32


async def test_a_checkout_and_a_payment_cost_no_more_than_their_lines(tmp_path: Path) -> None:
    recorder, counts = Recorder(), dict[tuple[str, int], int]()
    with recorder.watching():
        async with staged(tmp_path) as stage:
            await done(stage, *(f"/stock add N{number} 9 1" for number in range(MANY)))
            for order, lines in enumerate((FEW, MANY), 1):
                await done(stage, *(f"/order add N{number}" for number in range(lines)))
                for line in ("/order checkout", f"/order pay {order}"):
                    with recorder.recording() as found:
                        await done(stage, line)
                    counts[line.split()[1], lines] = len(found)
                    reads = [one.sql for one in found if one.sql.startswith("SELECT") and "FROM products" in one.sql]
                    assert len(reads) <= 1
    for verb in ("checkout", "pay"):
        assert counts[verb, MANY] <= counts[verb, FEW] * MANY / FEW
