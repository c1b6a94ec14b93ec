"""POST /custom/hpp: what is accepted, what is refused and in which words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from optty_desktop.core.money import Money
from optty_desktop.training.server import TrainingServer
from tests.training.shop import NOW, Shop, create_body

ITEM = {
    "itemName": "Cake",
    "sku": "C-1",
    "quantity": 2,
    "price": 30.25,
    "saveForFutureRef": False,
    "isTaxApplied": True,
    "appliedTaxes": [{"taxName": "VAT", "taxRate": 5.785, "taxAmount": 3.5}],
}


def test_a_sound_body_makes_a_link(shop: Shop, server: TrainingServer) -> None:
    answer = shop.create(items=[ITEM], accountCode="ACC1")
    assert answer.status_code == 200
    body = answer.json()
    sent = create_body(items=[ITEM], accountCode="ACC1")
    assert {name: body[name] for name in sent} == sent
    link = server.ledger.link("T1-0001")
    assert {name: value for name, value in body.items() if name not in sent} == {
        "status": "CREATED",
        "link": f"{server.url}/pay/{link.code}",
        "QRCodeImgUrl": None,
        "orderReferenceId": link.order_reference,
        "providerLogo": None,
        "tipAmount": None,
        "transactionDetails": None,
        "attemptedPaymentTransactionsWithLink": {},
    }
    assert link.price == Money(6400, "USD")
    assert link.created_at == NOW
    assert link.emailed_to is None


def test_the_order_reference_may_be_left_empty(shop: Shop, server: TrainingServer) -> None:
    server.switches.names_order_at_creation = False
    assert shop.create().json()["orderReferenceId"] == ""


def test_a_mail_is_recorded_and_goes_out_by_default(shop: Shop, server: TrainingServer) -> None:
    shop.create("T1-1", emailCustomer=True)
    shop.create("T1-2", emailCustomer=None)
    assert [link.emailed_to for link in server.ledger.links()] == ["customer@example.com"] * 2


def test_decimals_are_exact_in_the_ledger_and_in_the_echo(shop: Shop, server: TrainingServer) -> None:
    text = '"price": 90071992547.41, "subTotal": 90071992547.41, "taxAmount": 0'
    body = create_body(price=None, subTotal=None, taxAmount=None)
    answer = shop.send_create_text(f"{{{text}, {_members(body)}}}")
    assert answer.status_code == 200
    assert '"price":90071992547.41,' in answer.text
    assert server.ledger.link("T1-0001").price.minor == 9007199254741


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"colour": "red"}, "property colour should not exist"),
        ({"email": "nobody"}, "email must be an email"),
        ({"email": 5}, "email must be an email"),
        ({"phoneNumber": "2025550100"}, "phoneNumber must be a valid phone number"),
        ({"price": "64"}, "price must be a number conforming to the specified constraints"),
        ({"price": True}, "price must be a number conforming to the specified constraints"),
        ({"price": 0, "subTotal": 0, "taxAmount": 0}, "price must be a positive number"),
        ({"subTotal": -1}, "subTotal must not be less than 0"),
        ({"description": " "}, "description should not be empty"),
        ({"referenceName": 7}, "referenceName must be a string"),
        ({"accountCode": 7}, "accountCode must be a string"),
        ({"currency": "XXX"}, "currency must be a valid ISO4217 currency code"),
        ({"currency": 840}, "currency must be a valid ISO4217 currency code"),
        ({"enableTipping": "false"}, "enableTipping must be a boolean value"),
        ({"hideTax": 0}, "hideTax must be a boolean value"),
        ({"dueDate": "2026-03-31"}, "dueDate must be a valid ISO 8601 date string"),
        ({"dueDate": "2026-02-30T10:00:00Z"}, "dueDate must be a valid ISO 8601 date string"),
        ({"dueDate": "2026-03-24T14:30:59Z"}, "dueDate must not be in the past"),
        ({"invoiceNumber": "T" * 41}, "invoiceNumber must be shorter than or equal to 40 characters"),
        ({"invoiceNumber": "T1/1"}, "invoiceNumber must match /^[A-Za-z0-9-]+$/ regular expression"),
        ({"items": {}}, "items must be an array"),
        ({"items": ["Cake"]}, "items.0 must be an object"),
        ({"items": [ITEM | {"quantity": 1.5}]}, "items.0.quantity must be an integer number"),
        ({"items": [ITEM | {"quantity": 0}]}, "items.0.quantity must be a positive number"),
        ({"items": [ITEM | {"size": 1}]}, "property items.0.size should not exist"),
        (
            {"items": [ITEM | {"appliedTaxes": [{"taxName": "VAT", "taxRate": 5}]}]},
            "items.0.appliedTaxes.0.taxAmount must be a number conforming to the specified constraints",
        ),
        ({"items": [ITEM | {"price": 30}]}, "subTotal must be the sum of quantity times price of all items"),
        ({"taxAmount": 3}, "price must be the sum of subTotal and taxAmount"),
        ({"subTotal": 60.495, "taxAmount": 3.505}, "subTotal must have at most 2 decimals for USD"),
        ({"currency": "JPY"}, "subTotal must have at most 0 decimals for JPY"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(
    shop: Shop, server: TrainingServer, changes: dict[str, Any], problem: str
) -> None:
    answer = shop.create(**changes)
    assert answer.status_code == 400
    body = answer.json()
    assert (body["statusCode"], body["error"]) == (400, "Bad Request")
    assert problem in body["message"]
    assert server.ledger.links() == []


REQUIRED = [name for name in create_body() if name not in {"hideTax", "emailCustomer"}]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_field_is_refused_by_its_name(shop: Shop, name: str) -> None:
    body = create_body()
    del body[name]
    answer = shop.send_create(json=body)
    assert answer.status_code == 400
    assert all(message.startswith(name) for message in answer.json()["message"])


def test_fields_that_may_be_left_out(shop: Shop) -> None:
    assert shop.create(hideTax=None, emailCustomer=None).status_code == 200


@pytest.mark.parametrize("figure", ["64.000000000000000000000000000000000001", "1e999999", "-1e-999999", "1e13"])
def test_figures_beyond_reason_are_refused(shop: Shop, figure: str) -> None:
    answer = shop.send_create_text(f'{{"price": {figure}, {_members(create_body(price=None))}}}')
    assert answer.status_code == 400
    assert any(message.startswith("price must ") for message in answer.json()["message"])


def test_currencies_without_and_with_three_decimals(shop: Shop, server: TrainingServer) -> None:
    assert shop.create("T1-1", currency="JPY", price=64, subTotal=64, taxAmount=0).status_code == 200
    assert shop.create("T1-2", currency="KWD", price=0.125, subTotal=0.125, taxAmount=0).status_code == 200
    assert [link.price.minor for link in server.ledger.links()] == [64, 125]


def test_an_invoice_number_serves_once(shop: Shop, server: TrainingServer) -> None:
    shop.create(price=1, subTotal=1, taxAmount=0)
    answer = shop.create()
    assert answer.status_code == 400
    assert answer.json() == {
        "statusCode": 400,
        "message": ["invoiceNumber already exists"],
        "error": "Bad Request",
    }
    assert server.ledger.link("T1-0001").price.minor == 100


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{/", "Unexpected token / in JSON at position 1"),
        ('{"price":', "Unexpected end of JSON input"),
        ("", "Unexpected end of JSON input"),
        ("[1]", "Unexpected token [ in JSON at position 0"),
        ('{"price": NaN}', "Unexpected number in JSON"),
        ("[" * 100_000, "Unexpected number in JSON"),
    ],
)
def test_broken_json_is_refused_in_the_documented_shape(shop: Shop, text: str, problem: str) -> None:
    answer = shop.send_create_text(text)
    assert answer.status_code == 400
    assert answer.json() == {"statusCode": 400, "message": problem, "error": "Bad Request"}


def test_the_body_is_json_by_its_type_and_by_its_bytes(shop: Shop) -> None:
    assert shop.send_create(content="{}").json()["message"] == "Content-Type must be application/json"
    latin = {**shop.bearer("merchant"), "content-type": "application/json; charset=latin-1"}
    answer = shop.http.post("/custom/hpp", headers=latin, content=b'{"email": "\xe9"}')
    assert answer.json()["message"] == "Request body must be UTF-8"


def test_an_endless_body_is_refused(shop: Shop) -> None:
    answer = shop.send_create_text(" " * (256 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.json()["error"] == "Payload Too Large"


def _members(body: dict[str, Any]) -> str:
    return json.dumps(body)[1:-1]
