"""What people read about the categories of products."""

from collections.abc import Sequence

from bot.grammar.tokens import quoted
from bot.texts.answers import untouched
from bot.texts.common import counted_in_full, undo_action
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Action, Column, Reply, Row, Table
from core.chat.text import Code, Text, lines, text
from core.people.model import Role
from core.stock.categories import CategoryChange, CategoryShown
from core.stock.model import Category

_COLUMNS = (
    Column("category", "Category"),
    Column("address", "In addresses"),
    Column("active", "Active"),
    Column("products", "Products", "number"),
)
_NONE = text("No product has a category. To give it one: ", Code("/stock edit apples category:fruit"))


def category_list(found: Sequence[CategoryShown], view: View) -> Reply:
    """Show the categories that there are."""
    title = "Categories"
    if not found:
        return Reply(title=title, text=_NONE)
    rows = tuple(
        Row((one.name, one.address, "yes" if one.is_active else "no", one.products), _actions(one, view))
        for one in found
    )
    said = f"{counted_in_full(len(found), 'category', 'categories')}."
    return Reply(title=title, text=text(said), tables=(Table(title, _COLUMNS, rows),))


def _actions(one: CategoryShown, view: View) -> tuple[Action, ...]:
    named = quoted(one.name)
    shown = Action("List", f"/stock list category:{named}")
    word = ("Close", "no") if one.is_active else ("Open", "yes")
    change = Action(word[0], f"/stock category {named} active:{word[1]}")
    return (shown, change) if view.actor.role >= Role.MANAGER else (shown,)


def put(change: CategoryChange) -> Reply:
    """Say how a category is now."""
    if not change.undo_id:
        return untouched([text(_said(change.category), " already")])
    rest = "" if change.category.is_active else "Nothing new is put into it; what is in it stays."
    return Reply(text=lines(text(_said(change.category), "."), rest), actions=(undo_action(change.undo_id),))


def restored(category: Category, command: str, view: View) -> Reply:
    """Say how a category is again."""
    said = text("Nothing is said of ", category.name) if category.removed_at else _said(category)
    return Reply(text=lines(undid(command, view), text(said, ".")))


def _said(category: Category) -> Text:
    state = "active" if category.is_active else "not active"
    return text(category.name, " is called ", Code(category.address), f" in addresses, and is {state}")
