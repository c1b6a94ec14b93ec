"""What a server may make of its words: broken JSON is no answer, a strange host no link, a value no path or header."""

from __future__ import annotations

import contextlib
import json
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from optty_desktop.api.environments import LIVE, SANDBOX
from optty_desktop.api.exchange import Answer, CallKind
from optty_desktop.api.gateway import HttpGateway
from optty_desktop.api.link_check import check_link
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.errors import AppError, NotSent, OutcomeUnknown, UnsafeLink
from optty_desktop.core.money import Money
from optty_desktop.core.ports import LinkOrder
from tests.api.pretend_optty import PretendOptty
from tests.api.raw_server import Request
from tests.api.test_link_check import GOOD, HOSTILE, WHITE_LABEL, check_reading
from tests.api.test_wire import DRAFT
from tests.fakes import TRAINING, FakeClock
from tests.faults.cases import Cases
from tests.promises import Promise

KEYS = Credentials("merchant-1", "s3cret-of-merchant")


# H6 JSON


class Canned(HttpTransport):
    """Gives every call but the token's the same answer, without a line."""

    def __init__(self) -> None:
        super().__init__("t")
        self.body = b""
        self.content_type = "application/json"

    async def send(
        self,
        method: str,
        url: str,
        *,
        template: str,
        headers: Mapping[str, str],
        kind: CallKind,
        deadline: float,
        content: bytes | None = None,
    ) -> Answer:
        if kind is CallKind.TOKEN:
            return Answer(200, {"content-type": "application/json"}, b'{"access_token":"t"}', 0.0)
        return Answer(200, {"content-type": self.content_type}, self.body, 0.0)


WHOLE = (
    b'{"merchantReference":"HPP-1","status":"PAID","amount":182.75,"surcharge":0,"currency":"USD",'
    b'"link":"https://pay.optty.com/abc","invoiceNumber":"INV-1","refundStatus":"SUCCESSFUL",'
    b'"refunds":[{"amount":12.5,"status":"SUCCESSFUL"}],"partnerConfiguration":{"cardEnding":"4242"}}'
)
"""An order, a new link and a refund in one: each call finds what it looks for."""

OTHER_TYPES = (
    *("", "text/html", "text/html; charset=utf-8", "text/plain", "text/json", "application/xml", "application/jsonp"),
    *("application/problem+json", "application/json; charset=utf-16", "application/json, text/html", "image/png"),
)
NO_NUMBERS = (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"01", b"+1", b".5", b"1.", b"0x10", b"9" * 50, b"1_0")


