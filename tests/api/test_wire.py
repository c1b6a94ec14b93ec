"""The create call: exact bytes out, a checked answer in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.api.strict_json import read_strict_json
from optty_desktop.api.wire import UnusableAnswer, create_body, created_link, money_on_the_wire
from optty_desktop.core.currencies import CURRENCIES
from optty_desktop.core.drafts import LineItem, LinkDraft
from optty_desktop.core.money import Money
from optty_desktop.core.ports import LinkOrder

DRAFT = LinkDraft(
    amount=Money(9990, "USD"),
    email="customer@example.com",
    phone="+15550100123",
    due_at=datetime(2025, 10, 10, 8, 18, 4, 983_000, tzinfo=UTC),
)


def order(**changes: Any) -> LinkOrder:
    return LinkOrder("INV-2025-0001", replace(DRAFT, **changes), "Order #12345", "Payment for order #12345")


def sent(**changes: Any) -> dict[str, Any]:
    value: dict[str, Any] = read_strict_json(create_body(order(**changes)))
    return value


def test_the_simplest_order_in_full() -> None:
    assert create_body(order()) == (
        b'{"email":"customer@example.com","price":99.90,"phoneNumber":"+15550100123",'
        b'"description":"Payment for order #12345","currency":"USD","invoiceNumber":"INV-2025-0001",'
        b'"referenceName":"Order #12345","dueDate":"2025-10-10T08:18:04.983Z","subTotal":99.90,"taxAmount":0.00,'
        b'"enableTipping":false,"items":[{"itemName":"Payment for order #12345","sku":"","quantity":1,"price":99.90,'
        b'"saveForFutureRef":false,"isTaxApplied":false,"appliedTaxes":[]}],"hideTax":false,"emailCustomer":false}'
    )


def test_every_switch_is_sent_as_chosen() -> None:
    body = sent(hide_tax=True, allow_tip=True, email_customer=True, account_code="ACC123")
    assert (body["hideTax"], body["enableTipping"], body["emailCustomer"]) == (True, True, True)
    assert body["accountCode"] == "ACC123"
    assert "accountCode" not in sent()


def test_tax_is_part_of_the_amount() -> None:
    body = sent(amount=Money(9999, "USD"), tax=Money(1000, "USD"))
    assert (body["price"], body["subTotal"], body["taxAmount"]) == (Decimal("99.99"), Decimal("89.99"), 10)
    assert body["items"][0]["price"] == Decimal("89.99")
    assert body["items"][0]["isTaxApplied"] is True
    assert body["items"][0]["appliedTaxes"] == [{"taxName": "Tax", "taxRate": Decimal("11.11"), "taxAmount": 10}]


def test_a_tax_of_nought_and_a_wholly_taxed_amount() -> None:
    assert sent(tax=Money(0, "USD"))["items"][0]["appliedTaxes"] == []
    assert sent(tax=DRAFT.amount)["items"][0]["appliedTaxes"][0]["taxRate"] == 0


def test_lines_keep_their_order_and_prices() -> None:
    lines = (LineItem("Product A", 2, Money(2500, "USD"), "SKU1"), LineItem("Product B", 1, Money(4990, "USD")))
    body = sent(items=lines)
    assert [item["itemName"] for item in body["items"]] == ["Product A", "Product B"]
    assert body["items"][0] == {
        "itemName": "Product A",
        "sku": "SKU1",
        "quantity": 2,
        "price": 25,
        "saveForFutureRef": False,
        "isTaxApplied": False,
        "appliedTaxes": [],
    }
    taxed = sent(items=lines, amount=Money(10990, "USD"), tax=Money(1000, "USD"))
    assert [item["isTaxApplied"] for item in taxed["items"]] == [False, False]
    single = sent(items=lines[:1], amount=Money(5500, "USD"), tax=Money(500, "USD"))
    assert single["items"][0]["appliedTaxes"][0] == {"taxName": "Tax", "taxRate": 10, "taxAmount": 5}


@pytest.mark.parametrize(
    ("money", "text"),
    [(Money(1000, "JPY"), b"1000"), (Money(1250, "KWD"), b"1.250"), (Money(1, "USD"), b"0.01")],
)
def test_decimals_follow_the_currency(money: Money, text: bytes) -> None:
    assert b'"price":' + text + b"," in create_body(order(amount=money))


def test_the_due_date_is_utc_with_milliseconds() -> None:
    local = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert sent(due_at=local)["dueDate"] == "2025-12-31T22:30:00.000Z"


def test_any_text_stays_one_text() -> None:
    body = sent(email='a"b\\c\r\n","price":1,"x":"@example.com')
    assert body["email"] == 'a"b\\c\r\n","price":1,"x":"@example.com'
    assert body["price"] == Decimal("99.90")


@given(st.integers(1, 10**12), st.sampled_from(sorted(CURRENCIES)), st.data())
def test_amounts_are_exact_in_every_currency(minor: int, currency: str, data: st.DataObject) -> None:
    tax = data.draw(st.none() | st.integers(0, minor).map(lambda value: Money(value, currency)))
    one = order(amount=Money(minor, currency), tax=tax)
    body = read_strict_json(create_body(one))
    assert money_on_the_wire(body["price"], currency) == Money(minor, currency)
    parts = money_on_the_wire(body["subTotal"], currency) + money_on_the_wire(body["taxAmount"], currency)
    assert parts.minor == minor
    assert create_body(one) == create_body(replace(one))


@pytest.mark.parametrize("value", [True, None, [], {}])
def test_an_amount_is_a_number_or_its_text(value: object) -> None:
    with pytest.raises(TypeError):
        money_on_the_wire(value, "USD")


# The answer


def answered(document: object, asked: bytes | None = None) -> Any:
    raw = json.dumps(document).encode()
    return created_link(read_strict_json(raw), raw, create_body(order()) if asked is None else asked)


def test_only_the_link_is_needed() -> None:
    link = answered({"link": "https://pay.optty.com/a"})
    assert (link.url, link.order_reference, link.raw_word) == ("https://pay.optty.com/a", None, "")
    assert json.loads(link.raw) == {"link": "https://pay.optty.com/a"}


@pytest.mark.parametrize("wrap", ["data", "result"])
def test_the_link_may_be_one_level_down(wrap: str) -> None:
    link = answered({wrap: {"link": "https://pay.optty.com/a", "orderReferenceId": "HPP-1", "status": "CREATED"}})
    assert (link.url, link.order_reference, link.raw_word) == ("https://pay.optty.com/a", "HPP-1", "CREATED")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"link": None},
        {"link": ""},
        {"link": 7},
        {"data": {"data": {"link": "https://pay.optty.com/a"}}},
        {"data": ["https://pay.optty.com/a"]},
        {"url": "https://pay.optty.com/a"},
    ],
)
def test_without_a_link_there_is_no_link(document: object) -> None:
    with pytest.raises(UnusableAnswer, match="link"):
        answered(document)


@pytest.mark.parametrize("reference", [None, "", 7, {}])
def test_an_order_reference_is_optional(reference: object) -> None:
    assert answered({"link": "x", "orderReferenceId": reference}).order_reference is None


@pytest.mark.parametrize("word", [None, 7, {}, "x" * 65, "a\u202eb"])
def test_an_odd_word_is_none(word: object) -> None:
    assert answered({"link": "x", "status": word}).raw_word == ""


@pytest.mark.parametrize("price", [99.9, "99.90", "99.9000", None, True])
def test_an_echo_may_be_written_otherwise(price: object) -> None:
    echo = {"link": "x", "price": price, "currency": "USD", "invoiceNumber": "INV-2025-0001"}
    assert answered(echo).url == "x"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("invoiceNumber", "INV-2025-0002"),
        ("currency", "EUR"),
        ("price", 99.91),
        ("price", "9990"),
        ("price", 99.901),
        ("price", "99,90"),
        ("price", -99.9),
    ],
)
def test_an_echo_of_something_else_is_found_out(field: str, value: object) -> None:
    with pytest.raises(UnusableAnswer, match=field):
        answered({"link": "https://pay.optty.com/a", field: value})


def test_bytes_that_are_no_order_cannot_be_compared() -> None:
    with pytest.raises(UnusableAnswer, match="request"):
        answered({"link": "x"}, b"{")
