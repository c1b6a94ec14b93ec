"""What goes over the wire, and what never does: the same bytes again, no false agreement, no float."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optty_desktop.api.environments import training_environment
from optty_desktop.api.gateway import HttpGateway
from optty_desktop.api.strict_json import read_strict_json
from optty_desktop.api.transport import HttpTransport
from optty_desktop.api.wire import create_body
from optty_desktop.api.wire_orders import order_reading, refund_body
from optty_desktop.core.currencies import CURRENCIES
from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import OutcomeUnknown
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.money import AmountUnclear, Money, parse_amount
from optty_desktop.core.ports import LinkOrder
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session
from optty_desktop.training.checks import money_of
from optty_desktop.training.faults import Fault
from optty_desktop.training.server import TrainingServer
from tests.api.pretend_optty import PretendOptty
from tests.api.raw_server import reply, then_close
from tests.api.test_wire import DRAFT
from tests.fakes import IDENTITY, START, FakeClock, MemoryJournal, counted_bytes, draft
from tests.faults.cases import Cases
from tests.faults.test_cut_money_calls import paid_link
from tests.promises import Promise, Scaled

DEADLINE = 0.2
"""Seconds a money call may take here, so that an answer can be late without anybody waiting."""

UNKNOWN_OUTCOMES = (
    Fault("drop_before"),
    Fault("drop_after"),
    Fault("delay", seconds=60),
    Fault("drip", seconds=DEADLINE / 4),
    Fault("cut_json"),
    Fault("wrong_json"),
    Fault("status", status=500),
    Fault("status_after", status=502),
    Fault("status", status=503, retry_after=1),
    Fault("status_after", status=408),
    Fault("redirect"),
    Fault("captive_portal"),
)
"""The twelve ways in which a money call ends without an answer that counts."""


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give money calls little time."""
    monkeypatch.setattr("optty_desktop.api.gateway.MONEY_SECONDS", DEADLINE)


@pytest.mark.usefixtures("short")
@pytest.mark.limit(300)
async def test_L3_an_unknown_create_is_repeated_with_the_same_bytes(
    transport: HttpTransport, clock: FakeClock, promise: Promise, scaled: Scaled
) -> None:
    cases, random_bytes, sent = Cases(), counted_bytes(), 0
    with TrainingServer(clock=lambda: START) as server:
        keys = Credentials(server.client_id, server.client_secret)
        environment = training_environment(server.url)
        for turn in range(scaled(1, 50)):
            for place, fault in enumerate(UNKNOWN_OUTCOMES):
                journal = MemoryJournal()
                gateway = HttpGateway(environment, keys, transport, clock)
                await gateway.sign_in()
                till = Session(gateway, journal, IDENTITY, clock, random_bytes)
                server.faults.add("create", fault)
                with pytest.raises(OutcomeUnknown):
                    await CreateLink(till, str).create(draft())
                (operation,) = journal.kept.values()
                if (turn + place) % 2:  # a start of the program lies between the two
                    till = Session(gateway, journal, IDENTITY, clock, random_bytes)
                    await FollowStatus(till, lambda _line: None, lambda: 1.0).take_up()
                clock.advance(3600)
                await repeat(till, operation.invoice_number)
                number = operation.invoice_number
                bodies = [one.body for one in server.ledger.received() if number in one.body]
                sent += len(bodies)
                is_same = set(bodies) <= {operation.body.decode()} and len(bodies) <= 2
                cases.add((turn, fault), "" if is_same else f"{len(bodies)} bodies, {len(set(bodies))} kinds")
        await transport.close()
    assert sent > 1.8 * cases.count, "on a slow machine a call may end before it is heard, but hardly ever"
    cases.report(promise, "L3")


async def repeat(till: Session, number: str) -> PaymentLink:
    """Press "Try again" once; whatever comes of it, return the row."""
    with contextlib.suppress(OutcomeUnknown):
        await CreateLink(till, str).repeat(number)
    return await till.find(number)


@pytest.mark.usefixtures("short")
@pytest.mark.limit(300)
async def test_R4_an_unknown_cancel_or_refund_goes_out_once(
    transport: HttpTransport, clock: FakeClock, promise: Promise, scaled: Scaled
) -> None:
    cases, sent = Cases(), 0
    with TrainingServer(clock=lambda: START) as server:
        keys = Credentials(server.client_id, server.client_secret)
        gateway = HttpGateway(training_environment(server.url), keys, transport, clock)
        await gateway.sign_in()
        for turn in range(scaled(1, 25)):
            for place, fault in enumerate(UNKNOWN_OUTCOMES):
                number = f"C-{turn}-{place}-"
                paid_link(server, number)
                server.faults.add("cancel_or_refund", fault)
                with contextlib.suppress(OutcomeUnknown):
                    await gateway.cancel_or_refund(number)
                calls = [one for one in server.ledger.received() if number in one.path]
                sent += len(calls)
                cases.add((turn, fault), "" if len(calls) <= 1 else f"{len(calls)} calls")
        await transport.close()
    assert sent > 0.9 * cases.count
    cases.report(promise, "R4")


# L4 "Already exists"


