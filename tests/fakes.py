"""Stand-ins with behaviour of their own: a pretend Optty without HTTP, a record in memory, a clock that is told."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from optty_desktop.core.audit_chain import Deed
from optty_desktop.core.contacts import EmailProblem, PhoneProblem
from optty_desktop.core.diagnosis import JournalFacts
from optty_desktop.core.drafts import LinkDraft
from optty_desktop.core.environments import (
    Credentials,
    Environment,
    EnvironmentKind,
    Imported,
    RefundWith,
    RouteTemplate,
)
from optty_desktop.core.errors import (
    AlreadyExists,
    AppError,
    ChoiceNotKept,
    CollectionProblem,
    FileKept,
    JournalDamaged,
    JournalProblem,
    KeychainProblem,
    NotFound,
    OperationOpen,
    ProfileProblem,
    RebuildUnconfirmed,
    Refused,
    UnclearCollection,
    UnsafeLink,
)
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.hints import HintSource, ReadWish
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.money import Money
from optty_desktop.core.news import News
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.core.ports import (
    CreatedLink,
    LinkOrder,
    MoneyAnswer,
    OrderReading,
    PaymentGateway,
    Record,
    Shown,
    Withdrawn,
)
from optty_desktop.core.probes import ProbeLine, ProbeSign, ProbeStep
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.route_import import FoundCredentials, FoundRequest, RequestRole, RouteImport, SecretFile
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.core.updates import Manifest, Package, UpdateFlaw, UpdateRefused
from optty_desktop.till.session import Session, TillIdentity

START = datetime(2026, 3, 21, 14, 36, tzinfo=UTC)
IDENTITY = TillIdentity("Corner Store", "Till 2", "T2", "Cashier 1")
TRAINING = Environment(
    id="training",
    name="Training",
    kind=EnvironmentKind.TRAINING,
    token_url="http://127.0.0.1:1/token",
    api_url="http://127.0.0.1:1",
    link_hosts=("127.0.0.1",),
    cancel_or_refund=RouteTemplate("POST", "/training/links/{invoiceNumber}/cancel-or-refund"),
)
LIVE = replace(TRAINING, id="live", name="Live", kind=EnvironmentKind.LIVE)


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def set_forward(self, seconds: float) -> None:
        """Somebody, or the network, sets the wall clock; no time goes by."""
        self._now += timedelta(seconds=seconds)


def counted_bytes() -> Callable[[int], bytes]:
    """Random bytes that differ each time and are the same in each run."""
    count = 0

    def take(size: int) -> bytes:
        nonlocal count
        count += 1
        return (count * 0x9E3779B97F4A7C15 % 2**64).to_bytes(8, "big").rjust(size, b"\x5a")[-size:]

    return take


def draft(amount: str = "182.75", currency: str = "USD", **changes: object) -> LinkDraft:
    """A draft as the form hands it over."""
    plain = LinkDraft(
        amount=Money.from_decimal_text(amount, currency),
        email="guest54@example.com",
        phone="+12025550154",
        due_at=START + timedelta(days=3),
        description="Two boxed gift sets, delivery",
        reference="Order 1054",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def link(number: str = "T2-1", state: LinkState = LinkState.PENDING, **changes: object) -> PaymentLink:
    """A link as the book holds it."""
    amount = changes.pop("amount", Money(18275, "USD"))
    assert isinstance(amount, Money)
    paid = amount if state in (LinkState.PAID, LinkState.REFUNDED) else None
    plain = PaymentLink(
        invoice_number=number,
        amount=amount,
        reference=f"Order {number}",
        description="Two boxed gift sets, delivery",
        email="guest54@example.com",
        phone="+12025550154",
        due_at=START + timedelta(days=3),
        email_customer=False,
        created_at=START,
        created_by="Cashier 1",
        state=state,
        evidence=Evidence(Source.CREATE_ANSWER, START),
        changed_at=START,
        url=f"http://127.0.0.1:1/pay/{number}",
        order_reference=f"HPP-{number}",
        paid=paid,
        paid_at=START if paid else None,
        refunded_minor=amount.minor if state is LinkState.REFUNDED else 0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@dataclass
class FakeAccount:
    """One link at the pretend service: the truth the till has to find out."""

    number: str
    price: Money
    state: LinkState = LinkState.PENDING
    has_order: bool = False
    refunds: list[int] = field(default_factory=list)
    pending_refunds: list[int] = field(default_factory=list)
    failed_refund_at: datetime | None = None
    """The only refund that reads show, when it is set: those after it are not listed yet."""
    unknown_word: str | None = None
    """What reads say in place of a word that is known, when it is set."""


Hook = Callable[[str], Awaitable[None]]


class FakeOptty:
    """A gateway with a ledger. ``before`` and ``after`` are awaited around every call and may raise."""

    def __init__(self, environment: Environment = TRAINING) -> None:
        self.environment = environment
        self.accounts: dict[str, FakeAccount] = {}
        self.calls: list[str] = []
        self.bodies: list[bytes] = []
        self.before: Hook | None = None
        self.after: Hook | None = None
        self.refund_is_instant = True
        self.names_order = True
        self.names_reads = False
        self.ties_orders = True
        """Whether an order says in its merchant reference which link it belongs to."""
        self.is_closed = False

    async def _around(self, call: str, work: Callable[[], object]) -> object:
        self.calls.append(call)
        await asyncio.sleep(0)
        if self.before:
            await self.before(call)
        result = work()
        if self.after:
            await self.after(call)
        return result

    async def sign_in(self) -> None:
        await self._around("sign_in", lambda: None)

    def create_body(self, order: LinkOrder) -> bytes:
        amount = order.draft.amount
        return json.dumps([order.invoice_number, amount.minor, amount.currency, order.reference]).encode()

    async def create_link(self, body: bytes) -> CreatedLink:
        self.bodies.append(body)
        number, minor, currency, _reference = json.loads(body)

        def work() -> CreatedLink:
            if number in self.accounts:
                raise AlreadyExists(400, ("invoiceNumber already exists",))
            self.accounts[number] = FakeAccount(number, Money(minor, currency))
            order = f"HPP-{number}" if self.names_order else None
            return CreatedLink(f"http://127.0.0.1:1/pay/{number}", order, "CREATED", "{}")

        answer = await self._around("create", work)
        assert isinstance(answer, CreatedLink)
        return answer

    def check_link(self, url: str) -> str:
        host = urlsplit(url).hostname or ""
        if host not in self.environment.link_hosts:
            raise UnsafeLink("host not listed", host)
        return url

    def accept_host(self, host: str) -> None:
        self.environment = replace(self.environment, link_hosts=(*self.environment.link_hosts, host))

    async def cancel_or_refund(self, invoice_number: str) -> MoneyAnswer:
        answer = await self._around("cancel_or_refund", lambda: self._cancel_or_refund(self._account(invoice_number)))
        assert isinstance(answer, MoneyAnswer)
        return answer

    async def read_order(self, order_reference: str) -> OrderReading:
        call = f"read {order_reference}" if self.names_reads else "read"
        reading = await self._around(call, lambda: self._read(order_reference))
        assert isinstance(reading, OrderReading)
        return reading

    async def refund_order(
        self, order_reference: str, refund_reference: str, amount: Money, description: str
    ) -> MoneyAnswer:
        assert refund_reference
        assert description
        account = self._account(order_reference.removeprefix("HPP-"))
        answer = await self._around("refund_order", lambda: self._refund(account, amount.minor))
        assert isinstance(answer, MoneyAnswer)
        return answer

    async def close(self) -> None:
        self.is_closed = True

    # What a customer does.

    def start_paying(self, number: str) -> None:
        self._account(number).has_order = True
        self._account(number).state = LinkState.IN_PROGRESS

    def pay(self, number: str) -> None:
        self._account(number).has_order = True
        self._account(number).state = LinkState.PAID

    def decline(self, number: str) -> None:
        self._account(number).has_order = True
        self._account(number).state = LinkState.DECLINED

    def finish_refunds(self, number: str) -> None:
        account = self._account(number)
        account.refunds += account.pending_refunds
        account.pending_refunds = []

    def _account(self, number: str) -> FakeAccount:
        if number not in self.accounts:
            raise NotFound(404, ("Link not found",))
        return self.accounts[number]

    def _cancel_or_refund(self, account: FakeAccount) -> MoneyAnswer:
        if account.state is LinkState.PAID:
            left = account.price.minor - sum(account.refunds) - sum(account.pending_refunds)
            return self._refund(account, left)
        if account.state is LinkState.IN_PROGRESS:
            raise Refused(400, ("payment in progress",))
        account.state = LinkState.CANCELLED
        return MoneyAnswer(LinkState.CANCELLED, is_pending=False, raw_word="CANCELLED", raw="{}")

    def _refund(self, account: FakeAccount, minor: int) -> MoneyAnswer:
        if minor <= 0 or minor > account.price.minor - sum(account.refunds) - sum(account.pending_refunds):
            raise Refused(400, ("over refund limit",))
        (account.refunds if self.refund_is_instant else account.pending_refunds).append(minor)
        word = "REFUNDED" if self.refund_is_instant else "REFUND_PENDING"
        return MoneyAnswer(LinkState.REFUNDED, is_pending=not self.refund_is_instant, raw_word=word, raw="{}")

    def _read(self, order_reference: str) -> OrderReading:
        account = self.accounts.get(order_reference.removeprefix("HPP-"))
        if account is None or not account.has_order:
            raise NotFound(404, ("Order not found",))
        failed_at = account.failed_refund_at
        back, pending = sum(account.refunds), 0 if failed_at else sum(account.pending_refunds)
        state = LinkState.REFUNDED if back else account.state
        currency = account.price.currency
        return OrderReading(
            order_reference=order_reference,
            merchant_reference=order_reference if self.ties_orders else "",
            state=None if account.unknown_word else state,
            raw_word=account.unknown_word or state.upper(),
            amount=account.price,
            refunded=Money(back, currency) if back else None,
            refund_pending=Money(pending, currency) if pending else None,
            refund_failed=failed_at is not None,
            failed_refund_at=failed_at,
        )


class MemoryJournal:
    """A record in memory with the journal's rules; ``commits`` keeps what was written, in order."""

    def __init__(self) -> None:
        self.saved: dict[str, PaymentLink] = {}
        self.kept: dict[str, Operation] = {}
        self.events: list[LinkEvent] = []
        self.commits: list[tuple[Record, ...]] = []
        self.fail_with: Exception | None = None
        self.unreadable: Exception | None = None
        self.blocked_because: str | None = None
        self.confirmed_by: list[str] = []
        self.is_closed = False
        self.backed_up: list[date] = []
        self.wishes: dict[tuple[str, str], ReadWish] = {}
        self.cursors: dict[HintSource, str] = {}
        self._wish_count = 0
        self.write_seconds = 0.0

    async def commit(self, *records: Record) -> None:
        await asyncio.sleep(0)
        if self.fail_with:
            raise self.fail_with
        for record in records:
            if isinstance(record, Operation) and record.is_open:
                self._only_one_open(record)
                self._not_while_blocked(record)
        for record in sorted(records, key=lambda one: isinstance(one, Withdrawn)):
            self._write(record)
        self.commits.append(records)

    def _only_one_open(self, record: Operation) -> None:
        for other in self.kept.values():
            is_other = other.operation_id != record.operation_id
            if is_other and other.is_open and other.invoice_number == record.invoice_number:
                raise OperationOpen(record.invoice_number)

    def _not_while_blocked(self, record: Operation) -> None:
        if self.blocked_because and record.stage is Stage.INTENT and record.kind is not OperationKind.CREATE:
            raise RebuildUnconfirmed(details={"reason": self.blocked_because})

    def _write(self, record: Record) -> None:
        match record:
            case PaymentLink():
                self.saved[record.invoice_number] = record
            case Operation():
                self.kept[record.operation_id] = record
            case LinkEvent():
                self.events.append(record)
            case Withdrawn():
                self.saved.pop(record.invoice_number, None)
                for one in [one for one in self.kept.values() if one.invoice_number == record.invoice_number]:
                    self.kept[one.operation_id] = replace(one, body=b"")

    async def link(self, invoice_number: str) -> PaymentLink | None:
        return self.saved.get(invoice_number)

    async def links(
        self, *, since: datetime | None = None, before: tuple[datetime, str] | None = None, limit: int = 500
    ) -> Sequence[PaymentLink]:
        def key(one: PaymentLink) -> tuple[datetime, str]:
            return (one.created_at, one.invoice_number)

        newest = sorted(self.saved.values(), key=key, reverse=True)
        wanted = [
            one
            for one in newest
            if (since is None or one.created_at >= since) and (before is None or key(one) < before)
        ]
        return wanted[:limit]

    async def unsettled_links(self) -> Sequence[PaymentLink]:
        return [
            one
            for one in await self.links(limit=10**6)
            if one.is_open
            or one.state is LinkState.UNKNOWN
            or one.note in (Note.REFUND_ON_ITS_WAY, Note.CANCEL_NOT_CONFIRMED)
        ]

    async def timeline(self, invoice_number: str) -> Sequence[LinkEvent]:
        if self.unreadable:
            raise self.unreadable
        return [event for event in self.events if event.invoice_number == invoice_number]

    async def operations(self, invoice_number: str) -> Sequence[Operation]:
        return [one for one in self.kept.values() if one.invoice_number == invoice_number]

    async def open_operations(self) -> Sequence[Operation]:
        return [one for one in self.kept.values() if one.is_open]

    async def link_of_order(self, order_reference: str) -> PaymentLink | None:
        having = [one for one in await self.links(limit=10**6) if one.order_reference == order_reference]
        return having[0] if having else None

    async def take_hints(self, source: HintSource, wishes: Sequence[ReadWish], cursor: str | None = None) -> None:
        try:
            await asyncio.sleep(self.write_seconds)
        finally:
            # What was handed in is written, whether or not anybody still waits for it.
            self._take_hints(source, wishes, cursor)

    def _take_hints(self, source: HintSource, wishes: Sequence[ReadWish], cursor: str | None) -> None:
        if self.fail_with:
            raise self.fail_with
        for wish in wishes:
            self._wish_count += 1
            self.wishes.pop((wish.invoice_number, wish.order_reference), None)
            self.wishes[wish.invoice_number, wish.order_reference] = replace(wish, sequence=self._wish_count)
        for number in {wish.invoice_number for wish in wishes}:
            orders = [key for key in self.wishes if key[0] == number and key[1]]
            for key in orders[:-5]:
                del self.wishes[key]
        if cursor is not None:
            self.cursors[source] = cursor

    async def hint_cursor(self, source: HintSource) -> str | None:
        return self.cursors.get(source)

    async def read_wishes(self, invoice_number: str | None = None) -> Sequence[ReadWish]:
        if self.unreadable:
            raise self.unreadable
        return [one for one in self.wishes.values() if invoice_number in (None, one.invoice_number)]

    async def grant_wishes(self, *wishes: ReadWish) -> None:
        for wish in wishes:
            kept = self.wishes.get((wish.invoice_number, wish.order_reference))
            if kept is not None and kept.sequence <= wish.sequence:
                del self.wishes[wish.invoice_number, wish.order_reference]

    async def back_up_day(self, day: date) -> None:
        if self.fail_with:
            raise self.fail_with
        self.backed_up.append(day)

    async def health(self) -> None:
        if self.fail_with:
            raise self.fail_with

    async def export(self, path: Path, at: datetime, *, with_contacts: bool = False) -> None:
        if self.fail_with:
            raise self.fail_with
        rows = [
            {"invoice_number": one.invoice_number} | ({"email": one.email} if with_contacts else {})
            for one in self.saved.values()
        ]
        lines = [{"record": "journal", "exported_at": at.isoformat()}, *rows]
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        await asyncio.to_thread(path.write_text, text, encoding="utf-8")

    async def block_reason(self) -> str | None:
        return self.blocked_because

    async def confirm_rebuilt(self, actor: str) -> None:
        if self.fail_with:
            raise self.fail_with
        self.blocked_because = None
        self.confirmed_by.append(actor)

    async def facts(self) -> JournalFacts:
        if self.fail_with:
            raise self.fail_with
        links = Counter(str(one.state) for one in self.saved.values())
        operations = Counter(f"{one.kind} {one.stage}" for one in self.kept.values())
        is_open = sum(one.is_open for one in self.kept.values())
        return JournalFacts("training", 0, None, "", 1, links, operations, is_open, self.blocked_because)

    async def close(self) -> None:
        self.is_closed = True


