"""A route made into a request: what is shown is what is sent."""

from __future__ import annotations

import pytest

from optty_desktop.core.environments import RouteTemplate
from optty_desktop.core.errors import NotSent
from optty_desktop.core.routes import request_for


def test_the_number_stands_in_the_path_and_in_the_body() -> None:
    route = RouteTemplate("PUT", "/links/{invoiceNumber}/end?n={invoiceNumber}", '{"number":"{invoiceNumber}"}')
    request = request_for(route, "T2-1")
    assert request.line("https://api.shop.example") == "PUT https://api.shop.example/links/T2-1/end?n=T2-1"
    assert request.body == '{"number":"T2-1"}'


def test_a_number_cannot_leave_its_place() -> None:
    request = request_for(RouteTemplate("POST", "/links/{invoiceNumber}", '{"n":"{invoiceNumber}"}'), 'a/../"b?')
    assert request.path == "/links/a%2F..%2F%22b%3F"
    assert request.body == r'{"n":"a/../\"b?"}'


@pytest.mark.parametrize("number", ["", "..", "a\nb", "x" * 201])
def test_a_number_no_honest_link_has_is_not_sent(number: str) -> None:
    with pytest.raises(NotSent):
        request_for(RouteTemplate("POST", "/links/{invoiceNumber}"), number)
