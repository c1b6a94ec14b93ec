"""What can go wrong, in the words of the shop floor.

    AppError
    ├── NotSent              surely nothing left this machine; trying again is safe
    ├── OutcomeUnknown       bytes may have left and no valid answer came back
    ├── Refused              the payment service answered no
    │   ├── SignInRefused    client id and secret, or the token made from them, are not accepted
    │   ├── ScopeRefused     the account may not make this kind of call
    │   ├── RouteMissing     the address in this profile does not exist at the service
    │   ├── NotFound         the service does not know this link or order
    │   ├── AlreadyExists    the invoice number is in use at the service
    │   └── TooManyRequests  the service asks for a pause
    ├── UnsafeLink           the service answered with an address that must not reach a customer
    ├── NoRoute              this profile has no address for cancel and refund
    ├── AnswerNotStored      the service did it, but this computer could not record the answer
    ├── OperationOpen        a create, cancel or refund of this link is not settled yet
    ├── NotAllowedNow        the link's state does not allow what was asked
    │   └── TooEarly         what was sent may still come in
    ├── NoRight              whoever is signed in may not do this
    │   ├── AboveLimit           one link may not ask for that much
    │   └── HostRefused          links can never lead to that host, or nobody here decides it
    ├── JournalProblem       the record on this computer cannot be opened or written
    │   ├── JournalDamaged, JournalNewer, JournalReadOnly, JournalInUse, JournalOnNetwork, DiskFull
    │   ├── KeptForRecord        a file would lie where the record lies, or be called like a part of it
    │   └── RebuildUnconfirmed   cancels and refunds wait until somebody has looked through a rebuilt record
    ├── KeychainProblem      the keychain of this computer refused or is absent
    ├── ProfileProblem       a profile file cannot be used; names file, place and reason
    ├── CollectionProblem    a Postman export cannot be used; names file and reason
    │   └── UnclearCollection    more than one of its requests could be the one that is looked for
    ├── FileKept             a file could not be deleted
    ├── NoticeProblem        what was pasted or chosen holds no notice that can be read
    ├── RelayFailure         the shop's relay, with its kinds in ``core.relay_failures``
    └── ChoiceNotKept        what staff chose holds now, but not after the next start

``str(error)`` is for support and logs: it never holds secrets, contacts or server text of unknown content.
Sentences for staff are made from the type and its fields in ``ui``.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # What they are made of would delay the first paint.
    from optty_desktop.core.money import Money
    from optty_desktop.core.route_import import FoundRequest


class AppError(Exception):
    """Base of every failure the program expects. ``details`` holds ids and numbers for support, never personal data."""

    def __init__(self, text: str = "", *, details: Mapping[str, str] | None = None) -> None:
        super().__init__(text or type(self).__name__)
        self.details: dict[str, str] = dict(details or {})


class Trouble(StrEnum):
    """Why a call got no usable answer."""

    NAME_LOOKUP = "name_lookup"
    CONNECT = "connect"
    TLS = "tls"
    UNTRUSTED = "untrusted"
    """The certificate comes from an authority this computer does not know, as in a network that inspects TLS."""
    PROXY = "proxy"
    PROXY_PASSWORD = "proxy_password"  # noqa: S105 - a name
    PROXY_ABSENT = "proxy_absent"
    """The proxy cannot be found or does not answer."""
    TIMEOUT = "timeout"
    CUT = "cut"
    REDIRECT = "redirect"
    NOT_JSON = "not_json"
    BAD_ANSWER = "bad_answer"
    TOO_LARGE = "too_large"
    SERVER = "server"
    STOPPED = "stopped"


class NotSent(AppError):
    """Nothing of the request left this machine (no connection, bad TLS, proxy refused)."""

    def __init__(self, trouble: Trouble, *, details: Mapping[str, str] | None = None) -> None:
        super().__init__(f"not sent: {trouble}", details=details)
        self.trouble = trouble


class OutcomeUnknown(AppError):
    """The request may have been carried out; no valid answer came back. For a read it only means: not known."""

    def __init__(
        self,
        trouble: Trouble,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"outcome unknown: {trouble} {status or ''}".rstrip(), details=details)
        self.trouble = trouble
        self.status = status
        self.retry_after = retry_after


class Refused(AppError):
    """The service answered no.

    ``messages`` are the service's own sentences (untrusted text, show as plain text only);
    ``fields`` maps wire field names (``email``, ``phoneNumber`` …) to the messages that start with them.
    """

    def __init__(
        self,
        status: int,
        messages: tuple[str, ...] = (),
        fields: Mapping[str, tuple[str, ...]] | None = None,
        *,
        details: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"refused with status {status}", details=details)
        self.status = status
        self.messages = messages
        self.fields: dict[str, tuple[str, ...]] = dict(fields or {})


class SignInRefused(Refused):
    """Client id and secret, or a fresh token made from them, are not accepted (401)."""


class ScopeRefused(Refused):
    """The account may not make this kind of call (403)."""


class RouteMissing(Refused):
    """404 ``Cannot POST /path``: the address in this profile is wrong."""


class NotFound(Refused):
    """404: the service does not know this link or order (an order exists only once the customer has begun)."""


class AlreadyExists(Refused):
    """The service holds a link with this invoice number."""


class TooManyRequests(Refused):
    """429. ``retry_after`` is the wished pause in seconds, if the service named one."""

    def __init__(self, status: int, messages: tuple[str, ...] = (), *, retry_after: float | None = None) -> None:
        super().__init__(status, messages)
        self.retry_after = retry_after


class UnsafeLink(AppError):
    """The answer holds an address that fails the link check; ``host`` is its host if one could be read.

    No call reads an address again: ``held_url`` keeps a plain address whose host alone is not listed, for the time an
    administrator confirms that host. ``order_reference`` is the answer's, if it named one.
    """

    def __init__(self, reason: str, host: str | None = None) -> None:
        super().__init__(f"unsafe link: {reason}", details={"host": host or ""})
        self.reason = reason
        self.host = host
        self.held_url: str | None = None
        self.order_reference: str | None = None


class NoRoute(AppError):
    """This profile has no cancel-or-refund route; nothing is guessed."""


class AnswerNotStored(AppError):
    """The service did what was asked; writing its answer down did not work. It must not be sent again.

    The record still says "sending", so the next start takes it up as "Needs check" and settles it by reading.
    """


class OperationOpen(AppError):
    """Another create, cancel or refund of this link is not settled; two must never run at once."""


class NotAllowedNow(AppError):
    """The link's present state does not allow what was asked."""