class FakeRescuer:
    """Damaged records with their copies. ``copies`` are the days, of which those in ``bad`` turn out to be damaged.

    ``became`` is what stands in the place of each record that was set aside: a day, or None for a new record.
    """

    def __init__(self, *copies: date) -> None:
        self.copies = set(copies)
        self.bad: set[date] = set()
        self.fail_with: Exception | None = None
        self.became: dict[str, date | None] = {}
        self.times: list[datetime] = []

    async def newest_copy(self, environment_id: str) -> date | None:
        await asyncio.sleep(0)
        return max(self.copies, default=None)

    async def use_copy(self, environment_id: str, day: date, now: datetime) -> None:
        await self._work()
        if day in self.bad:
            self.copies.discard(day)
            raise JournalDamaged
        self.became[environment_id] = day
        self.times.append(now)

    async def begin_anew(self, environment_id: str, now: datetime) -> None:
        await self._work()
        self.became[environment_id] = None
        self.times.append(now)

    async def _work(self) -> None:
        await asyncio.sleep(0)
        if self.fail_with:
            raise self.fail_with


class FakeKeychain:
    """A keychain that can be absent."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.items: dict[str, Credentials] = {}

    async def is_available(self) -> bool:
        return self.works

    def _check(self) -> None:
        if not self.works:
            raise KeychainProblem

    async def load(self, environment_id: str) -> Credentials | None:
        self._check()
        return self.items.get(environment_id)

    async def store(self, environment_id: str, credentials: Credentials) -> None:
        self._check()
        self.items[environment_id] = credentials

    async def erase(self, environment_id: str) -> None:
        self._check()
        self.items.pop(environment_id, None)


class FakeProfiles:
    """The profiles of a shop in memory; with ``problem`` nothing of them can be read or written."""

    def __init__(self, *environments: Environment) -> None:
        self.items = {environment.id: environment for environment in environments}
        self.problem: str | None = None
        self.is_read_only = False

    async def load(self) -> Sequence[Environment]:
        await asyncio.sleep(0)
        self._check()
        return tuple(self.items.values())

    async def save(self, environment: Environment) -> None:
        await asyncio.sleep(0)
        self._check()
        if self.is_read_only:
            raise ProfileProblem("environments.toml: cannot be written")
        self.items[environment.id] = environment

    async def mark_tried(self, used: Environment) -> None:
        environment = self.items.get(used.id)
        route = environment.cancel_or_refund if environment is not None else None
        if environment is not None and route is not None and environment.cancels_like(used):
            await self.save(replace(environment, cancel_or_refund=replace(route, tried=True)))

    def _check(self) -> None:
        if self.problem is not None:
            raise ProfileProblem(self.problem)


class FakeAudit:
    """Keeps deeds in memory; with ``problem`` none can be written down."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.problem: JournalProblem | None = None

    async def note(self, deed: Deed) -> None:
        await asyncio.sleep(0)
        if self.problem is not None:
            raise self.problem
        self.deeds.append(deed)