def mutants() -> Iterator[tuple[str, bytes, str]]:
    """Yield name, body and content type of answers that mean nothing or more than one thing."""
    plain = "application/json"
    for place in range(len(WHOLE)):
        yield f"cut at {place}", WHOLE[:place], plain
    for place in (place for place in range(len(WHOLE)) if WHOLE[place : place + 1] in (b"{", b",", b"[")):
        rest = WHOLE[place + 1 :]
        yield f"comma at {place}", WHOLE[: place + 1] + b"," + rest, plain
        yield f"comment at {place}", WHOLE[: place + 1] + b"/* */" + rest, plain
    document = json.loads(WHOLE)
    for key, value in document.items():
        again = json.dumps({key: value})[1:-1].encode()
        yield f"{key} twice, equal", WHOLE[:-1] + b"," + again + b"}", plain
        yield f"{key} twice, first", b'{"%b":null,' % key.encode() + WHOLE[1:], plain
        escaped = b'"\\u%04x%b"' % (ord(key[0]), key[1:].encode())
        yield f"{key} twice, escaped", WHOLE[:-1] + b"," + escaped + b":1}", plain
    for number in NO_NUMBERS:
        for old in (b"182.75", b":0,", b"12.5"):
            yield f"{number!r} for {old!r}", WHOLE.replace(old, b":%b," % number if old == b":0," else number), plain
    for name in (b"status", b"link", b"currency"):
        for bad in (b"\\ud800", b"\\udc00\\ud800", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\n", b"\x00", b"\\x41"):
            yield f"{bad!r} in {name!r}", WHOLE.replace(b'"%b":"' % name, b'"%b":"%b' % (name, bad)), plain
    for depth in (33, 100, 5000, 100_000):
        yield f"lists {depth} deep", WHOLE[:-1] + b',"x":' + b"[" * depth + b"]" * depth + b"}", plain
        yield f"objects {depth} deep", WHOLE[:-1] + b',"x":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}", plain
    for packed in (b"\xef\xbb\xbf" + WHOLE, WHOLE.decode().encode("utf-16"), WHOLE.decode().encode("utf-32")):
        yield f"begins {packed[:4]!r}", packed, plain
    for tail in (b"{}", b",", b"]", b"x", b"<html>", b"\x00", WHOLE):
        yield f"followed by {tail[:6]!r}", WHOLE + tail, plain
    for body in (b"", b" ", b"<html>PAID</html>", b"PAID", b"'PAID'", b"undefined", b"callback(%b)" % WHOLE):
        yield f"instead {body[:9]!r}", body, plain
    for content_type in OTHER_TYPES:
        yield f"as {content_type}", WHOLE, content_type


async def test_H6_broken_or_ambiguous_json_is_refused(promise: Promise) -> None:
    cases, canned = Cases(), Canned()
    gateway = HttpGateway(replace(TRAINING, link_hosts=(".optty.com",)), KEYS, canned, FakeClock())
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "create": lambda: gateway.create_link(b'{"invoiceNumber":"INV-1","currency":"USD"}'),
        "cancel": lambda: gateway.cancel_or_refund("INV-1"),
        "refund": lambda: gateway.refund_order("HPP-1", "R-1", Money(1, "USD"), "x"),
        "read": lambda: gateway.read_order("HPP-1"),
    }
    canned.body = WHOLE
    for call in calls.values():
        await call()  # whole, each of them is an answer
    for name, canned.body, canned.content_type in mutants():
        with cases.trying(name):
            for what, call in calls.items():
                begun = time.monotonic()
                try:
                    answer = await call()
                except OutcomeUnknown:
                    continue
                finally:
                    assert time.monotonic() - begun < 1, f"{what} took long"
                raise AssertionError(f"{what} accepted {answer}")
    assert cases.count >= 300
    cases.report(promise, "H6")


def test_H6_the_standard_reader_takes_many_of_them() -> None:
    """The control: that a mutant is refused says something about the reader, not about the mutant alone."""
    taken = 0
    for _, body, _ in mutants():
        with contextlib.suppress(ValueError, RecursionError):
            taken += isinstance(json.loads(body), dict)
    assert taken > 60


WRONG: dict[str, tuple[object, ...]] = {
    "amount": (True, [], {}, "x", "NaN", "1e2", " 1", "", -1, "-1", 1.005, "1.005", [182.75], "١٢", "1,5", 1e30),
    "surcharge": (True, [], {}, "x", -1, 0.001),
    "currency": (5, None, [], {}, "", "US", "XXX", "BTC", "$"),
    "refunds": (5, "x", {}, [1], [None], [{"amount": True}], [{"amount": 1, "currency": "EUR"}], [{}]),
}
WRONG_LINK: dict[str, tuple[object, ...]] = {
    "link": (5, True, None, [], {}, "", ["https://pay.optty.com/abc"]),
    "invoiceNumber": ("INV-2", "inv-1", ""),
    "currency": ("EUR", "usd", ""),
    "price": (1, 182.74, "182.76", "x", 182.755, 18275),
}


async def test_H6_values_of_a_wrong_type_are_refused(promise: Promise) -> None:
    cases, canned = Cases(), Canned()
    gateway = HttpGateway(replace(TRAINING, link_hosts=(".optty.com",)), KEYS, canned, FakeClock())
    asked = b'{"invoiceNumber":"INV-1","currency":"USD","price":182.75}'
    calls: tuple[tuple[Callable[[], Awaitable[object]], dict[str, tuple[object, ...]]], ...] = (
        (lambda: gateway.read_order("HPP-1"), WRONG),
        (lambda: gateway.create_link(asked), WRONG_LINK),
    )
    for call, wrong in calls:
        for name, value in ((name, value) for name, values in wrong.items() for value in values):
            canned.body = json.dumps({**json.loads(WHOLE), name: value}).encode()
            try:
                cases.add((name, value), f"accepted as {await call()}")
            except OutcomeUnknown:
                cases.add((name, value))
    cases.report(promise, "H6")