class TooEarly(NotAllowedNow):
    """What was sent may still come in: nobody can say yet that it did nothing."""


class NoRight(AppError):
    """Whoever is signed in may not do this."""


class AboveLimit(NoRight):
    """The administrator of this till has set a lower limit for one link; nothing was sent."""

    def __init__(self, limit: "Money") -> None:
        super().__init__("above the limit for one link")
        self.limit = limit


class HostRefused(NoRight):
    """A host that cannot be confirmed here; ``reason`` is a HostFault, ``file`` that of a policy that decides it."""

    def __init__(self, reason: str, host: str, file: str = "") -> None:
        super().__init__(f"host refused: {reason}", details={"host": host})
        self.reason, self.host, self.file = reason, host, file


class JournalProblem(AppError):
    """The record on this computer cannot be opened, read or written."""


class JournalDamaged(JournalProblem):
    """The file is damaged; it was left as it is. ``details["backup"]`` is the day of the newest good backup, if any."""


class JournalNewer(JournalProblem):
    """The file was written by a newer version of this program."""


class JournalReadOnly(JournalProblem):
    """The file or its folder cannot be written."""


class JournalInUse(JournalProblem):
    """Another running copy of this program holds the file."""


class JournalOnNetwork(JournalProblem):
    """The record lies on a network file system, whose locks and flushes cannot be relied on."""


class RebuildUnconfirmed(JournalProblem):
    """The record was restored or begun anew after damage; nobody has confirmed yet that it is right."""


class KeptForRecord(JournalProblem):
    """A file was to lie in the folder of the record, or to be called like a part of one; nothing was written."""


class DiskFull(JournalProblem):
    """No room to record; nothing was sent."""


class KeychainProblem(AppError):
    """No usable keychain, or it refused or did not answer in time."""


class ProfileProblem(AppError):
    """A profile file cannot be used. ``str()`` names the file, the place in it and the reason."""


class CollectionProblem(AppError):
    """A Postman export cannot be used; nothing was changed. ``str()`` is one sentence: the file and the reason."""


class UnclearCollection(CollectionProblem):
    """More than one request could be the one that cancels or refunds: a person may choose one of ``candidates``."""

    def __init__(self, text: str = "", candidates: "tuple[FoundRequest, ...]" = ()) -> None:
        super().__init__(text)
        self.candidates = candidates


class NoticeTrouble(StrEnum):
    """Why nothing could be taken from what a person pasted or chose."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    NOT_TEXT = "not_text"
    NONE_FOUND = "none_found"
    BROKEN = "broken"
    """There is something like a notice, but not the whole of it, or it can be read in two ways."""
    NAMES_NOTHING = "names_nothing"
    """Whole notices that name neither a link nor an order."""
    FILE = "file"
    """It is no file, or this computer does not let it be read."""


class NoticeProblem(AppError):
    """Pasted text or a file holds no notice that can be read; nothing of it was kept."""

    def __init__(self, trouble: NoticeTrouble = NoticeTrouble.NONE_FOUND) -> None:
        super().__init__(f"no notice: {trouble}")
        self.trouble = trouble


class FileKept(AppError):
    """A file was not deleted: it is not the one that was read any more, or the computer keeps it."""

    def __init__(self, name: str = "") -> None:
        super().__init__("a file was not deleted")
        self.name = name


class ChoiceNotKept(AppError):
    """What staff chose about this till holds until the program ends, but could not be written down."""
