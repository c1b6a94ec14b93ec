"""What the till needs from the world. Adapters in ``api``, ``journal`` and ``system`` fill these protocols."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from optty_desktop.core.diagnosis import JournalFacts
from optty_desktop.core.drafts import LinkDraft
from optty_desktop.core.environments import Credentials, Environment, RefundWith
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.hints import Hint, HintSource, Pasted, ReadWish
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.core.news import News
from optty_desktop.core.operations import Operation
from optty_desktop.core.pairing import RelayHead, RelayPairing
from optty_desktop.core.probes import ProbeLine
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.route_import import RouteImport, SecretFile
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.core.updates import Manifest, Package


class Clock(Protocol):
    """Wall clock in UTC for records, monotonic seconds for freshness and deadlines."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """A draft that has its invoice number, with reference and description filled: ready to become bytes."""

    invoice_number: str
    draft: LinkDraft
    reference: str
    description: str


@dataclass(frozen=True, slots=True)
class CreatedLink:
    """The answer to a create. ``url`` has passed the link check. ``raw`` is the whole answer as JSON text."""

    url: str
    order_reference: str | None
    raw_word: str
    raw: str


@dataclass(frozen=True, slots=True)
class OrderReading:
    """An authenticated read of an order: the only thing that may turn a link Paid.

    ``state`` is None when the service's word is not known to us. ``amount`` is the total the customer pays,
    ``surcharge`` the part of it charged as a fee. ``refunded`` is what has gone back for sure, ``refund_pending``
    what is on its way, ``refund_failed`` whether the last refund came back; ``failed_refund_reference`` and
    ``failed_refund_at`` (UTC) say which one that was, where the service does. ``paid_with`` is like "card ending 4242".
    ``invoice_number`` is the link that the service says the order belongs to, where it does.
    """

    order_reference: str
    merchant_reference: str
    state: LinkState | None
    raw_word: str
    amount: Money | None
    surcharge: Money | None = None
    refunded: Money | None = None
    refund_pending: Money | None = None
    refund_failed: bool = False
    failed_refund_reference: str = ""
    failed_refund_at: datetime | None = None
    cancelled_by: str = ""
    updated_at: datetime | None = None
    paid_with: str = ""
    invoice_number: str = ""


@dataclass(frozen=True, slots=True)
class MoneyAnswer:
    """The answer to cancel-or-refund or to an order refund. ``state`` is None when the word does not tell which it was.

    ``is_pending``: the service has taken the refund on but not finished it.
    """

    state: LinkState | None
    is_pending: bool
    raw_word: str
    raw: str


class PaymentGateway(Protocol):
    """Optty for one environment and one pair of credentials.

    Every call raises NotSent, OutcomeUnknown or a Refused; none of them repeats a money call.
    """

    @property
    def environment(self) -> Environment: ...
    async def sign_in(self) -> None:
        """Fetch a token now. Raises SignInRefused when id and secret are not accepted."""

    def create_body(self, order: LinkOrder) -> bytes:
        """The exact bytes of the create call for this order; the same order gives the same bytes."""
        ...

    async def create_link(self, body: bytes) -> CreatedLink:
        """POST the bytes once. Raises AlreadyExists, UnsafeLink beside the common errors."""
        ...

    def check_link(self, url: str) -> str:
        """Return an address unchanged that may reach a customer. Raises UnsafeLink."""
        ...

    def accept_host(self, host: str) -> None:
        """From now on payment links may lead to this host, too: somebody has confirmed it."""

    async def cancel_or_refund(self, invoice_number: str) -> MoneyAnswer:
        """Send the profile's cancel-or-refund call once. Raises NoRoute when the profile has none."""
        ...

    async def read_order(self, order_reference: str) -> OrderReading:
        """Read an order. Raises NotFound while the customer has not begun."""
        ...

    async def refund_order(
        self, order_reference: str, refund_reference: str, amount: Money, description: str
    ) -> MoneyAnswer:
        """Refund ``amount`` of an order once, under its own unique ``refund_reference``."""
        ...

    async def close(self) -> None: ...


