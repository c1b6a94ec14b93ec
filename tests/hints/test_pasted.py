"""Notices as people have them: every way they are copied in, and everything that is none.

The bodies are synthetic: Optty publishes only a part of them.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.errors import NoticeProblem, NoticeTrouble
from optty_desktop.core.hints import HintSource, Pasted
from optty_desktop.hints.pasted import LARGEST, MOST_NOTICES, PastedNotices, read_pasted
from tests.fakes import START


def body(number: str = "T2-1", order: str | None = None, **more: object) -> str:
    data = {"status": "SUCCESSFUL", "amount": 99.99, "initiator": "payment-link", "metadata": {"invoiceNumber": number}}
    return json.dumps(
        {"event": "ORDER_ASYNC_CALLBACK", "data": data | ({"merchantReference": order} if order else {}) | more}
    )


def caught(content: str, number: int = 1) -> dict[str, object]:
    """One request as webhook.site's API lists it."""
    return {
        "uuid": f"a2a6a4ae-4130-4063-953a-{number:012d}",
        "type": "web",
        "token_id": "a94a7294-c4aa-4074-ab77-c4cf86fd53b1",
        "ip": "127.0.0.1",
        "method": "POST",
        "content": content,
        "headers": {"content-type": ["application/json"]},
        "url": "https://webhook.site/a94a7294-c4aa-4074-ab77-c4cf86fd53b1",
        "created_at": "2026-03-21 14:06:35",
    }


def page(*contents: str) -> str:
    return json.dumps({"data": [caught(one, at) for at, one in enumerate(contents)], "total": len(contents)})


