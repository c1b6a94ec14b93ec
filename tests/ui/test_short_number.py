"""What a link is called on the screen."""

import pytest

from optty_desktop.ui.short_number import shown_description, shown_reference
from tests.fakes import link

NUMBER = "T2-01KGC3Q8ZV-7R2M0W5TYHP2ME4K"
OTHER = "TILL1-01KGC3Q8ZV-7R2M0W5TYHJX9D4B"


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("Order 1054", "Order 1054"),
        ("Table 4-12", "Table 4-12"),
        ("", "T2 · P2ME4K"),
        ("  ", "T2 · P2ME4K"),
        (NUMBER, "T2 · P2ME4K"),
        (OTHER, "TILL1 · JX9D4B"),
    ],
)
def test_a_reference_stays_and_our_number_gets_short(reference: str, shown: str) -> None:
    assert shown_reference(link(NUMBER, reference=reference)) == shown


def test_a_number_without_groups_is_shown_whole() -> None:
    assert shown_reference(link("PRACTICE", reference="")) == "PRACTICE"


def test_a_description_that_the_app_made_of_its_own_number_is_not_shown() -> None:
    assert shown_description(link(NUMBER, description="Garden table")) == "Garden table"
    assert shown_description(link(NUMBER, description="Payment for Order 1054")) == "Payment for Order 1054"
    assert shown_description(link(NUMBER, description=f"Payment for {NUMBER}")) == ""