class FakeExports:
    """The files of a merchant: ``change`` is what they would make of a profile.

    With ``candidates`` somebody has to choose first; with ``problem`` the files cannot be used. ``there`` are the files
    that hold the secret, of which those in ``kept`` cannot be deleted.
    """

    def __init__(self, change: Callable[[Environment], Environment] = lambda before: before) -> None:
        self.change = change
        self.credentials = FoundCredentials("shop_live_4F81C2", "pretend-secret")
        self.candidates: tuple[FoundRequest, ...] = ()
        self.problem = ""
        self.more: dict[str, object] = {}
        self.there: set[Path] = set()
        self.kept: set[Path] = set()
        self.reads: list[tuple[tuple[Path, ...], datetime]] = []

    async def read(self, paths: Sequence[Path], at: datetime) -> FakeExports:
        await asyncio.sleep(0)
        self.reads.append((tuple(paths), at))
        if self.problem:
            raise CollectionProblem(self.problem)
        return self

    async def propose(
        self, before: Environment, others: Sequence[Environment], chosen: int | None = None
    ) -> RouteImport:
        await asyncio.sleep(0)
        assert before in others
        if self.candidates and chosen is None:
            raise UnclearCollection("optty.json cannot be used: requests 3 and 4 fit.", self.candidates)
        found = [FoundRequest(RequestRole.TOKEN, 1, "Auth - Merchant", "POST", "https://auth.shop.example/token")]
        found += [one for one in self.candidates if one.number == chosen]
        plain = RouteImport(
            before=before,
            after=self.change(before),
            source=Imported("optty.json", "ab" * 32, START),
            found=tuple(found),
            missing=(),
            differences=(),
            unresolved=(),
            has_scripts=False,
            credentials=self.credentials,
        )
        return replace(plain, **self.more)  # type: ignore[arg-type]

    async def with_secret(self, paths: Sequence[Path], secret: str) -> Sequence[SecretFile]:
        await asyncio.sleep(0)
        assert secret == self.credentials.client_secret
        if gone := [path for path in paths if path.name == "gone.json"]:
            raise CollectionProblem(f"{gone[0].name} is not there, or is not a file.")
        return [SecretFile(path, "cd" * 32) for path in paths if path in self.there]

    async def delete(self, file: SecretFile) -> None:
        await asyncio.sleep(0)
        if file.path in self.kept:
            raise FileKept(file.path.name)
        self.there.discard(file.path)