class GatewayOpener(Protocol):
    """Makes the gateway for an environment and credentials; touches no network yet."""

    def __call__(self, environment: Environment, credentials: Credentials) -> PaymentGateway: ...


class LineProbe(Protocol):
    """Tries the way to the payment service with the credentials of a gateway; no money call is ever made."""

    async def __call__(self, gateway: PaymentGateway) -> Sequence[ProbeLine]:
        """The steps in the order of the way, within seconds. A failure is a line, not an exception."""
        ...


class ProfileStore(Protocol):
    """The environment profiles of this shop. Every call raises ProfileProblem when their file cannot be used."""

    async def load(self) -> Sequence[Environment]:
        """All profiles but training, as the file says now."""
        ...

    async def save(self, environment: Environment) -> None:
        """Put this profile in the place of the one with its id; all others stay as they are."""

    async def mark_tried(self, used: Environment) -> None:
        """Note that the route of ``used`` has worked at its address; nothing where the profile has others by now."""


class NoticeReader(Protocol):
    """Reads notices as people have them. Every call raises NoticeProblem where there is none that can be read."""

    async def read_text(self, text: str, at: datetime) -> Pasted:
        """What is in a pasted text; ``at`` is when it was pasted."""
        ...

    async def read_file(self, path: Path, at: datetime) -> Pasted:
        """What is in a file on this computer."""
        ...


class OutsideRead(Protocol):
    """Reads a page that is not the payment service's, without any credentials."""

    async def __call__(self, url: str, *, template: str) -> Mapping[str, object]:
        """The JSON object at ``url``; ``template`` is the path without values, for logs.

        Raises NotSent, OutcomeUnknown or a Refused.
        """
        ...


class RouteExport(Protocol):
    """A merchant's own collection that was read. Asking it changes nothing."""

    async def propose(
        self, before: Environment, others: Sequence[Environment], chosen: int | None = None
    ) -> RouteImport:
        """What ``before`` would become beside the ``others``, which are all environments of this till.

        ``chosen`` is the number of the request that a person takes for the cancel-or-refund. Raises CollectionProblem,
        and UnclearCollection where a person has to choose first.
        """
        ...


class RouteExports(Protocol):
    """The exports of a merchant, in files on this computer."""

    async def read(self, paths: Sequence[Path], at: datetime) -> RouteExport:
        """Read a collection, and an environment beside it, at the time ``at``. Raises CollectionProblem."""
        ...

    async def with_secret(self, paths: Sequence[Path], secret: str) -> Sequence[SecretFile]:
        """Those of the files that hold the secret. Raises CollectionProblem when one cannot be read any more."""
        ...

    async def delete(self, file: SecretFile) -> None:
        """Delete the file for good; one that has gone already is fine. Raises FileKept."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Takes a link out of the record because nothing of it exists at the service; its timeline stays."""

    invoice_number: str


Record = PaymentLink | Operation | LinkEvent | Withdrawn


