"""When a chain is unbroken."""

import pytest

from asbuilt.model.chain import REQUIRED, Chain, Grade, Link, LinkName


def chain(**grades: Grade) -> Chain:
    return Chain("c", tuple(Link(name, grades.get(name.value, Grade.STATED), "") for name in LinkName))


def test_all_links_stated_is_unbroken() -> None:
    assert chain().unbroken


@pytest.mark.parametrize("name", LinkName)
@pytest.mark.parametrize("grade", Grade)
def test_a_required_link_must_hold_and_no_link_may_be_contradicted(name: LinkName, grade: Grade) -> None:
    held = grade in {Grade.PROVED, Grade.STATED}
    expected = grade is not Grade.CONTRADICTED and (held or name not in REQUIRED)
    assert chain(**{name.value: grade}).unbroken is expected


def test_a_link_is_found_by_name() -> None:
    assert chain().link(LinkName.REVIEW).name is LinkName.REVIEW