class FakeLineProbe:
    """Finds everything in order, or fails at one step; ``gateways`` keeps whose credentials were used."""

    def __init__(self) -> None:
        self.failure: ProbeLine | None = None
        self.gateways: list[PaymentGateway] = []
        self.before: Callable[[], Awaitable[object]] | None = None

    async def __call__(self, gateway: PaymentGateway) -> Sequence[ProbeLine]:
        self.gateways.append(gateway)
        if self.before is not None:
            await self.before()
        steps = list(ProbeStep)
        steps.remove(ProbeStep.PROXY)
        if self.failure is None:
            return [ProbeLine(step, ProbeSign.HELD) for step in steps]
        place = steps.index(self.failure.step)
        reached = [ProbeLine(step, ProbeSign.HELD) for step in steps[:place]]
        return [*reached, self.failure, *(ProbeLine(step, ProbeSign.NOT_REACHED) for step in steps[place + 1 :])]


class FakeContactRules:
    """Plain rules without libraries."""

    def email(self, text: str) -> str:
        local, _, domain = text.strip().partition("@")
        if not local or "." not in domain:
            raise EmailProblem
        return text.strip()

    def phone(self, text: str, default_region: str | None = None) -> str:
        digits = "".join(character for character in text if character.isdigit())
        if not text.strip().startswith("+") or not 7 <= len(digits) <= 15:
            raise PhoneProblem
        return f"+{digits}"


