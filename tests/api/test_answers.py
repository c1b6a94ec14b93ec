"""What each status and body means."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from optty_desktop.api.answers import accepted_json, accepted_object, messages_of
from optty_desktop.api.exchange import Answer
from optty_desktop.core.errors import (
    AlreadyExists,
    AppError,
    NotFound,
    NotSent,
    OutcomeUnknown,
    Refused,
    RouteMissing,
    ScopeRefused,
    SignInRefused,
    TooManyRequests,
    Trouble,
)
from tests.fakes import START

DETAILS = {"exchange": "5F20-C7A1"}


def answer(status: int, body: bytes | object = b"{}", content_type: str = "application/json", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"content-type": content_type, **named}, content, 0.1, DETAILS)


def failure_of(status: int, message: object = None, **headers: str) -> AppError:
    with pytest.raises(AppError) as caught:
        accepted_json(answer(status, {"statusCode": status, "message": message}, **headers), START)
    assert caught.value.details["exchange"] == DETAILS["exchange"]
    assert type(caught.value.__cause__) in (type(None), ValueError)
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_any_2xx_with_json_is_accepted(status: int) -> None:
    assert accepted_json(answer(status, b"[1]"), START) == [1]
    assert accepted_object(answer(status, b'{"a":1}'), START) == {"a": 1}


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"true"])
def test_where_an_object_is_needed_nothing_else_is_taken(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        accepted_object(answer(200, body), START)
    assert caught.value.trouble is Trouble.BAD_ANSWER


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/html",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/problem+json",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/json, text/html",
    ],
)
def test_another_content_type_is_no_answer(content_type: str) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        accepted_json(answer(200, b'{"link":"https://pay.optty.com/x"}', content_type), START)
    assert (caught.value.trouble, caught.value.status) == (Trouble.NOT_JSON, 200)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", 'Application/JSON;Charset="UTF-8"'])
def test_json_may_name_its_charset(content_type: str) -> None:
    assert accepted_json(answer(200, b"{}", content_type), START) == {}


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":1,"a":2}', b'{"a":NaN}'])
def test_what_is_not_strict_json_is_no_answer(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        accepted_json(answer(200, body), START)
    assert caught.value.trouble is Trouble.BAD_ANSWER


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
def test_a_redirect_leaves_the_outcome_unknown(status: int) -> None:
    error = failure_of(status)
    assert isinstance(error, OutcomeUnknown)
    assert (error.trouble, error.status) == (Trouble.REDIRECT, status)


@pytest.mark.parametrize("status", [101, 199, 408, 500, 501, 502, 503, 504, 520, 599, 600])
def test_a_troubled_server_leaves_the_outcome_unknown(status: int) -> None:
    error = failure_of(status, "Internal server error")
    assert isinstance(error, OutcomeUnknown)
    assert (error.trouble, error.status) == (Trouble.SERVER, status)


def test_a_proxy_that_wants_a_password_let_nothing_through() -> None:
    error = failure_of(407)
    assert isinstance(error, NotSent)
    assert error.trouble is Trouble.PROXY_PASSWORD


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "Unexpected token / in JSON at position 1333", Refused),
        (400, ["email must be an email"], Refused),
        (401, "Unauthorized", SignInRefused),
        (401, None, SignInRefused),
        (403, "Forbidden resource", ScopeRefused),
        (404, "Cannot POST /orders/a", RouteMissing),
        (404, "Cannot DELETE /", RouteMissing),
        (404, "Order not found", NotFound),
        (404, "You cannot POST /here", NotFound),
        (404, None, NotFound),
        (402, "x", Refused),
        (405, "x", Refused),
        (409, "Payment in progress", Refused),
        (410, "x", Refused),
        (413, "x", Refused),
        (422, "x", Refused),
        (451, "x", Refused),
    ],
)
def test_a_no_is_told_apart(status: int, message: object, kind: type[Refused]) -> None:
    error = failure_of(status, message)
    assert type(error) is kind
    assert isinstance(error, Refused)
    assert error.status == status


@pytest.mark.parametrize("status", [400, 409, 422])
@pytest.mark.parametrize(
    "message",
    [
        "invoiceNumber already exists",
        "Invoice number INV-1 already exists",
        ["email must be an email", "invoiceNumber must be unique"],
        "E11000 duplicate key error: invoice_number",
        "invoiceNumber has already been taken",
        "INVOICENUMBER EXISTS",
    ],
)
def test_a_taken_invoice_number_is_noticed(status: int, message: object) -> None:
    assert type(failure_of(status, message)) is AlreadyExists


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "invoiceNumber does not exist"),
        (400, "invoiceNumber doesn't exist"),
        (400, "property invoiceNumber should not exist"),
        (400, "No link with this invoiceNumber exists"),
        (400, "invoiceNumber must not be empty"),
        (400, "email already exists"),
        (404, "invoiceNumber already exists"),
        (403, "invoiceNumber already exists"),
    ],
)
def test_other_words_about_a_number_do_not_make_it_taken(status: int, message: str) -> None:
    assert type(failure_of(status, message)) is not AlreadyExists


def test_messages_find_their_fields() -> None:
    messages = [
        "email must be an email",
        "email should not be empty",
        "items.0.price must be a number",
        "items[1] must be an object",
        "phoneNumber",
        "emails must be few",
        "billingAddress.country must be valid",
        "Something else about email",
        "property total should not exist",
    ]
    error = failure_of(400, messages)
    assert isinstance(error, Refused)
    assert error.messages == tuple(messages)
    assert error.fields == {
        "email": ("email must be an email", "email should not be empty"),
        "items": ("items.0.price must be a number", "items[1] must be an object"),
        "phoneNumber": ("phoneNumber",),
    }
    assert "email" not in str(error)


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        (b"<html>Forbidden</html>", ()),
        (b'{"message":"a","message":"b"}', ()),
        (b'{"message":{"a":1}}', ()),
        (b'{"message":["a",1,null,"  ","b"]}', ("a", "b")),
        (b"[]", ()),
        (b'{"message":"<b>pay</b>\\u202e"}', ("<b>pay</b>\\u202e",)),
    ],
)
def test_a_refusal_stands_whatever_its_body_says(body: bytes, messages: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as caught:
        accepted_json(answer(400, body), START)
    assert caught.value.messages == messages


def test_a_refusal_in_html_shows_no_html() -> None:
    assert messages_of(answer(403, b'{"message":"x"}', "text/html")) == ()


def test_many_and_long_messages_are_cut() -> None:
    error = failure_of(400, ["email " + "x" * 10_000] * 500)
    assert isinstance(error, Refused)
    assert len(error.messages) == 20
    assert all(len(message) <= 300 for message in error.messages)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("100000", 120.0),
        (format_datetime(START + timedelta(seconds=30), usegmt=True), 30.0),
        (format_datetime(START + timedelta(days=1), usegmt=True), 120.0),
        (format_datetime(START - timedelta(days=1), usegmt=True), 0.0),
        ("Sat, 21 Mar 2026 14:36:20 -0000", 20.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("9" * 400, None),
        ("Fri, 31 Feb 2026 00:00:00 GMT", None),
        ("\u0667", None),
    ],
)
def test_the_wished_pause_is_read_and_bounded(header: str, pause: float | None) -> None:
    busy = failure_of(429, "Too many", retry_after=header)
    assert isinstance(busy, TooManyRequests)
    assert busy.retry_after == pause
    down = failure_of(503, None, retry_after=header)
    assert isinstance(down, OutcomeUnknown)
    assert down.retry_after == pause