# H8 Hosts


PIECES = [
    *"htps:/\\@#?.%-_ \n\t\0\u3002\uff0f\u0430\u202e[]",
    *("https://", "http://", "//", "pay", ".optty", ".com", "optty.com", "evil.example", "%2e", "%00", "%5c"),
    *("..", "xn--"),
]


def fuzzed(chance: random.Random) -> str:
    """Return a true address with a few pieces put in, taken out or swapped, or pieces alone."""
    if chance.random() < 0.2:
        return "https://" * chance.randrange(2) + "".join(chance.choices(PIECES, k=chance.randrange(1, 12)))
    text = chance.choice(GOOD[:-1] + HOSTILE)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(min(len(text), 40) + 1)
        piece = chance.choice(PIECES) if chance.random() < 0.7 else ""
        text = text[:place] + piece + text[place + chance.randrange(3) :]
    return text


def test_H8_only_known_hosts_become_links(promise: Promise) -> None:
    cases = Cases()
    for environment in (LIVE, SANDBOX, WHITE_LABEL):
        for text in GOOD:
            cases.add(text, "" if check_link(text, environment) == text else "changed")
        for text in HOSTILE:
            cases.add(text, "accepted" if is_accepted(text, environment) else "")
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)  # noqa: S311  the seed stands in every failure
    accepted = 0
    for _ in range(10_000):
        text = fuzzed(chance)
        with cases.trying((seed, text)):
            check_reading(text)
        accepted += is_accepted(text, LIVE)
    assert 0 < accepted < cases.count / 2
    cases.report(promise, "H8")


def test_H8_a_check_of_the_end_of_the_host_lets_some_through() -> None:
    """The control: what is commonly written instead of a check."""
    taken = []
    for text in HOSTILE:
        with contextlib.suppress(ValueError):
            if (urlsplit(text).hostname or "").endswith("optty.com"):
                taken.append(text)
    assert len(taken) > 40


def is_accepted(text: str, environment: Environment) -> bool:
    try:
        check_link(text, environment)
    except UnsafeLink:
        return False
    return True


# H9 Values that want to be more than values


ODD_VALUES = [
    *("a/b", "/a", "a/../../token", "..%2f..", "%2e%2e", "a//b", "//evil.example/x", "http://evil.example/"),
    "\\\\evil",
    *("a?b=c", "a#b", "a;b", "a&b=c", "a b", "a%0d%0aX: 1", "%00", "@evil.example", ":8080/", "{invoiceNumber}", "é€"),
    *("...x", "a..", "~", "*", "'\"", "<>", "|", "^`", "[x]", "+", "=", "$", ",", "!", '","price":1,"x":"', "%"),
]
REFUSED_VALUES = [
    *("", ".", "..", "...", "a\r\nX-Evil: 1", "a\nb", "\ra", "a\x00b", "\x7f", "a\u202eb", "a\u2028b", "x" * 201),
]
KNOWN_HEADERS = {
    *("host", "connection", "user-agent", "accept", "accept-encoding", "authorization", "content-length"),
    "content-type",
}


CLOSED = {"status": "CANCELLED", "refundStatus": "SUCCESSFUL"}
"""An answer that every call can use."""


def problem_of(request: Request, api: str, target: str) -> str:
    """What is wrong with the place a request went to, or with its headers."""
    if not set(request.headers) <= KNOWN_HEADERS or request.raw.count(b"\r\n") != len(request.headers) + 2:
        return f"headers {sorted(request.headers)}"
    if request.headers["host"] not in api:
        return f"host {request.headers['host']}"
    if request.target.count("/") != target.count("/") or set("?#;&\\ ") & set(request.target):
        return f"target {request.target}"
    front, _, back = target.partition("{}")
    return "" if request.target.startswith(front) and request.target.endswith(back) else f"target {request.target}"


