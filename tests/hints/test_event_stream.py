"""Reading server-sent events: however the bytes are cut, the same events; and no more memory than an event takes."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optty_desktop.core.hints import HintSource
from optty_desktop.core.relay_failures import NotARelay
from optty_desktop.hints.event_stream import MOST_BYTES, Message, messages
from optty_desktop.hints.relay_events import Place, key_of, read_event, read_head
from optty_desktop.relay.seals import shared_secret, signed_message

KEY = bytes(range(32))
FACTS = {
    "epoch": "e1",
    "seq": 7,
    "prev": 6,
    "invoice": "TILL1-1",
    "order": "HPP-1",
    "received_at": "2026-03-24T14:31:00+00:00",
}


async def in_chunks(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def read(*chunks: bytes) -> list[Message]:
    return [message async for message in messages(in_chunks(chunks))]


STREAM = (
    ': hello\n\nid: p1\ndata: {"a": 1}\n\n:\n\nevent: head\r\nid: p2\r\ndata: é\r\n\r\nid: p3\ndata: cut off'.encode()
)
EVENTS = [Message(), Message('{"a": 1}', "p1"), Message(), Message("é", "p2", "head")]


@given(st.sets(st.integers(1, len(STREAM) - 1)))
async def test_the_same_events_wherever_the_bytes_are_cut(places: set[int]) -> None:
    ends = [0, *sorted(places), len(STREAM)]
    assert await read(*(STREAM[a:b] for a, b in pairwise(ends))) == EVENTS


@pytest.mark.parametrize("piece", [b"x" * 4096, b"data: " + b"x" * 4096 + b"\n"], ids=["a line", "an event"])
async def test_an_endless_event_is_no_relays(piece: bytes) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += len(piece)
            yield piece

    with pytest.raises(NotARelay):
        await anext(messages(endless()))
    assert taken <= MOST_BYTES + 2 * len(piece)


async def test_bytes_that_are_no_text_are_no_relays() -> None:
    with pytest.raises(NotARelay):
        await read(b"data: \xff\n\n")


def sealed(facts: object = None, key: bytes = KEY) -> dict[str, Any]:
    return signed_message(key, "e1-7", 1_774_362_660, json.dumps(FACTS if facts is None else facts))


def test_a_sealed_hint_is_read() -> None:
    event = read_event(sealed(), KEY)
    assert (event.epoch, event.seq, event.prev) == ("e1", 7, 6)
    assert (event.hint.source, event.hint.invoice_number, event.hint.order_reference) == (
        HintSource.RELAY,
        "TILL1-1",
        "HPP-1",
    )
    assert key_of(shared_secret(KEY)) == KEY


def test_one_of_several_seals_is_enough_as_keys_change() -> None:
    message = sealed()
    message["headers"]["webhook-signature"] = f"v1,AAAA {message['headers']['webhook-signature']} v2,BBBB"
    assert read_event(message, KEY).seq == 7


CHANGES: list[Callable[[dict[str, Any]], object]] = [
    lambda message: message.update(body=message["body"].replace("TILL1-1", "TILL1-2")),
    lambda message: message["headers"].update({"webhook-id": "e1-8"}),
    lambda message: message["headers"].update({"webhook-timestamp": "1"}),
    lambda message: message["headers"].update({"webhook-signature": ""}),
    lambda message: message["headers"].update({"webhook-signature": "v1," + base64.b64encode(bytes(32)).decode()}),
    lambda message: message["headers"].update({"webhook-signature": 1}),
    lambda message: message["headers"].pop("webhook-signature"),
    lambda message: message.update(headers=None),
    lambda message: message.update(body=None),
    lambda message: message.update(body="\ud800"),
    lambda message: message.update(body="x" * 100_000),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_on_the_way_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    message = sealed()
    change(message)
    with pytest.raises(NotARelay):
        read_event(message, KEY)


@pytest.mark.parametrize(
    "facts",
    [
        [],
        {**FACTS, "seq": "7"},
        {**FACTS, "seq": True},
        {**FACTS, "seq": -1},
        {**FACTS, "prev": 1.5},
        {**FACTS, "invoice": "x" * 101},
        {**FACTS, "invoice": None},
        {**FACTS, "invoice": "A\nB"},
        {**FACTS, "order": ["HPP-1"]},
        {**FACTS, "received_at": "yesterday"},
        {name: value for name, value in FACTS.items() if name != "epoch"},
    ],
)
def test_a_sealed_hint_of_another_shape_is_refused(facts: object) -> None:
    with pytest.raises(NotARelay):
        read_event(sealed(facts), KEY)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.dictionaries(st.sampled_from(["headers", "body"]) | st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(ANY_JSON)
def test_nothing_but_a_sealed_hint_is_one(document: object) -> None:
    with pytest.raises(NotARelay):
        read_event(document, KEY)


@given(st.text())
def test_a_place_is_what_was_kept_and_nothing_else(text: str) -> None:
    assert Place.of(Place("e1", 7, "e1.7.tag.seal").kept()) == Place("e1", 7, "e1.7.tag.seal")
    place = Place.of(text)
    assert place is None or place.kept().split() == text.split()


def test_a_head_says_where_the_stream_ends() -> None:
    head = read_head({"epoch": "e1", "seq": 7, "head": "e1.7.x", "renew": True, "more": [1]})
    assert (head.place, head.is_renewal_due) == (Place("e1", 7, "e1.7.x"), True)
    with pytest.raises(NotARelay):
        read_head({"epoch": "e1", "seq": 7, "head": ""})
