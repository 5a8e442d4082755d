"""One way to name people, wherever they are named."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.model import Member, Role
from core.shared.naming import NameBook, handle


def members(*names: str) -> list[Member]:
    return [Member(number, name, Role.MEMBER, "", "", active=True) for number, name in enumerate(names, start=1)]


NAMES = NameBook.of(
    [
        *members("Ana Costa", "Ana Silva", "Ben", "Ben", "Ada Lovelace", "Me"),
        Member(7, "Ada", Role.MEMBER, "", "", active=False),
        Member(8, "Old Ben", Role.MEMBER, "", "", active=False),
    ]
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Ana Costa", [1]),
        ("@ana-costa", [1]),
        ("  @ANA  costa ", [1]),
        ("\uff21na Costa", [1]),
        ("ana", [1, 2]),
        ("@ben", [3, 4]),
        ("ben#4", [4]),
        ("ana#4", []),
        ("Ada", [7]),
        ("lovelace", []),
        ("old", []),
        ("nobody", []),
        ("", []),
        ("@", []),
    ],
)
def test_people_answer_to_their_name_however_it_is_written(name: str, found: Sequence[int]) -> None:
    assert list(NAMES.find(name)) == found


def test_a_word_names_one_member_alone() -> None:
    assert [NAMES.word(member) for member in (1, 3, 4, 6)] == ["@ana-costa", "@ben#3", "@ben#4", "@me#6"]
    assert NAMES.word(1, "Ana Costa") == "@Ana Costa"


@given(st.lists(st.text(max_size=12) | st.sampled_from(["Ann", "ann lee", "Ann-Lee", "Ann#2", "me", "@x"]), max_size=8))
def test_the_word_for_a_member_leads_back_to_them(names: list[str]) -> None:
    found = NameBook.of(members(*names))
    for member in found.members:
        assert list(found.find(found.word(member))) == [member]
        assert handle(found.word(member)) == found.word(member)