async def test_H9_no_value_becomes_a_path_or_a_header(
    transport: HttpTransport, clock: FakeClock, promise: Promise
) -> None:
    cases = Cases()
    async with PretendOptty() as optty:
        gateway = HttpGateway(optty.environment, KEYS, transport, clock)
        for value in ODD_VALUES:
            for field, target, call in (
                ("order reference", "/orders/{}", lambda v: gateway.read_order(v)),
                ("invoice number", "/links/{}/close", lambda v: gateway.cancel_or_refund(v)),
                ("refunded order", "/orders/{}/refund", lambda v: gateway.refund_order(v, "R", Money(1, "USD"), "x")),
            ):
                optty.will_answer(CLOSED)
                await call(value)
                cases.add((field, value), problem_of(optty.calls[-1], optty.environment.api_url, target))
        for value in ODD_VALUES + REFUSED_VALUES:
            await try_bodies(cases, optty, gateway, value)
            await try_sign_in(cases, optty, transport, value)
        for value in REFUSED_VALUES:
            before = len(optty.calls)
            for field, call in (("read", gateway.read_order), ("cancel", gateway.cancel_or_refund)):
                with pytest.raises(NotSent):
                    await call(value)
                cases.add((field, value), "sent" if len(optty.calls) > before else "")
        await transport.close()
    assert cases.count >= 200
    cases.report(promise, "H9")


async def try_bodies(cases: Cases, optty: PretendOptty, gateway: HttpGateway, value: str) -> None:
    """Put the value into every text of the two bodies; each must come out as it went in."""
    optty.will_answer({"link": "https://pay.optty.com/abc"})
    draft = replace(DRAFT, email=value, phone=value, account_code=value)
    await gateway.create_link(gateway.create_body(LinkOrder(value, draft, value, value)))
    request = optty.calls[-1]
    body = json.loads(request.body)
    texts = {body[name] for name in ("email", "phoneNumber", "invoiceNumber", "referenceName", "description")}
    problem = problem_of(request, optty.environment.api_url, "/custom/hpp")
    cases.add(("create", value), problem or ("" if texts == {value} and body["price"] == 99.9 else f"body {body}"))
    optty.will_answer(CLOSED)
    await gateway.refund_order("HPP-1", value, Money(1, "USD"), value)
    body = json.loads(optty.calls[-1].body)
    wanted = {"refundReference": value, "refundAmount": {"amount": 0.01, "currency": "USD"}, "refundDescription": value}
    problem = problem_of(optty.calls[-1], optty.environment.api_url, "/orders/HPP-1/refund")
    cases.add(("refund", value), problem or ("" if body == wanted else f"body {body}"))


async def try_sign_in(cases: Cases, optty: PretendOptty, transport: HttpTransport, value: str) -> None:
    """Sign in with the value as id and secret, and be given it as a token."""
    before = len(optty.token_requests)
    stranger = HttpGateway(optty.environment, Credentials(value, value), transport, FakeClock())
    await stranger.sign_in()
    request = optty.token_requests[-1]
    form = parse_qs(request.body.decode(), keep_blank_values=True, strict_parsing=True)
    problem = problem_of(request, optty.environment.api_url, "/token")
    is_kept = form["client_id"] == form["client_secret"] == [value] and len(form) == 4
    cases.add(("sign in", value), problem or ("" if is_kept and len(optty.token_requests) == before + 1 else f"{form}"))


async def test_H9_no_token_becomes_a_header(transport: HttpTransport, clock: FakeClock, promise: Promise) -> None:
    cases = Cases()
    async with PretendOptty() as optty:
        for value in ODD_VALUES + REFUSED_VALUES:
            gateway = HttpGateway(optty.environment, KEYS, transport, clock)
            optty.will_give(value)
            optty.will_answer(CLOSED)
            try:
                await gateway.read_order("HPP-1")
            except AppError as error:
                optty.answers.clear()
                cases.add(("token", value), "" if isinstance(error, NotSent) else repr(error))
                continue
            request = optty.calls[-1]
            problem = problem_of(request, optty.environment.api_url, "/orders/HPP-1")
            is_kept = request.headers["authorization"] == f"Bearer {value}"
            cases.add(("token", value), problem or ("" if is_kept else f"{request.headers}"))
        await transport.close()
    cases.report(promise, "H9")