def held(**changes: object) -> dict[str, object]:
    """An order as the service would show it for the draft, but for these fields."""
    whole = {"merchantReference": "HPP-1", "status": "SUCCESSFUL", "amount": 182.75, "currency": "USD", "surcharge": 0}
    return {**whole, **changes}


CONFLICTS = [
    *(held(amount=amount) for amount in (182.74, 182.76, 18275, 0, 1827.5, 0.01, "182.7", 365.5, -182.75, None)),
    *(held(amount=amount, surcharge=fee) for amount, fee in ((200, 17.24), (182.76, 0.02), (182.7, -0.05))),
    held(surcharge=-1),
    *(held(currency=code) for code in ("EUR", "CAD", "GBP", "AUD", "KWD", "BTC", "US", None)),
    *(held(currency="JPY", amount=amount) for amount in (18275, 183)),
    *(held(status=word) for word in ("SOMETHING", "", None, 7, "PAID?", "AUTHORISED", ["PAID"])),
    held(amount="182,75"),
    held(amount=True),
]


async def test_L4_already_exists_counts_only_after_an_equal_read(
    transport: HttpTransport, clock: FakeClock, promise: Promise
) -> None:
    cases, random_bytes = Cases(), counted_bytes()
    async with PretendOptty() as optty:
        gateway = HttpGateway(optty.environment, Credentials("merchant-1", "s3cret"), transport, clock)
        for document in (held(), *CONFLICTS):
            till = Session(gateway, MemoryJournal(), IDENTITY, clock, random_bytes)
            optty.answers.append(then_close(b""))
            with pytest.raises(OutcomeUnknown):
                await CreateLink(till, str).create(draft())
            (row,) = till.book
            optty.answers.append(reply(400, b'{"message":["invoiceNumber already exists"]}'))
            optty.will_answer(document)
            after = await repeat(till, row.invoice_number)
            if document == held():
                assert (after.state, after.paid) == (LinkState.PAID, draft().amount), "the control: all is equal"
                continue
            is_shown = after.state is LinkState.UNKNOWN and after.url is None and after.paid is None
            if any(document[name] != held()[name] for name in ("amount", "currency", "surcharge")):
                is_shown &= await till.open_operation(row.invoice_number) is not None
            cases.add(document, "" if is_shown else f"became {after.state}")
            assert not optty.answers
        await transport.close()
    assert cases.count >= 30
    cases.report(promise, "L4")


# L7 Amounts


DIGITS = {"western": "0123456789", "arabic": "٠١٢٣٤٥٦٧٨٩", "persian": "۰۱۲۳۴۵۶۷۸۹"}
MARKS = ((",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("'", "."), ("", "."), ("", ","), ("\u066c", "\u066b"))


@st.composite
def typed_amounts(draw: st.DrawFn) -> tuple[str, Money]:
    """An amount in whole minor units, and how somebody somewhere would type it."""
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    minor = draw(st.integers(1, 999_999_999_999) | st.integers(1, 100_000))
    digits = CURRENCIES[currency].digits
    group, point = draw(st.sampled_from(MARKS))
    figure = str(minor).zfill(digits + 1)
    whole, fraction = figure[: len(figure) - digits], figure[len(figure) - digits :]
    text = f"{int(whole):,}".replace(",", group) + (point + fraction if digits else "")
    numerals = draw(st.sampled_from(sorted(DIGITS)))
    return text.translate(str.maketrans(DIGITS["western"], DIGITS[numerals])), Money(minor, currency)


def problem_with(text: str, money: Money) -> str:
    """Type, send, read back: every step must give the same whole number of minor units."""
    try:
        typed = parse_amount(text, money.currency)
    except AmountUnclear as unclear:
        typed = next((one for one in unclear.readings if one == money), unclear.readings[0])
    if typed != money:
        return f"typed {typed}"
    order = LinkOrder("INV-1", replace(DRAFT, amount=typed), "Order 1", "Phone order")
    body = json.loads(create_body(order), parse_float=Decimal)
    refund = json.loads(refund_body("R-1", typed, "Back"), parse_float=Decimal)["refundAmount"]
    for name, number in (("price", body["price"]), ("item", body["items"][0]["price"]), ("refund", refund["amount"])):
        if money_of(number, money.currency) != money or Decimal(number).scaleb(money.digits) != money.minor:
            return f"{name} {number}"
    echo = format(body["price"], "f")
    for form in (echo, f'"{echo}"', echo.rstrip("0").rstrip(".") if "." in echo else echo):
        document = read_strict_json(f'{{"status":"PAID","amount":{form},"currency":"{money.currency}"}}'.encode())
        if order_reading(document, "HPP-1").amount != money:
            return f"read back {form}"
    return ""


def test_L7_amounts_are_exact(promise: Promise, scaled: Scaled) -> None:
    cases = Cases()

    @settings(max_examples=scaled(300, 10_000))
    @given(typed_amounts())
    def check(amount: tuple[str, Money]) -> None:
        problem = problem_with(*amount)
        cases.add(amount, problem)
        assert not problem

    check()
    cases.report(promise, "L7")


def test_L7_floats_would_lose_money() -> None:
    """The control: the way of a careless plugin differs by minor units, and the check above sees it."""
    assert sum(int(minor / 100 * 100) != minor for minor in range(1, 1000)) > 10
