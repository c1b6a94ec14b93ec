"""Order readings, and the words for what happened to money."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from optty_desktop.api.strict_json import read_strict_json
from optty_desktop.api.wire import UnusableAnswer
from optty_desktop.api.wire_orders import money_answer, order_reading, refund_body
from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.ports import MoneyAnswer, OrderReading

# The sample of docs.optty.com, Transaction Details, shortened.
DETAILS: dict[str, Any] = {
    "merchantReference": "PLANPAY-0000-760-729",
    "status": "SUCCESSFUL",
    "amount": "260",
    "currency": "AUD",
    "updatedAt": "2024-02-28T05:30:56.096Z",
    "failureReason": None,
    "refunds": [
        {"amount": "240", "currency": "AUD", "status": "SUCCESSFUL", "createdAt": "2024-02-28T05:38:18.438Z"},
    ],
}


def read(document: object) -> OrderReading:
    return order_reading(read_strict_json(json.dumps(document).encode()), "HPP-1")


def state(word: object, cancelled_by: object = None) -> LinkState | None:
    return read({"status": word, "cancelledBy": cancelled_by}).state


def test_the_documented_sample() -> None:
    reading = read(DETAILS)
    assert reading == OrderReading(
        order_reference="HPP-1",
        merchant_reference="PLANPAY-0000-760-729",
        state=LinkState.PAID,
        raw_word="SUCCESSFUL",
        amount=Money(26000, "AUD"),
        refunded=Money(24000, "AUD"),
        refund_pending=Money(0, "AUD"),
        updated_at=datetime(2024, 2, 28, 5, 30, 56, 96_000, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("metadata", "number"),
    [({"invoiceNumber": "TILL1-1"}, "TILL1-1"), ({"invoiceNumber": 7}, ""), ({}, ""), (None, ""), ("TILL1-1", "")],
)
def test_a_read_may_say_which_link_its_order_belongs_to(metadata: object, number: str) -> None:
    assert read({**DETAILS, "metadata": metadata}).invoice_number == number


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("INITIATED", LinkState.IN_PROGRESS),
        ("PENDING", LinkState.IN_PROGRESS),
        ("pending", LinkState.IN_PROGRESS),
        ("SUCCESSFUL", LinkState.PAID),
        ("Successful", LinkState.PAID),
        (" paid ", LinkState.PAID),
        ("DECLINED", LinkState.DECLINED),
        ("failed", LinkState.DECLINED),
        ("ERROR", LinkState.DECLINED),
        ("REFUNDED", LinkState.REFUNDED),
        ("PARTIALLY_REFUNDED", LinkState.REFUNDED),
        ("partially refunded", LinkState.REFUNDED),
        ("Partially-Refunded", LinkState.REFUNDED),
        ("EXPIRED", LinkState.EXPIRED),
    ],
)
def test_known_words(word: str, expected: LinkState) -> None:
    assert state(word) is expected


@pytest.mark.parametrize("word", ["CANCELLED", "canceled", "Cancelled"])
def test_who_cancelled_decides_what_it_means(word: str) -> None:
    assert state(word, "merchant") is LinkState.CANCELLED
    assert state(word, "SYSTEM") is LinkState.CANCELLED
    for stranger in ("user", "customer", "", None, 7):
        assert state(word, stranger) is LinkState.PENDING


def odd_words() -> list[object]:
    chance = random.Random(7)  # noqa: S311 - the same words in each run
    made = ["".join(chance.choice("PAIDSUCEFL_ \u0130\u0131\uff30\u0410") for _ in range(6)) for _ in range(170)]
    fixed: list[object] = [None, 0, 1, True, False, [], {}, ["PAID"], {"PAID": 1}, "", " ", "x" * 500]
    fixed += ["PAID!", "NOT_PAID", "UNPAID", "PAID\u0000", "PAID\u200b", "\uff30AID", "PA\u0130D", "SUCCESS", "OK"]
    fixed += ["COMPLETED", "AUTHORIZED", "PROCESSING", "true", "1", "PAID,DECLINED", "SUCCESSFUL\n"]
    return [*fixed, *(word for word in made if word.strip().upper() != "PAID")]


def test_odd_words_are_never_paid() -> None:
    words = odd_words()
    assert len(words) >= 190
    assert {state(word) for word in words} == {None}


def test_everything_may_be_absent_or_null() -> None:
    empty = read({})
    assert (empty.state, empty.amount, empty.refunded, empty.updated_at, empty.paid_with) == (None,) * 4 + ("",)
    nulls = read(dict.fromkeys([*DETAILS, "surcharge", "cancelledBy", "partnerConfiguration"]))
    assert nulls == empty


def test_numbers_and_texts_are_both_amounts() -> None:
    reading = read({"amount": 99.99, "surcharge": 1.5, "currency": "usd"})
    assert (reading.amount, reading.surcharge) == (Money(9999, "USD"), Money(150, "USD"))
    assert read({"amount": "99.99", "currency": "USD"}).amount == Money(9999, "USD")
    assert order_reading(read_strict_json(b'{"amount":1e2,"currency":"USD"}'), "x").amount == Money(10000, "USD")


@pytest.mark.parametrize("wrap", ["data", "result"])
def test_an_order_may_be_wrapped(wrap: str) -> None:
    assert read({wrap: DETAILS}).amount == Money(26000, "AUD")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": True},
        {"amount": []},
        {"amount": {"amount": 1}},
        {"amount": ""},
        {"amount": "1,5"},
        {"amount": "1e2"},
        {"amount": 0.001},
        {"amount": -1},
        {"amount": "-260"},
        {"surcharge": -1},
        {"surcharge": "x"},
        {"currency": "XXX"},
        {"currency": None},
        {"currency": 840},
        {"refunds": {}},
        {"refunds": "none"},
        {"refunds": [1]},
        {"refunds": [{"status": "SUCCESSFUL"}]},
        {"refunds": [{"status": "SUCCESSFUL", "amount": 10, "currency": "USD"}]},
        {"refunds": [{"status": "SUCCESSFUL", "amount": -10}]},
        {"refunds": [{"status": "SUCCESSFUL", "amount": True}]},
    ],
)
def test_an_amount_that_cannot_be_one_is_no_reading(change: dict[str, object]) -> None:
    with pytest.raises(UnusableAnswer):
        read(DETAILS | change)


def test_refunds_are_summed_by_what_became_of_them() -> None:
    refunds = [
        {"amount": "10", "status": "SUCCESSFUL", "createdAt": "2024-02-28T05:00:00Z"},
        {"amount": 5.5, "status": "successful", "createdAt": "2024-02-28T06:00:00Z"},
        {"amount": 2, "status": "PENDING", "createdAt": "2024-02-28T07:00:00Z"},
        {"amount": 1, "status": "UNHEARD_OF", "createdAt": "2024-02-28T08:00:00Z"},
        {"amount": 7, "status": "DECLINED", "createdAt": "2024-02-28T04:00:00Z"},
    ]
    reading = read(DETAILS | {"refunds": refunds})
    assert (reading.refunded, reading.refund_pending) == (Money(1550, "AUD"), Money(300, "AUD"))
    assert not reading.refund_failed
    assert not read(DETAILS | {"refunds": []}).refund_failed


@pytest.mark.parametrize("word", ["DECLINED", "ERROR", "failed"])
def test_the_newest_refund_tells_whether_it_came_back(word: str) -> None:
    failed = {"refundId": "R-2", "amount": 7, "status": word, "createdAt": "2024-03-01T00:00:00Z"}
    reading = read(DETAILS | {"refunds": [failed, *DETAILS["refunds"]]})
    assert reading.refund_failed
    assert (reading.failed_refund_reference, reading.failed_refund_at) == ("R-2", datetime(2024, 3, 1, tzinfo=UTC))
    assert reading.refund_pending == Money(0, "AUD")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-02-28T05:30:56.096Z", datetime(2024, 2, 28, 5, 30, 56, 96_000, tzinfo=UTC)),
        ("2024-02-28T05:30:56+02:00", datetime(2024, 2, 28, 3, 30, 56, tzinfo=UTC)),
        ("2024-02-28T05:30:56", datetime(2024, 2, 28, 5, 30, 56, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        (1709098256, None),
    ],
)
def test_times_are_utc_or_nothing(value: object, expected: datetime | None) -> None:
    assert read({"updatedAt": value}).updated_at == expected


@pytest.mark.parametrize("ending", ["42424", "424", "4242424242424242", "424x", "٤٢٤٢", 4242, None, ["4242"]])
def test_only_four_digits_are_a_card_ending(ending: object) -> None:
    assert read({"partnerConfiguration": {"cardEnding": ending}}).paid_with == ""


def test_a_card_ending_is_named() -> None:
    assert read({"partnerConfiguration": {"cardEnding": "4242"}}).paid_with == "card ending 4242"
    assert read({"partnerConfiguration": "4242"}).paid_with == ""


def test_a_refund_names_everything() -> None:
    assert refund_body("R-1", Money(10000, "AUD"), "Please refund") == (
        b'{"refundReference":"R-1","refundAmount":{"amount":100.00,"currency":"AUD"},'
        b'"refundDescription":"Please refund"}'
    )


@pytest.mark.parametrize(
    ("document", "state", "is_pending", "word"),
    [
        ({"status": "CANCELLED"}, LinkState.CANCELLED, False, "CANCELLED"),
        ({"status": "canceled"}, LinkState.CANCELLED, False, "canceled"),
        ({"status": "REFUNDED"}, LinkState.REFUNDED, False, "REFUNDED"),
        ({"status": "PARTIALLY_REFUNDED"}, LinkState.REFUNDED, False, "PARTIALLY_REFUNDED"),
        ({"status": "REFUND_PENDING"}, LinkState.REFUNDED, True, "REFUND_PENDING"),
        ({"refundStatus": "SUCCESSFUL"}, LinkState.REFUNDED, False, "SUCCESSFUL"),
        ({"refundStatus": "PENDING", "status": "CANCELLED"}, LinkState.REFUNDED, True, "PENDING"),
        ({"data": {"status": "CANCELLED"}}, LinkState.CANCELLED, False, "CANCELLED"),
        ({"status": 200}, None, False, ""),
        ({}, None, False, ""),
        ([], None, False, ""),
        ("CANCELLED", None, False, ""),
        (None, None, False, ""),
    ],
)
def test_what_a_money_answer_tells(document: object, state: LinkState | None, is_pending: bool, word: str) -> None:
    raw = json.dumps(document).encode()
    assert money_answer(read_strict_json(raw), raw) == MoneyAnswer(state, is_pending, word, raw.decode())


@pytest.mark.parametrize(
    "document",
    [
        {"refundStatus": "DECLINED"},
        {"refundStatus": "ERROR"},
        {"status": "FAILED"},
        {"status": "SUCCESSFUL"},
        {"status": "PENDING"},
        {"status": "PAID"},
        {"data": {"status": "SOMETHING_NEW"}},
    ],
)
def test_a_word_that_is_no_yes_is_not_taken_for_one(document: object) -> None:
    raw = json.dumps(document).encode()
    with pytest.raises(UnusableAnswer):
        money_answer(read_strict_json(raw), raw)