class FakePlayer:
    """Keeps what was heard, and how loud. While ``is_held`` a sound lasts until ``let_go``.

    Where it is not ``is_there``, nothing is heard.
    """

    def __init__(self) -> None:
        self.heard: list[tuple[News, int]] = []
        self.is_held = False
        self.is_there = True
        self._over = asyncio.Event()

    async def play(self, news: News, volume: int) -> bool:
        if not self.is_there:
            return False
        self.heard.append((news, volume))
        if self.is_held:
            await self._over.wait()
        return True

    def let_go(self) -> None:
        """The sound is over."""
        self.is_held = False
        self._over.set()


class FakeChoices:
    """What was chosen, in memory. A full disk keeps nothing."""

    def __init__(self, choice: SoundChoice | None = None) -> None:
        self.kept = choice
        self.is_full = False

    async def load(self) -> SoundChoice:
        await asyncio.sleep(0)
        return self.kept or SoundChoice()

    async def save(self, choice: SoundChoice) -> None:
        await asyncio.sleep(0)
        if self.is_full:
            raise ChoiceNotKept
        self.kept = choice


class FakeThemeMemory:
    """The theme that was kept, in memory. A full disk keeps nothing."""

    def __init__(self) -> None:
        self.kept: ThemeChoice | None = None
        self.is_full = False

    async def keep_theme(self, choice: ThemeChoice) -> None:
        await asyncio.sleep(0)
        if self.is_full:
            raise ChoiceNotKept
        self.kept = choice


