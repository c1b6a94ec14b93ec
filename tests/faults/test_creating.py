"""What is promised about making links, each promise by its id."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import secrets
import ssl
import time
from collections import Counter as Counts
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optty_desktop.api import gateway as gateway_module
from optty_desktop.api.environments import training_environment
from optty_desktop.api.gateway import HttpGateway
from optty_desktop.api.transport import HttpTransport
from optty_desktop.api.wire import create_body, money_on_the_wire
from optty_desktop.core.currencies import CURRENCIES, digits_of
from optty_desktop.core.drafts import LinkDraft
from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import AnswerNotStored, AppError, DiskFull, NotAllowedNow, OutcomeUnknown, UnsafeLink
from optty_desktop.core.invoice_numbers import is_invoice_number, new_invoice_number
from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.money import Money
from optty_desktop.core.operations import OperationKind
from optty_desktop.core.ports import LinkOrder, Record
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session
from optty_desktop.training.faults import Fault
from optty_desktop.training.records import Link, OrderStatus
from optty_desktop.training.server import TrainingServer
from tests.fakes import IDENTITY, START, FakeClock, FakeOptty, draft, session
from tests.faults.unsafe import create_with_fresh_numbers
from tests.faults.world import Counter, Died, Fate, Life, Line, till_of
from tests.promises import Promise, Scaled


@dataclass(frozen=True)
class Making:
    """One schedule of a create: the fates of the first calls, and the step at which the process dies."""

    first: Fate
    second: Fate
    dies_at: int | None


def makings() -> Iterator[Making]:
    for first, second, dies_at in itertools.product(Fate, (Fate.THROUGH, Fate.LATE, Fate.NO_ANSWER), (None, *range(8))):
        yield Making(first, second, dies_at)


async def made_and_settled(making: Making) -> tuple[list[Link], Counter]:
    """Create, die, come back; a person repeats what has no answer, twice at the most."""
    counter = Counter()
    counter.fates["create"] = [making.first, making.second]
    life = Life(counter.service, making.dies_at)
    line = Line(counter.service, life.step, counter.kept, counter._fate)
    with suppress(Died, AppError):
        await CreateLink(till_of(life, line, counter.kept, counter.random), str).create(draft())
    counter.restart()
    await FollowStatus(counter.till, lambda _line: None, lambda: 1.0).take_up()
    for _ in range(2):
        counter.wait(60)
        for operation in await counter.kept.open_operations():
            with suppress(AppError):
                await CreateLink(counter.till, str).repeat(operation.invoice_number)
    counter.wait(600)
    return counter.service.ledger.links(), counter


async def test_L1_L2_every_schedule_makes_one_link_that_the_till_knows(promise: Promise) -> None:
    double, unknown, worst = [], [], 0.0
    grid = list(makings())
    for making in grid:
        begun = time.monotonic()
        links, counter = await made_and_settled(making)
        worst = max(worst, time.monotonic() - begun)
        double += [f"{making}: {len(links)} links"] if len(links) > 1 else []
        unknown += [f"{making}" for link in links if link.invoice_number not in counter.kept.saved]
        unknown += [f"{making}: silent" for one in counter.kept.kept.values() if one.is_open and not one.body]
    promise("L1", len(grid), double, worst)
    promise("L2", len(grid), unknown, worst)


async def test_the_schedules_see_a_till_that_takes_fresh_numbers() -> None:
    several = 0
    for fate in (Fate.NO_ANSWER, Fate.LATE):
        counter = Counter()
        counter.fates["create"] = [fate]
        await create_with_fresh_numbers(counter.till, draft())
        counter.wait(600)
        several += len(counter.service.ledger.links()) > 1
    assert several == 2


FAULTS = {
    "closed before": Fault("drop_before"),
    "closed after": Fault("drop_after"),
    "500": Fault("status"),
    "500 after": Fault("status_after"),
    "502": Fault("status", status=502, message="Bad gateway"),
    "503": Fault("status_after", status=503, retry_after=9),
    "408": Fault("status_after", status=408),
    "cut JSON": Fault("cut_json"),
    "wrong JSON": Fault("wrong_json"),
    "guest network": Fault("captive_portal"),
    "redirect": Fault("redirect"),
    "late answer": Fault("delay", seconds=0.6),
    "drip": Fault("drip", seconds=0.1),
}


@dataclass
class Shop:
    """A till over real HTTP on a training server."""

    server: TrainingServer
    till: Session
    transport: HttpTransport


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingServer]:
    monkeypatch.setattr(gateway_module, "MONEY_SECONDS", 0.3)
    with TrainingServer() as running:
        yield running


def shop_at(server: TrainingServer) -> Shop:
    """A till signed in to the server."""
    transport = HttpTransport("test", ssl_context=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    clock = FakeClock(datetime.now(UTC))
    credentials = Credentials(server.client_id, server.client_secret)
    gateway = HttpGateway(training_environment(server.url), credentials, transport, clock)
    return Shop(server, replace_gateway(session(clock=clock), gateway), transport)


def replace_gateway(till: Session, gateway: HttpGateway) -> Session:
    return Session(gateway, till.journal, IDENTITY, till.clock, secrets.token_bytes)


def a_draft(minor: int = 18275) -> LinkDraft:
    return draft(amount=f"{minor / 100:.2f}", due_at=datetime.now(UTC) + timedelta(days=1))


@pytest.mark.limit(300)
async def test_L3_an_unknown_create_is_repeated_byte_for_byte(
    server: TrainingServer, promise: Promise, scaled: Scaled
) -> None:
    wrong, cases = [], list(FAULTS) * scaled(1, 50)
    shop = shop_at(server)
    await shop.till.gateway.sign_in()
    for name in cases:
        server.faults.add("create", FAULTS[name])
        verb = CreateLink(shop.till, str)
        with pytest.raises(OutcomeUnknown):
            await verb.create(a_draft())
        (operation,) = await shop.till.journal.open_operations()
        with suppress(OutcomeUnknown):
            await verb.repeat(operation.invoice_number)
        sent = [one.body for one in server.ledger.received() if operation.invoice_number in one.body]
        prints = {hashlib.sha256(body.encode()).hexdigest() for body in sent}
        if len(sent) != 2 or prints != {hashlib.sha256(operation.body).hexdigest()}:
            wrong.append(f"{name}: {len(sent)} sent, {len(prints)} bodies")
        if sum(link.invoice_number == operation.invoice_number for link in server.ledger.links()) != 1:
            wrong.append(f"{name}: not one link")
    await shop.transport.close()
    promise("L3", len(cases), wrong, 0.0)


AMOUNTS = [Money(1, "USD"), Money(18274, "USD"), Money(18276, "USD"), Money(182750, "USD"), Money(18275, "EUR")]
STATUSES = [*OrderStatus, "refunded"]


def with_order(link: Link, status: OrderStatus | str, amount: Money, counter: Counter) -> None:
    """Let the service hold this number with another amount, in that status."""
    number, customer = link.invoice_number, counter.service.customer
    counter.service.ledger.change(number, lambda link, _: replace(link, price=amount))
    customer.start(number)
    match status:
        case OrderStatus.PENDING:
            customer.pay_late(number)
        case OrderStatus.SUCCESSFUL:
            customer.pay(number)
        case OrderStatus.DECLINED:
            customer.decline(number)
        case OrderStatus.CANCELLED:
            customer.cancel(number)
        case OrderStatus.ERROR:
            customer.fail(number)
        case "refunded":
            customer.pay(number)
            counter.service.ledger.cancel_or_refund(number)


async def test_L4_a_number_held_with_other_money_is_a_conflict(promise: Promise) -> None:
    accepted = []
    grid = list(itertools.product(AMOUNTS, STATUSES))
    for amount, status in grid:
        counter = Counter()
        counter.fates["create"] = [Fate.NO_ANSWER]
        with suppress(OutcomeUnknown):
            await CreateLink(counter.till, str).create(draft())
        (row,) = counter.till.book
        with_order(counter.service.ledger.link(row.invoice_number), status, amount, counter)
        with pytest.raises(OutcomeUnknown):
            await CreateLink(counter.till, str).repeat(row.invoice_number)
        after = await counter.till.find(row.invoice_number)
        if (after.state, after.note) != (LinkState.UNKNOWN, Note.AMOUNT_DIFFERS):
            accepted.append(f"{amount} {status}: {after.state} {after.note}")
    promise("L4", len(grid), accepted, 0.0)


@pytest.mark.parametrize(
    "url", ["https://portal.example/pay", "http://optty.com/pay/1", "https://optty.com.example/", "javascript:alert(1)"]
)
async def test_L4_an_address_elsewhere_is_held_back(server: TrainingServer, url: str) -> None:
    shop = shop_at(server)
    server.faults.add("create", Fault("bad_link", url=url))
    with pytest.raises(UnsafeLink):
        await CreateLink(shop.till, str).create(a_draft())
    (row,) = shop.till.book
    assert (row.state, row.note, row.url) == (LinkState.PENDING, Note.ADDRESS_HELD_BACK, None)
    assert [link.invoice_number for link in server.ledger.links()] == [row.invoice_number]
    await shop.transport.close()


@pytest.mark.parametrize("status", STATUSES)
async def test_L4_the_same_money_read_back_is_our_link(status: OrderStatus | str) -> None:
    counter = Counter()
    counter.fates["create"] = [Fate.NO_ANSWER]
    with suppress(OutcomeUnknown):
        await CreateLink(counter.till, str).create(draft())
    (row,) = counter.till.book
    with_order(counter.service.ledger.link(row.invoice_number), status, row.amount, counter)
    after = await CreateLink(counter.till, str).repeat(row.invoice_number)
    assert after.state is not LinkState.UNKNOWN
    assert await counter.till.open_operation(row.invoice_number) is None


async def test_L5_pressed_again_and_again_one_repeat_is_sent(promise: Promise) -> None:
    wrong = []
    for presses in range(2, 21):
        counter = Counter()
        counter.fates["create"] = [Fate.LOST]
        verb = CreateLink(counter.till, str)
        with suppress(OutcomeUnknown):
            await verb.create(draft())
        (row,) = counter.till.book
        results = await asyncio.gather(
            *(verb.repeat(row.invoice_number) for _ in range(presses)), return_exceptions=True
        )
        refused = sum(isinstance(one, NotAllowedNow) for one in results)
        after = await counter.till.find(row.invoice_number)
        if (refused, len(counter.service.bodies), after.url is None) != (presses - 1, 1, False):
            wrong.append(f"{presses} presses: {len(counter.service.bodies)} calls, {refused} refused")
    promise("L5", 19, wrong, 0.0)


async def test_L6_one_press_is_one_call_whatever_comes_back(promise: Promise) -> None:
    wrong = []
    for fate in Fate:
        counter = Counter()
        counter.fates["create"] = [fate] * 9
        with suppress(AppError):
            await CreateLink(counter.till, str).create(draft())
        counter.wait(3600)
        if counter.line.calls.count("create") != 1:
            wrong.append(f"{fate}: {counter.line.calls.count('create')} calls")
    promise("L6", len(Fate), wrong, 0.0)


def exact(minor: int, currency: str) -> None:
    """The amount survives the wire both ways, digit for digit."""
    order = LinkOrder("T2-1", draft(amount="1", due_at=START), "Order 1", "Gift set")
    order = replace(order, draft=replace(order.draft, amount=Money(minor, currency)))
    sent = json.loads(create_body(order), parse_float=Decimal, parse_int=Decimal)
    assert sent["price"] * 10 ** digits_of(currency) == minor
    assert sent["subTotal"] == sent["items"][0]["price"] == sent["price"]
    assert money_on_the_wire(sent["price"], currency) == Money(minor, currency)
    assert money_on_the_wire(str(sent["price"]), currency) == Money(minor, currency)


AMOUNT = st.integers(1, 10**12)
CURRENCY = st.sampled_from(sorted(CURRENCIES))


@settings(max_examples=150)
@given(AMOUNT, CURRENCY)
def test_L7_amounts_are_exact(minor: int, currency: str) -> None:
    exact(minor, currency)


@pytest.mark.slow
def test_L7_ten_thousand_amounts_are_exact(promise: Promise) -> None:
    tried = 0

    @settings(max_examples=10_000)
    @given(AMOUNT, CURRENCY)
    def amounts(minor: int, currency: str) -> None:
        nonlocal tried
        tried += 1
        exact(minor, currency)

    amounts()
    promise("L7", tried, 0, 0.0)


def numbers(count: int) -> list[str]:
    """So many numbers of one till whose clock runs, stands, and is set back an hour."""
    moments = itertools.cycle([START, START, START - timedelta(hours=1), START + timedelta(milliseconds=1)])
    return [new_invoice_number("T2", moment, secrets.token_bytes) for moment in itertools.islice(moments, count)]


def test_L8_numbers_never_repeat(promise: Promise) -> None:
    seen = Counts(numbers(20_000))
    assert all(is_invoice_number(number) for number in itertools.islice(seen, 100))
    promise("L8", 20_000, [number for number, times in seen.items() if times > 1], 0.0)


@pytest.mark.slow
@pytest.mark.limit(300)
def test_L8_a_million_numbers_of_eight_processes_never_repeat(promise: Promise) -> None:
    seen: Counts[str] = Counts()
    with ProcessPoolExecutor(8, mp_context=get_context("spawn")) as pool:
        for part in pool.map(numbers, [125_000] * 8):
            seen.update(part)
    promise("L8", seen.total(), [number for number, times in seen.items() if times > 1], 0.0)


async def test_L8_two_tills_from_one_backup_never_share_a_number(tmp_path: Path, promise: Promise) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    journal = await SqliteJournal.open(tmp_path / "first", "training")
    clock = FakeClock()
    before = Session(FakeOptty(), journal, IDENTITY, clock, secrets.token_bytes)
    await CreateLink(before, str).create(draft())
    await journal.back_up(tmp_path / "second" / "training.journal")
    await journal.close()
    made: list[str] = []
    for place in ("first", "second"):
        clock.advance(-600)
        journal = await SqliteJournal.open(tmp_path / place, "training")
        till = Session(FakeOptty(), journal, IDENTITY, clock, secrets.token_bytes)
        for _ in range(25):
            made.append((await CreateLink(till, str).create(draft())).invoice_number)
        assert len(await journal.links()) == 26
        await journal.close()
    promise("L8", len(made), len(made) - len(set(made)), 0.0)


def test_L8_numbers_of_one_till_sort_by_their_time() -> None:
    moments = [START + timedelta(milliseconds=step) for step in range(0, 50_000, 37)]
    made = [new_invoice_number("T2", moment, secrets.token_bytes) for moment in moments]
    assert made == sorted(made)


@pytest.mark.parametrize("is_once", [False, True])
@pytest.mark.parametrize("fate", list(Fate))
@pytest.mark.parametrize("full_at", [1, 2])
async def test_L2_a_full_disk_hides_no_link(full_at: int, fate: Fate, is_once: bool) -> None:
    counter = Counter()
    counter.fates["create"] = [fate]
    commit, commits = counter.till.journal.commit, itertools.count(1)
    has_room = False

    async def full(*records: Record) -> None:
        number = next(commits)
        if not has_room and (number == full_at if is_once else number >= full_at):
            raise DiskFull
        await commit(*records)

    counter.till.journal.commit = full  # type: ignore[method-assign]
    told: Exception | None = None
    try:
        await CreateLink(counter.till, str).create(draft())
    except AppError as error:
        told = error
    counter.wait(60)
    exists = bool(counter.service.ledger.links())
    if full_at == 1:
        assert isinstance(told, DiskFull)
        assert not exists
        assert counter.line.calls == []
        return
    assert not isinstance(told, DiskFull), "it says that nothing was sent"
    assert isinstance(told, AnswerNotStored) == (fate is Fate.THROUGH)
    assert not exists or [row.invoice_number for row in counter.till.book] == [
        link.invoice_number for link in counter.service.ledger.links()
    ]
    has_room = True
    await counter.till.write_owed()
    open_ones = await counter.kept.open_operations()
    assert bool(open_ones) == (fate in (Fate.LOST, Fate.LATE, Fate.NO_ANSWER))
    for operation in open_ones:
        assert operation.kind is OperationKind.CREATE
        with suppress(OutcomeUnknown):
            await CreateLink(counter.till, str).repeat(operation.invoice_number)
    assert len(counter.service.ledger.links()) <= 1


async def test_L2_a_create_whose_window_is_gone_is_found_at_the_next_start(promise: Promise) -> None:
    wrong = []
    for turns in range(12):
        counter = Counter()
        caller = asyncio.ensure_future(CreateLink(counter.till, str).create(draft()))
        for _ in range(turns):
            await asyncio.sleep(0)
        caller.cancel()
        with suppress(asyncio.CancelledError):
            await caller
        counter.restart()
        await FollowStatus(counter.till, lambda _line: None, lambda: 1.0).take_up()
        known = {row.invoice_number for row in counter.till.book}
        wrong += [f"gone after {turns}" for link in counter.service.ledger.links() if link.invoice_number not in known]
    promise("L2", 12, wrong, 0.0)


async def test_L2_a_fault_of_the_program_itself_leaves_a_link_to_check() -> None:
    gateway = FakeOptty()
    till = session(gateway)

    async def break_down(_call: str) -> None:
        raise ZeroDivisionError("a fault of the program")

    gateway.after = break_down
    with pytest.raises(ZeroDivisionError):
        await CreateLink(till, str).create(draft())
    (row,) = till.book
    assert row.state is LinkState.UNKNOWN
    gateway.after = None
    gateway.pay(row.invoice_number)
    assert (await CreateLink(till, str).repeat(row.invoice_number)).state is LinkState.PAID
