"""JSON that money depends on has one meaning or none."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.api.strict_json import DEEPEST, NotStrictJson, read_strict_json

ORDER = b"""{"merchantReference":"HPP-1","status":"SUCCESSFUL","amount":99.90,"surcharge":0,"currency":"USD",
"refunds":[{"amount":"240","status":"SUCCESSFUL"}],"partnerConfiguration":{"cardEnding":"4242"}}"""


def test_numbers_are_exact() -> None:
    value = read_strict_json(b'{"a":99.90,"b":10,"c":1e2}')
    assert value == {"a": Decimal("99.90"), "b": 10, "c": Decimal("1e2")}
    assert not any(isinstance(number, float) for number in value.values())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html></html>",
        b'{"amount":10,"amount":1000}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":[{"b":1,"b":1}]}',
        b'{"a":1,"\\u0061":2}',
        b'{"amount":NaN}',
        b'{"amount":Infinity}',
        b"-Infinity",
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'["\\udc00\\ud800"]',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":1}{"b":2}',
        b"{'a':1}",
        b'{"a":1,}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":.5}',
        b'{"a":0x10}',
        b'{"a":1e999999999}',
        b'{"a":1e-999999999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":0.' + b"9" * 5000 + b"}",
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b"[" * 300_000,
        b'{"a":' * 100_000,
        b'{"a":"line\nbreak"}',
    ],
)
def test_what_can_be_read_two_ways_is_not_read(body: bytes) -> None:
    with pytest.raises(NotStrictJson):
        read_strict_json(body)


def test_the_depth_limit_is_where_it_says() -> None:
    assert read_strict_json(b"[" * DEEPEST + b"]" * DEEPEST)


def test_300_broken_copies_of_an_order_never_change_its_meaning() -> None:
    """A flipped, lost or doubled byte is refused, or shows in the value; it never leaves keys read twice."""
    chance = random.Random(20260321)  # noqa: S311 - the same mutants in each run
    whole = read_strict_json(ORDER)
    accepted = 0
    for _ in range(300):
        mutant = broken(ORDER, chance)
        try:
            value = read_strict_json(mutant)
        except NotStrictJson:
            continue
        accepted += 1
        assert json.loads(mutant, parse_float=Decimal) == value
        assert value != whole or "".join(mutant.decode().split()) == "".join(ORDER.decode().split())
    assert accepted < 300


def broken(body: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(body))
    kind = chance.randrange(4)
    if kind == 0:
        return body[:place]
    if kind == 1:
        return body[:place] + bytes((chance.randrange(256),)) + body[place + 1 :]
    if kind == 2:
        return body[:place] + body[place + 1 :]
    return body[:place] + b',"status":"PAID"' + body[place:]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_strict_json(body)
    except NotStrictJson:
        return
    json.loads(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
        max_leaves=20,
    )
)
def test_honest_values_come_through(value: object) -> None:
    assert read_strict_json(json.dumps(value).encode()) == value