class FakeNotifier:
    """A desktop that shows one notification until it is pressed, closed or taken back; or one that has none."""

    def __init__(self, *, is_there: bool = True) -> None:
        self.is_there = is_there
        self.shown: tuple[str, str, str] | None = None
        self._end: asyncio.Future[Shown] | None = None

    async def show(self, title: str, text: str, action: str) -> Shown:
        if not self.is_there:
            return Shown.IMPOSSIBLE
        self.shown, self._end = (title, text, action), asyncio.get_running_loop().create_future()
        mine = self.shown
        try:
            return await self._end
        finally:
            if self.shown is mine:
                self.shown = None

    def press(self, ending: Shown = Shown.ANSWERED) -> None:
        """Somebody presses it, or it goes by itself."""
        assert self._end is not None
        self._end.set_result(ending)


def session(
    gateway: FakeOptty | None = None, journal: MemoryJournal | None = None, clock: FakeClock | None = None
) -> Session:
    """A signed-in till on fakes."""
    return Session(gateway or FakeOptty(), journal or MemoryJournal(), IDENTITY, clock or FakeClock(), counted_bytes())


THROUGH_ORDER = replace(TRAINING, refund_with=RefundWith.ORDER)


class FakeVersionMemory:
    """Remembers the version that ran, as a file would."""

    def __init__(self, noted: ReleaseNumber | None = None) -> None:
        self.noted = noted

    async def load(self) -> ReleaseNumber | None:
        return self.noted

    async def store(self, version: ReleaseNumber) -> None:
        self.noted = version


