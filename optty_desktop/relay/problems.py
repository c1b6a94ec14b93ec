"""What can go wrong in the relay, each with one sentence for whoever asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class RelayProblem(Exception):
    """Base of every failure the relay expects; ``str()`` is a sentence without anything personal or secret."""


class StoreUnavailable(RelayProblem):
    """The store cannot take this in now: full, failing, or closed."""


class StoreBusy(StoreUnavailable):
    """So much is waiting already that more would only fill the memory."""


class NotPaired(RelayProblem):
    """A token or a pairing code that opens nothing."""


class OtherEnvironment(RelayProblem):
    """A right code, shown by a till of another environment than that of its shop; it stays good."""

    def __init__(self, environment: str) -> None:
        super().__init__("This code is for a till of another environment.")
        self.environment = environment


class CursorGone(RelayProblem):
    """The till must read all its open links, and go on from the head, which stands in ``place`` with the floor."""

    def __init__(self, place: Mapping[str, str | int]) -> None:
        super().__init__("This place is gone. Read all open links from Optty, then go on from the head.")
        self.place = place


class LeaseHeld(RelayProblem):
    """Another till is about to move this link's money."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Another till holds this link.")
        self.seconds = seconds


class HeadContradicted(RelayProblem):
    """A till reports another audit record than it did before."""


@contextmanager
def needing_nats() -> Iterator[None]:
    """Import what speaks NATS within this block. Raises StoreUnavailable where it is not installed."""
    try:
        yield
    except ModuleNotFoundError as missing:
        sentence = f"The engine jetstream needs the package {missing.name}, which the extra [cluster] brings."
        raise StoreUnavailable(sentence) from missing