class Journal(Protocol):
    """The durable record of one environment. Raises JournalProblem subclasses."""

    async def commit(self, *records: Record) -> None:
        """Write all records in one durable transaction, or none of them.

        A PaymentLink or Operation replaces the one with the same key, a LinkEvent is appended.
        Raises OperationOpen when a second open operation for a link would come to exist.
        """

    async def link(self, invoice_number: str) -> PaymentLink | None: ...

    async def links(
        self, *, since: datetime | None = None, before: tuple[datetime, str] | None = None, limit: int = 500
    ) -> Sequence[PaymentLink]:
        """Newest first. ``since`` is inclusive; ``before`` is (created_at, invoice_number) of the last one seen."""
        ...

    async def unsettled_links(self) -> Sequence[PaymentLink]:
        """All links that are open, unknown or have a refund on its way, newest first."""
        ...

    async def timeline(self, invoice_number: str) -> Sequence[LinkEvent]:
        """Oldest first."""
        ...

    async def operations(self, invoice_number: str) -> Sequence[Operation]:
        """Oldest first."""
        ...

    async def open_operations(self) -> Sequence[Operation]: ...
    async def link_of_order(self, order_reference: str) -> PaymentLink | None:
        """The link that has this order; the newest where several do."""
        ...

    async def take_hints(self, source: HintSource, wishes: Sequence[ReadWish], cursor: str | None = None) -> None:
        """Keep what is to be read and how far ``source`` has come, in one durable transaction; equal wishes are one.

        Without a ``cursor`` its place stays. Of the orders that were named for one link the newest few are kept.
        """

    async def hint_cursor(self, source: HintSource) -> str | None:
        """How far ``source`` has come, in its own words; None before its first hint."""
        ...

    async def read_wishes(self, invoice_number: str | None = None) -> Sequence[ReadWish]:
        """What hints want read and nobody has read since, of one link or of all, oldest first."""
        ...

    async def grant_wishes(self, *wishes: ReadWish) -> None:
        """Drop what has been read; a wish that was renewed since it was looked up stays."""

    async def health(self) -> None:
        """Look through the whole record. Raises JournalDamaged; after that it can be read and not written."""

    async def back_up_day(self, day: date) -> object:
        """Keep a checked copy for ``day`` beside the record, unless there is one; drop copies older than a week.

        Raises JournalProblem when the copy could not be made; the record itself is untouched.
        """

    async def export(self, path: Path, at: datetime, *, with_contacts: bool = False) -> None:
        """Write the whole record to ``path`` as a readable text, while work goes on; ``at`` stands in it.

        An older file there is replaced. Raises JournalProblem; the file is whole or not there.
        """

    async def block_reason(self) -> str | None:
        """Why this record is not the one that was here before, until somebody confirms it; None for an ordinary one.

        "started_anew 2026-03-21T12:00:00+00:00" (set aside at that time) or "restored 2026-03-20" (the backup's day).
        While there is a reason, a commit that begins a cancel or refund raises RebuildUnconfirmed.
        """
        ...

    async def confirm_rebuilt(self, actor: str) -> None:
        """Note that ``actor`` has compared the record with the service; cancels and refunds are open again."""

    async def facts(self) -> JournalFacts:
        """What support may know about this record: counts and sizes, nothing that anybody wrote."""
        ...

    async def close(self) -> None: ...


class JournalOpener(Protocol):
    """Opens the journal of an environment, taking it for this process alone."""

    async def __call__(self, environment_id: str) -> Journal: ...


class RecordRescuer(Protocol):
    """What can be done about a damaged record that nobody has open. Nothing is thrown away, ever.

    Raises JournalProblem subclasses; what failed can be tried again.
    """

    async def newest_copy(self, environment_id: str) -> date | None:
        """The day of the newest copy that is whole; None where there is none."""
        ...

    async def use_copy(self, environment_id: str, day: date, now: datetime) -> None:
        """Set the record aside and put the copy of ``day`` in its place.

        Raises JournalDamaged when that copy is damaged too; the record is then where it was.
        """

    async def begin_anew(self, environment_id: str, now: datetime) -> None:
        """Set the record aside; the next one begins empty."""


class Keychain(Protocol):
    """The keychain of the operating system. Every call raises KeychainProblem when it cannot be used."""

    async def is_available(self) -> bool: ...
    async def load(self, environment_id: str) -> Credentials | None: ...
    async def store(self, environment_id: str, credentials: Credentials) -> None: ...
    async def erase(self, environment_id: str) -> None: ...


class PairingStore(Protocol):
    """Where a till keeps its pairing with the relay: the keychain. Every call raises KeychainProblem."""

    async def load_pairing(self, environment_id: str) -> RelayPairing | None: ...
    async def store_pairing(self, pairing: RelayPairing) -> None: ...
    async def erase_pairing(self, environment_id: str) -> None: ...


