"""What the records of an area are called."""

from core.shared.value_objects import value_object


@value_object
class Names:
    """The word of an area's commands (`/stock`), and those for one and for several of its records: product, products.

    Its events begin with the first, and so do the commands that are kept with what they did.
    """

    area: str
    one: str
    many: str