def exported(*contents: str, separator: str = ",") -> str:
    """The CSV export: its columns vary, the body is the column "content"."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(["uuid", "method", "content", "created_at", "headers.content-type"])
    for at, content in enumerate(contents):
        writer.writerow([f"u-{at}", "POST", content, "2026-03-21 14:06:35", "application/json"])
    return text.getvalue()


def numbers(text: str) -> list[str | None]:
    return [hint.invoice_number for hint in read_pasted(text, START).hints]


def trouble(text: str) -> NoticeTrouble:
    with pytest.raises(NoticeProblem) as caught_problem:
        read_pasted(text, START)
    return caught_problem.value.trouble


def test_a_notice_becomes_a_hint_and_nothing_else_of_it_is_kept() -> None:
    (hint,) = read_pasted(body("T2-1", "HPP-T2-1"), START).hints
    assert (hint.source, hint.received_at) == (HintSource.PASTED, START)
    assert (hint.invoice_number, hint.order_reference) == ("T2-1", "HPP-T2-1")


REQUEST = "POST /hook HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n\r\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (body(), ["T2-1"]),
        (json.dumps(json.loads(body()), indent=2), ["T2-1"]),
        (f"{body('T2-1')}\n{body('T2-2')}", ["T2-1", "T2-2"]),
        (body("T2-1") + body("T2-2"), ["T2-1", "T2-2"]),
        (f"[{body('T2-1')}, {body('T2-2')}]", ["T2-1", "T2-2"]),
        (page(body("T2-1"), body("T2-2")), ["T2-1", "T2-2"]),
        (json.dumps(caught(body("T2-1"))), ["T2-1"]),
        (json.dumps([caught(body("T2-1")), caught(body("T2-2"))]), ["T2-1", "T2-2"]),
        (page("", "hello", body("T2-1")), ["T2-1"]),
        (exported(body("T2-1"), body("T2-2")), ["T2-1", "T2-2"]),
        (exported(json.dumps(json.loads(body("T2-1")), indent=2), separator=";"), ["T2-1"]),
        (REQUEST + body(), ["T2-1"]),
        ("\ufeff" + body(), ["T2-1"]),
        (f"Hello,\n[INFO] at 14:06 for {{number}}:\n\n```json\n{body()}\n```\nThe customer's there.", ["T2-1"]),
        (f"curl -X POST https://shop.example/hook -d '{body()}'", ["T2-1"]),
        (f"> {body()}\n> \n", ["T2-1"]),
        (f"an opening {{ in the text, then {body()}", ["T2-1"]),
        (body("T2-1", note="a } and a \\\" and a { in a text"), ["T2-1"]),
    ],
)  # fmt: skip
def test_notices_are_found_as_people_have_them(text: str, found: list[str]) -> None:
    assert numbers(text) == found


def test_an_order_alone_is_enough() -> None:
    (hint,) = read_pasted(json.dumps({"data": {"merchantReference": "HPP-7"}}), START).hints
    assert (hint.invoice_number, hint.order_reference) == (None, "HPP-7")


def test_what_cannot_be_read_among_others_is_counted() -> None:
    twice = '{"event": "X", "data": {"metadata": {"invoiceNumber": "T2-8"}}, "data": {}}'
    cut = page('{"event": "cut", ')
    pasted = read_pasted(f"{body('T2-1')}\n{twice}\n{cut}", START)
    assert ([hint.invoice_number for hint in pasted.hints], pasted.unreadable) == (["T2-1"], 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NoticeTrouble.EMPTY),
        (" \ufeff\n", NoticeTrouble.EMPTY),
        ("the customer has paid", NoticeTrouble.NONE_FOUND),
        ("[INFO] nothing {here}", NoticeTrouble.NONE_FOUND),
        ("[1, 2]", NoticeTrouble.NONE_FOUND),
        ('{"event": "ORDER_ASYNC_CALLBACK"}', NoticeTrouble.NAMES_NOTHING),
        ('{"event": "ORDER_ASYNC_CALLBACK", "data": {"metadata": {"invoi', NoticeTrouble.BROKEN),
        ('{"event": "A", "event": "B", "data": {"metadata": {"invoiceNumber": "T2-1"}}}', NoticeTrouble.BROKEN),
        ('{"data": {"metadata": {"invoiceNumber": NaN}}}', NoticeTrouble.BROKEN),
        (body(padding="x" * 70_000), NoticeTrouble.BROKEN),
        ('{"data":' * 200 + '{"metadata": {"invoiceNumber": "T2-1"}}' + "}" * 200, NoticeTrouble.BROKEN),
        ("x" * (LARGEST + 1), NoticeTrouble.TOO_LARGE),
        (body() * (MOST_NOTICES + 1), NoticeTrouble.TOO_MANY),
    ],
)
def test_what_is_no_notice_is_refused_by_name(text: str, why: NoticeTrouble) -> None:
    assert trouble(text) is why


SIGNS = ["{", "}", "[", "]", '"', "\\", "\n", ":", ",", "'", "\ud800", "\x00", "NaN", "1e999", "content,uuid\n"]
FRAGMENTS = st.sampled_from([*SIGNS, '"data"', '"metadata"', '"invoiceNumber"', '"T2-1"', body(), page(body())])


@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=40).map("".join)))
def test_any_text_ends_in_hints_or_in_one_trouble(text: str) -> None:
    try:
        pasted = read_pasted(text, START)
    except NoticeProblem:
        return
    assert pasted.hints
    assert all(hint.invoice_number or hint.order_reference for hint in pasted.hints)


@given(st.lists(st.from_regex(r"[A-Z0-9-]{1,20}", fullmatch=True), min_size=1, max_size=8), st.integers(0, 3))
def test_every_notice_is_found_in_every_wrapping(names: list[str], way: int) -> None:
    bodies = [body(name) for name in names]
    wrapped = ["\n".join(bodies), f"[{','.join(bodies)}]", page(*bodies), exported(*bodies)][way]
    assert numbers(wrapped) == names


@pytest.mark.parametrize(
    "text",
    ["{" * LARGEST, "[" * LARGEST, '{"' * (LARGEST // 2), '\\"' * (LARGEST // 2), '"\\' * (LARGEST // 2),
     "{}" * (LARGEST // 2), "[]{" * (LARGEST // 3), "content,a\n" + '"' * (LARGEST - 20), '{"a":' * (LARGEST // 5)],
    ids=["braces", "brackets", "quotes", "escaped", "backslashes", "empty", "mixed", "csv", "deep"],
)  # fmt: skip
def test_hostile_texts_end_soon(text: str) -> None:
    begun = time.monotonic()
    with pytest.raises(NoticeProblem):
        read_pasted(text, START)
    assert time.monotonic() - begun < 10


# Files


async def read(path: Path) -> Pasted:
    return await PastedNotices().read_file(path, START)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_a_file_is_read_in_the_encodings_of_till_computers(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "notice.json"
    file.write_bytes(body("T2-1", note="Café").encode(encoding))
    assert [hint.invoice_number for hint in (await read(file)).hints] == ["T2-1"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\xff", NoticeTrouble.NOT_TEXT),
        (b"PK\x03\x04\x00\x00", NoticeTrouble.NOT_TEXT),
        (b"x" * (LARGEST + 1), NoticeTrouble.TOO_LARGE),
        (b"", NoticeTrouble.EMPTY),
    ],
)
async def test_a_file_that_is_no_notice_is_refused(tmp_path: Path, content: bytes, why: NoticeTrouble) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(content)
    with pytest.raises(NoticeProblem) as refused:
        await read(file)
    assert refused.value.trouble is why


async def test_what_is_no_file_does_not_hold_the_till_up(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "gone.json"):
        with pytest.raises(NoticeProblem) as refused:
            await asyncio.wait_for(read(path), 5)
        assert refused.value.trouble is NoticeTrouble.FILE
