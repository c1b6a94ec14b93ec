"""What lies where in JetStream: three streams, and three buckets in the form that the tools of NATS read.

``hint.<merchant>.<shop>`` holds the raw bodies, whose headers are the hints; ``quarantine.<merchant>`` what no till
could use; ``head.<till>`` the ends of audit records. Everything lies in files.
"""

from typing import Final

from nats.js.api import DiscardPolicy, StorageType, StreamConfig, StreamInfo

from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.inbox import MOST_IN_QUARANTINE
from optty_desktop.relay.jetstream.bucket import Bucket
from optty_desktop.relay.jetstream.link import Link
from optty_desktop.relay.leases import LEASE_SECONDS
from optty_desktop.relay.retention import HEADS_DAYS
from optty_desktop.relay.tills import CODE_SECONDS

HINTS: Final = "optty-hints"
BARRIER: Final = "optty.barrier"
"""A subject of the same stream: who stores a message there has stored and applied everything before it."""
QUARANTINE: Final = "optty-quarantine"
HEADS: Final = "optty-heads"
_FACTS: Final = "optty-relay"
_CODES: Final = "optty-codes"
_LEASES: Final = "optty-leases"

_DAY: Final = 24 * 3600.0
_SAME_SECONDS: Final = 120.0
"""For how long the servers know a body again. The relays know one for ten minutes; this covers what two of them do at
once and what is sent again because its answer was lost. The servers pay for longer with memory."""


class Layout:
    """The buckets of an opened layout, and when its hints were begun."""

    def __init__(self, link: Link, hints: StreamInfo) -> None:
        self.facts = Bucket(link, _FACTS)
        """The relay's key and epoch, tills, ends of shops whose hints are gone, and hints whose bodies were erased."""
        self.codes = Bucket(link, _CODES)
        self.leases = Bucket(link, _LEASES)
        self.begun = begun(hints)

    @classmethod
    async def open(cls, link: Link, config: RelayConfig) -> "Layout":
        """Have all streams and buckets, with the file's settings. Raises StoreUnavailable."""
        replicas = config.jetstream.replicas if config.jetstream else 1
        most, days = config.limits.stored_bytes, (config.retention_days + 1) * _DAY  # a relay sweeps more exactly
        hints = _stream(HINTS, "hint.>", replicas, days)
        hints.subjects = ["hint.>", BARRIER]
        hints.max_bytes, hints.discard = most, DiscardPolicy.NEW
        aside = _stream(QUARANTINE, "quarantine.>", replicas, days)
        aside.max_bytes, aside.max_msgs = most, MOST_IN_QUARANTINE
        info = await link.ensure(hints)
        for one in (
            aside,
            _stream(HEADS, "head.>", replicas, HEADS_DAYS * _DAY),
            _bucket(_FACTS, replicas),
            _bucket(_CODES, replicas, CODE_SECONDS),
            _bucket(_LEASES, replicas, LEASE_SECONDS),
        ):
            await link.ensure(one)
        return cls(link, info)


def begun(hints: StreamInfo) -> str:
    """Return when the stream was made, which a stream made anew does not share."""
    return hints.created.isoformat() if hints.created else ""


def subject_of(shop: str) -> str:
    """Return where the hints of a shop go."""
    return f"hint.{shop.replace('/', '.')}"


def shop_of(subject: str) -> str:
    """Return the shop of a hint's subject."""
    return subject.removeprefix("hint.").replace(".", "/")


def _stream(name: str, subjects: str, replicas: int, seconds: float) -> StreamConfig:
    return StreamConfig(
        name=name,
        subjects=[subjects],
        storage=StorageType.FILE,
        num_replicas=replicas,
        max_age=seconds,
        duplicate_window=_SAME_SECONDS,
    )


def _bucket(name: str, replicas: int, seconds: float = 0) -> StreamConfig:
    config = _stream(f"KV_{name}", f"$KV.{name}.>", replicas, seconds)
    config.max_msgs_per_subject = 1
    config.discard = DiscardPolicy.NEW
    config.allow_rollup_hdrs = True
    config.deny_delete = True
    if seconds:
        config.duplicate_window = min(_SAME_SECONDS, seconds)
    return config
