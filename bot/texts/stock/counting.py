"""What people read of stock-takes."""

from collections.abc import Sequence

from bot.texts.common import counted_in_full, listed, undo_action
from bot.texts.records import Listing, paging
from bot.texts.stock.words import KEEPERS, goods_fields, name_of
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Action, Column, Field, Reply, Row, Style, Table, Visibility
from core.chat.text import Code, Text, lines, text
from core.stock.counting import CountChange, CountView, Posted, Scanned
from core.stock.model import CountProgress, Product, StockCount, Tally

_NONE = text("No stock-take goes on. A manager begins one: ", Code("/stock count start"))
_SCAN = Action("Scan", "/stock scan", style=Style.PRIMARY)
_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Name"),
    Column("at_start", "At the start", "number"),
    Column("moved", "Moved since", "number"),
    Column("counted", "Counted", "number"),
    Column("difference", "Difference", "number"),
)
_COUNTS = (
    Column("of", "Stock-take"),
    Column("products", "Counted", "number"),
    Column("differing", "Differ", "number"),
    Column("missing", "Not counted", "number"),
)


def command_of(step: str, count: StockCount) -> str:
    """Return the command that does something with just this stock-take."""
    parts = ["/stock count", *([step] if step else [])]
    parts += [f'category:"{count.category}"'] if count.category else []
    parts += [f'location:"{count.location}"'] if count.location else []
    return " ".join(parts)


def called(count: StockCount) -> str:
    """Return what a stock-take is of: `fruit at cellar`, `everything`."""
    return f"{count.category or 'everything'}{f' at {count.location}' if count.location else ''}"


def started(change: CountChange, view: View) -> Reply:
    """Say that a stock-take began, and how people count."""
    said = text(f"{view.actor.name} began a stock-take of {called(change.count)}.")
    how = text("Count with ", Code("/stock scan"), ", several people at a time: each scan is one more.")
    see = Action("How far it is", command_of("", change.count))
    return _told(lines(said, how), _SCAN, see, undo_action(change.undo_id))


def cancelled(change: CountChange, view: View) -> Reply:
    """Say that nothing comes of a stock-take."""
    said = f"{view.actor.name} cancelled the stock-take of {called(change.count)}. Nothing was changed by it."
    return _told(text(said), undo_action(change.undo_id))


def restored(count: StockCount, command: str, view: View) -> Reply:
    """Say what became of a stock-take by an undo."""
    now = "is taken away again" if count.removed_at else "goes on"
    return _told(lines(undid(command, view), f"The stock-take of {called(count)} {now}."))


def scanned(done: Scanned, view: View) -> Reply:
    """Say how many of a product are counted by now."""
    by = f"{done.by:+,}" if done.by else "as before"
    said = text(name_of(done.product), f": {done.tally.counted:,} counted ({by}).")
    shown = Field("counted", "Counted", done.tally.counted, "number")
    see = (Action("How far it is", command_of("", done.count)),) if view.actor.role >= KEEPERS else ()
    fields = (*goods_fields(done.product), shown)
    return Reply(text=said, fields=fields, actions=(_SCAN, *see, undo_action(done.undo_id)))


def scan_undone(done: Scanned, command: str, view: View) -> Reply:
    """Say how many of a product are counted after an undo."""
    said = text(name_of(done.product), f": {done.tally.counted:,} counted.")
    return Reply(text=lines(undid(command, view), said))


def counts(found: Sequence[tuple[StockCount, CountProgress]], view: View) -> Reply:
    """Show the stock-takes that go on, each with the way to what differs in it."""
    start = (Action("Start", "/stock count start"),) if view.actor.role >= KEEPERS and not found else ()
    if not found:
        return Reply(title="Stock-takes", text=_NONE, actions=start)
    rows = []
    for count, progress in found:
        cells = (called(count), progress.products, progress.differing, progress.missing)
        rows.append(Row(cells, (Action("Show", command_of("", count)),)))
    return Reply(title="Stock-takes", tables=(Table("Stock-takes", _COUNTS, tuple(rows)),), actions=(_SCAN,))


def shown(found: CountView, listing: Listing, view: View) -> Reply:
    """Show how far a stock-take is, and a page of what differs."""
    count, progress, title = found.count, found.progress, f"Stock-take of {called(found.count)}"
    said = (
        f"{counted_in_full(progress.products, 'product')} counted, {progress.differing:,} of them other than expected."
    )
    rows = [_row(tally, found.products[tally.product]) for tally in found.page.items if tally.product in found.products]
    post, cancel = (command_of(step, count) for step in ("post", "cancel"))
    ends = (
        Action("Post", post, once=True, confirm="Post what differs, and end the stock-take?"),
        Action("Cancel", cancel, style=Style.DANGER, once=True, confirm="End the stock-take, and post nothing?"),
    )
    fields = (
        Field("products", "Counted", progress.products, "number"),
        Field("pieces", "Pieces", progress.pieces, "number"),
        Field("differing", "Differ", progress.differing, "number"),
        Field("missing", "Not counted", progress.missing, "number"),
    )
    return Reply(
        title=title,
        text=lines(said, _left_out(progress)),
        fields=fields,
        tables=(Table(title, _COLUMNS, tuple(rows)),) if rows else (),
        actions=(_SCAN, *paging(found.page, listing), *(ends if view.actor.role >= KEEPERS else ())),
    )


def _row(tally: Tally, product: Product) -> Row:
    cells = (product.sku, product.name, tally.at_start, tally.moved or None, tally.counted, tally.difference)
    return Row(cells, (), "warning" if tally.difference < 0 else "")


def _left_out(progress: CountProgress) -> str:
    if not progress.missing:
        return ""
    are = "is" if progress.missing == 1 else "are"
    return f"{counted_in_full(progress.missing, 'product')} that {are} to be there {are} not counted."


def posted(done: Posted, view: View) -> Reply:
    """Say what was put right, and what was not counted and stays."""
    count, changes = done.count, done.done.changes
    more, fewer = (sum(max(sign * change.on_hand, 0) for change in changes) for sign in (1, -1))
    ways = [f"{amount:,} {word}" for amount, word in ((more, "more"), (fewer, "fewer")) if amount]
    what = f"{listed(ways)} than expected, of {counted_in_full(len(changes), 'product')}" if changes else "all is there"
    said = f"{view.actor.name} posted the stock-take of {called(count)}: {what}."
    were_posted = len(changes) > done.progress.differing
    return _told(lines(said, "" if were_posted else _stays(done.progress)), undo_action(done.undo_id))


def _stays(progress: CountProgress) -> str:
    if not progress.missing:
        return ""
    stays = "stays as it was" if progress.missing == 1 else "stay as they were"
    return f"{counted_in_full(progress.missing, 'product')} not counted {stays}."


def posting_undone(done: Posted, command: str, view: View) -> Reply:
    """Say that differences were taken back, and that people may count on."""
    back = f"{counted_in_full(len(done.done.changes), 'product')} as before." if done.done.changes else ""
    return _told(lines(undid(command, view), back, f"The stock-take of {called(done.count)} goes on."))


def _told(said: Text, *actions: Action) -> Reply:
    return Reply(text=said, visibility=Visibility.CHANNEL, actions=actions)
