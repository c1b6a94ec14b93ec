"""The bodies of the last ten minutes, known again by their digest, whichever relay took them in."""

from collections import OrderedDict
from typing import Final

from optty_desktop.relay.inbox import SAME_WITHIN, Arrival
from optty_desktop.relay.jetstream.link import Kept
from optty_desktop.relay.moments import SECOND

MESSAGE_ID: Final = "Nats-Msg-Id"
SAME_SECONDS: Final = SAME_WITHIN // SECOND


def message_id(arrival: Arrival) -> str:
    """Return by what the servers know a body again: a later repeat has another name."""
    return f"{arrival.digest.hex()}.{arrival.received_at // SAME_WITHIN}"


class Recent:
    """Numbers of bodies by digest. Belongs to one event loop."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[bytes, tuple[int, int]] = OrderedDict()

    def __len__(self) -> int:
        """How many bodies are remembered."""
        return len(self._bodies)

    def number_of(self, arrival: Arrival) -> int | None:
        """Return the number of the same body of the last ten minutes."""
        # Not only "later than": after the clock was set back, a body of the future must not silence true changes.
        seq, at = self._bodies.get(arrival.digest, (0, 0))
        return seq if seq and arrival.received_at - SAME_WITHIN < at <= arrival.received_at else None

    def note(self, digest: bytes, seq: int, at: int) -> None:
        """Remember a body, and forget those of more than ten minutes before it, or after: a clock was put right."""
        self._bodies[digest] = (seq, at)
        self._bodies.move_to_end(digest)
        while abs(at - next(iter(self._bodies.values()))[1]) >= SAME_WITHIN:
            self._bodies.popitem(last=False)

    def note_message(self, kept: Kept, at: int) -> None:
        """Remember the body of a stored message."""
        self.note(bytes.fromhex(kept.headers[MESSAGE_ID].partition(".")[0]), kept.seq, at)

    def forget(self) -> None:
        """Forget all of them."""
        self._bodies.clear()
