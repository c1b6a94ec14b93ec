"""Phone numbers as people read them."""

import pytest

from optty_desktop.system.contact_rules import ContactRules
from optty_desktop.ui.phone_groups import grouped_phone


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+12025550154", "+1 202 555 0154"),
        ("+442079460018", "+442079460018"),
        ("+11025550154", "+11025550154"),
        ("+1202555015", "+1202555015"),
        ("", ""),
    ],
)
def test_only_north_american_numbers_are_grouped(number: str, shown: str) -> None:
    assert grouped_phone(number) == shown


def test_the_groups_are_read_back_as_the_same_number() -> None:
    assert ContactRules().phone(grouped_phone("+12025550154")) == "+12025550154"