class FakeUpdateChannel:
    """Announces ``manifest``, or fails with ``fail_with``. ``files`` are the packages that lie beside it."""

    def __init__(self, manifest: Manifest | None = None) -> None:
        self.manifest = manifest
        self.fail_with: AppError | None = None
        self.files: dict[str, bytes] = {}
        self.looked = 0

    async def newest(self) -> Manifest:
        self.looked += 1
        if self.fail_with is not None:
            raise self.fail_with
        if self.manifest is None:
            raise UpdateRefused(UpdateFlaw.NOT_THERE)
        return self.manifest

    async def fetch(self, package: Package, take: Callable[[bytes], None]) -> None:
        content = self.files.get(package.file)
        if content is None:
            raise UpdateRefused(UpdateFlaw.NOT_THERE)
        half = len(content) // 2
        take(content[:half])
        take(content[half:])


class FakeUpdateMemory:
    """Remembers the highest number of an announcement."""

    def __init__(self, sequence: int = 0) -> None:
        self.sequence = sequence

    async def newest_sequence(self) -> int:
        return self.sequence

    async def note_sequence(self, sequence: int) -> None:
        self.sequence = sequence


def announced(
    version: str = "1.3.0", *, sequence: int = 7, days: int = 30, packages: Sequence[Package] = ()
) -> Manifest:
    """An announcement of ``START`` that holds for ``days``."""
    expires = START + timedelta(days=days)
    return Manifest(ReleaseNumber.parse(version), START.date(), sequence, expires, tuple(packages))
