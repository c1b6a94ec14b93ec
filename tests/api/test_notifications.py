"""Optty's webhook bodies: the documented kinds, the places a key may stand in, and everything that is no notice.

The full bodies are synthetic: Optty publishes only a part of them.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.api.notifications import (
    LARGEST_BODY,
    LONGEST_NAME,
    NotANotice,
    Notice,
    NoticeKind,
    read_notice,
)

LINK = {"initiator": "payment-link", "metadata": {"invoiceNumber": "000098"}}


def read(document: object) -> Notice:
    return read_notice(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("ORDER_ASYNC_CALLBACK", NoticeKind.ORDER_RESULT),
        ("ORDER_STATUS_UPDATE", NoticeKind.ORDER_CHANGED),
        ("REFUND_CALLBACK", NoticeKind.REFUND),
        ("refund_callback", NoticeKind.REFUND),
        ("CAPTURE_CALLBACK", NoticeKind.OTHER),
        ("other", NoticeKind.OTHER),
        (None, NoticeKind.OTHER),
        (7, NoticeKind.OTHER),
        (["REFUND_CALLBACK"], NoticeKind.OTHER),
    ],
)
def test_the_event_tells_the_kind_and_an_unknown_one_still_names_its_link(event: object, kind: NoticeKind) -> None:
    notice = read({"event": event, "data": {"status": "SUCCESSFUL", "merchantReference": "HPP-98-1", **LINK}})
    assert notice == Notice(kind, "000098", "HPP-98-1", "SUCCESSFUL")


def test_the_published_part_of_a_body_is_enough() -> None:
    assert read({"event": "ORDER_ASYNC_CALLBACK", "data": LINK}) == Notice(NoticeKind.ORDER_RESULT, "000098", None, "")


@pytest.mark.parametrize("key", ["merchantReference", "orderReference", "reference", "orderReferenceId"])
@pytest.mark.parametrize(
    "wrap",
    [lambda inner: inner, lambda inner: {"data": inner}, lambda inner: {"data": {"data": inner}}],
    ids=["top", "data", "data.data"],
)
def test_a_key_is_found_wherever_it_may_stand(key: str, wrap: Any) -> None:
    notice = read(wrap({key: "ORDER-1", "status": "PENDING", **LINK}))
    assert (notice.order_reference, notice.status, notice.invoice_number) == ("ORDER-1", "PENDING", "000098")


def test_the_documented_place_goes_first() -> None:
    notice = read({"data": {"status": "DECLINED", "data": {"status": "SUCCESSFUL"}}, "status": "PENDING"})
    assert notice.status == "DECLINED"


@pytest.mark.parametrize(
    ("number", "read_as"),
    [
        (98, "98"),
        (" 98 ", "98"),
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
        ("x" * (LONGEST_NAME + 1), None),
        ("", None),
        ("  ", None),
        ("a\nb", None),
        ("a\u202eb", None),
        (True, None),
        (1.5, None),
        (None, None),
        ({"a": 1}, None),
        ([], None),
    ],
)
def test_an_invoice_number_is_whole_or_absent(number: object, read_as: str | None) -> None:
    assert read({"data": {"metadata": {"invoiceNumber": number}}}).invoice_number == read_as


@pytest.mark.parametrize("status", [None, 5, ["SUCCESSFUL"], {"a": "PAID"}, "a\x00b"])
def test_a_status_that_is_no_word_is_none(status: object) -> None:
    assert read({"data": {"status": status}}).status == ""


def test_nothing_of_the_customer_is_kept() -> None:
    body = {"data": {**LINK, "email": "ada@example.com", "provider": {"raw": "Ada"}}, "customer": "Ada"}
    assert "ada" not in repr(read(body)).lower()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b"status=PAID", "not JSON"),
        (b'{"a": 1, "a": 2}', "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b'"\\ud800"', "not JSON"),
        (b"[" * 50_000, "not JSON"),
        (b"[]", "not an object"),
        (b"7", "not an object"),
        (b"null", "not an object"),
        (b'{"a": "' + b"x" * LARGEST_BODY + b'"}', "too large"),
    ],
)
def test_what_is_no_notice_is_told_apart_without_its_content(body: bytes, reason: str) -> None:
    with pytest.raises(NotANotice, match=f"^{reason}$"):
        read_notice(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
SHAPED = st.fixed_dictionaries(
    {}, optional={"event": JSON, "status": JSON, "metadata": JSON, "data": st.dictionaries(st.text(), JSON) | JSON}
)


@given(SHAPED | JSON)
def test_any_json_is_a_bounded_notice_or_none(document: object) -> None:
    try:
        notice = read(document)
    except NotANotice:
        return
    for name in (notice.invoice_number, notice.order_reference):
        assert name is None or 1 <= len(name) <= LONGEST_NAME
    assert len(notice.status) <= 40


@given(st.binary(max_size=200))
def test_any_bytes_are_a_notice_or_none(body: bytes) -> None:
    try:
        assert isinstance(read_notice(body), Notice)
    except NotANotice:
        return