class RelayDesk(Protocol):
    """What a till asks of a relay beside hints. Every call raises a RelayFailure of ``core.relay_failures``."""

    async def pair(self, url: str, code: str, environment: Environment) -> tuple[RelayPairing, str]:
        """Use a code up; return the pairing and the place where the stream begins.

        Raises CodeRefused, and OtherEnvironment for a code of a shop in another environment, which stays good.
        """
        ...

    async def head(self, pairing: RelayPairing) -> RelayHead:
        """Where the stream ends now. Raises NotPaired when the relay does not know the till any more."""
        ...


class VersionMemory(Protocol):
    """Which version of this program last ran on this till. Never fails: what cannot be read is not known."""

    async def load(self) -> ReleaseNumber | None: ...
    async def store(self, version: ReleaseNumber) -> None: ...


class UpdateChannel(Protocol):
    """Where newer versions of this program are announced, and their packages lie."""

    async def newest(self) -> Manifest:
        """What is announced, its signature checked. Raises UpdateRefused, NotSent, OutcomeUnknown."""
        ...

    async def fetch(self, package: Package, take: Callable[[bytes], None]) -> None:
        """Hand the bytes to ``take``, which never raises. Raises UpdateRefused, NotSent, OutcomeUnknown."""


class UpdateMemory(Protocol):
    """The highest number an announcement had so far. Never fails: what cannot be read counts as 0."""

    async def newest_sequence(self) -> int: ...
    async def note_sequence(self, sequence: int) -> None: ...


class PackageStore(Protocol):
    """Packages that wait for an administrator, for the eyes of their owner only. Every call raises OSError."""

    async def take(self, package: Package, fetch: Callable[[Callable[[bytes], None]], Awaitable[None]]) -> Path:
        """Have the package whole and checked; ``fetch`` is asked for its bytes where it is not there yet.

        Raises UpdateRefused where they are not those that were announced; nothing of them is left then.
        """
        ...

    async def keep(self, newest: ReleaseNumber, running: ReleaseNumber) -> Path | None:
        """Drop all packages but that of ``newest`` and the one to go back to; return the latter, if there is one."""
        ...


class HintDesk(Protocol):
    """Where sources bring their hints; the till's side of it. Raises JournalProblem."""

    async def cursor(self, source: HintSource) -> str | None:
        """How far ``source`` has come; None before its first hint."""
        ...

    async def take(self, hints: Sequence[Hint], *, source: HintSource, cursor: str | None = None) -> object:
        """Keep the hints and the place behind them, durably. When it raises, nothing was taken."""
        ...

    def missed(self) -> None:
        """Hints may be missing: have every open link read."""


class ContactRules(Protocol):
    """Checks and normalises contacts; raises EmailProblem and PhoneProblem of core.contacts."""

    def email(self, text: str) -> str: ...
    def phone(self, text: str, default_region: str | None = None) -> str: ...


class SoundPlayer(Protocol):
    """What makes a sound on this computer."""

    async def play(self, news: News, volume: int) -> None:
        """Play the sound of this news to its end, within seconds; ``volume`` is 1 to 100. Silence is never an error."""


class SoundChoices(Protocol):
    """Where it is written down what staff chose about the sounds of this till."""

    async def load(self) -> SoundChoice:
        """What was chosen last; the usual where nothing was, or where it cannot be read."""
        ...

    async def save(self, choice: SoundChoice) -> None:
        """Write it down. Raises ChoiceNotKept."""


class Shown(StrEnum):
    """What became of a notification: somebody pressed it, it went unpressed, or this desktop shows none."""

    ANSWERED = "answered"
    GONE = "gone"
    IMPOSSIBLE = "impossible"


class Notifier(Protocol):
    """Notifications of the desktop, where it has a way of its own."""

    async def show(self, title: str, text: str, action: str) -> Shown:
        """Show one until it goes, which may take hours; it goes, too, when this is cancelled. All are plain texts.

        ``action`` says what a press does.
        """
        ...


def refunds_through_order(environment: Environment, link: PaymentLink) -> bool:
    """Whether money of this link goes back through the documented refund of its order."""
    return environment.refund_with is RefundWith.ORDER and link.order_reference is not None
