"""Where it is told in one workspace that products are low."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from adapters.storage.repositories.kinds import Kind
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.repositories.stock.tables import alert_places
from adapters.storage.schema.text_forms import storable
from core.stock.model import AlertPlace
from core.workspaces.model import Audience


def _row(place: AlertPlace) -> dict[str, Any]:
    return {
        "number": place.number,
        "author_id": place.author_id,
        "created_at": place.created_at,
        "version": place.version,
        "removed_at": place.removed_at,
        "category": storable(place.category),
        "told_in": place.told_in,
    }


def _place(row: Row[Any]) -> AlertPlace:
    return AlertPlace(row.number, row.author_id, row.created_at, row.category, row.told_in, row.version, row.removed_at)


class AlertPlaces(NumberedItems[AlertPlace]):
    """The repository of places."""

    kind: Kind[AlertPlace] = Kind(table=alert_places, row_of=_row, item_of=_place, words=alert_places.c.category)

    async def all(self, audience: Audience) -> Sequence[AlertPlace]:
        """Return all places by their categories, that of all others first."""
        return sorted(await self._all({}, audience), key=lambda place: place.form)
