"""Kinds of records: a dataclass says which fields there are, its kind what is to be known of them besides."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from core.history.model import FieldChange
from core.shared.ids import Refers
from core.undo.codecs import codec_of

T = TypeVar("T")

Snapshot = dict[str, object]
"""Fields of a record in types that JSON has."""


class RecordKind(Generic[T]):
    """How records of a dataclass are written down and told apart.

    Of its fields, `number` is what a record is found by and `title` what it is called in words, if it has such a name;
    `key` is what people call it by in place of its number, such as a SKU.
    `unwritten` are fields that commands of the area do not change. Those `aside` are no content: history does not tell
    of them and undo does not mind them. `drifting` ones change without anybody's doing, so that they are no reason to
    refuse an undo. Where fields are changed `apart`, an undo minds only those that it puts back, else all. Fields of
    people are those annotated as members' ids.
    """

    def __init__(
        self,
        name: str,
        record: type[T],
        *,
        number: str = "number",
        title: str = "title",
        key: str = "",
        unwritten: Collection[str] = (),
        aside: Collection[str] = (),
        drifting: Collection[str] = (),
        apart: bool = False,
    ) -> None:
        """Declare a kind by a name that is stored; raises `UnknownTypeError` for a field that can't be written down."""
        hints = get_type_hints(record, include_extras=True)
        self.names = tuple(field.name for field in fields(record))  # type: ignore[arg-type]
        names = [name for name in self.names if name not in unwritten]
        self.name = name
        self.title = title
        self.key = key
        self.apart = apart
        self.drifting = frozenset(drifting)
        self.types: Mapping[str, Any] = {each: hints[each] for each in names}
        self.people = frozenset(each for each in names if Refers.MEMBER in references(hints[each]))
        self.told = tuple(each for each in names if each not in aside)
        self._record = record
        self._number = number
        self._codecs = {each: codec_of(hints[each]) for each in names}

    @property
    def change(self) -> str:
        """Return the kind of the undo entries that take changes of such records back."""
        return f"{self.name}.change"

    def number_of(self, record: T) -> int:
        """Return what a record is found by."""
        return int(getattr(record, self._number))

    def called(self, record: T) -> str:
        """Return what people call a record by: `#12`, or its key."""
        return str(getattr(record, self.key)) if self.key else f"#{self.number_of(record)}"

    def fields(self, record: T) -> dict[str, Any]:
        """Return all fields of a record as they are."""
        return {name: getattr(record, name) for name in self.names}

    def made(self, fields: Mapping[str, Any]) -> T:
        """Return the record of those fields; others have their defaults."""
        return self._record(**fields)

    def snapshot(self, record: T) -> Snapshot:
        """Return what is written of a record in types that JSON has."""
        return {name: codec.plain(getattr(record, name)) for name, codec in self._codecs.items()}

    def values(self, snapshot: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that a snapshot holds; raises `KeyError` for one that is no more."""
        return {name: self._codecs[name].value(data) for name, data in snapshot.items()}

    def record(self, snapshot: Mapping[str, Any]) -> T:
        """Return the record that a whole snapshot was made of; fields that came later have their defaults."""
        return self.made(self.values(snapshot))

    def among(self, fields: Mapping[str, Any], people: Collection[int]) -> dict[str, Any]:
        """Return fields with those people only of several: others were forgotten, and are not to be brought back."""
        several = {name for name in self.people & fields.keys() if isinstance(fields[name], tuple | list)}
        left = {name: type(fields[name])(one for one in fields[name] if one in people) for name in several}
        return {**fields, **left}

    def value(self, field: str, data: object) -> object:
        """Return a field's value by its data, of people one; a field that is no more is as it was written down."""
        if data is None or field not in self._codecs or field in self.people:
            return data
        return self._codecs[field].value(data)

    def unlike(self, values: Mapping[str, Any], record: T) -> tuple[str, ...]:
        """Return the names of those fields in which a record is not like some values, as far as an undo minds."""
        minded = (name for name in self.told if name in values and name not in self.drifting)
        return tuple(name for name in minded if self._differ(name, getattr(record, name), values[name]))

    def changes(self, before: T, after: T) -> Iterator[FieldChange]:
        """Yield what differs between two states, of people each who came or went."""
        for name in self.told:
            old, new = getattr(before, name), getattr(after, name)
            if old == new:
                continue
            if name in self.people:
                yield from _people(name, old, new)
            else:
                plain = self._codecs[name].plain
                yield FieldChange(name, plain(old), plain(new))

    def _differ(self, name: str, one: object, other: object) -> bool:
        """Whether two values of a field are unlike; people are the same in any order."""
        return set(_several(one)) != set(_several(other)) if name in self.people else one != other


def references(hint: object) -> Iterator[Refers]:
    """Yield what the numbers in a type stand for."""
    if get_origin(hint) is Annotated:
        yield from (extra for extra in get_args(hint)[1:] if isinstance(extra, Refers))
    for inner in get_args(hint):
        yield from references(inner)


def _people(name: str, before: object, after: object) -> Iterator[FieldChange]:
    had, has = _several(before), _several(after)
    yield from (FieldChange(name, member, None, person=member) for member in had if member not in has)
    yield from (FieldChange(name, None, member, person=member) for member in has if member not in had)


def _several(people: object) -> tuple[int, ...]:
    if people is None:
        return ()
    return people if isinstance(people, tuple) else (people,)
