"""Whose turn it is to be read, and when.

The link on the screen comes first, but never twice in a row while others may be read; links that hints name and all
others take turns. So each of the three has a quarter of the reads at least when all want more. The share that the
ceiling keeps free is for the link on the screen alone.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from optty_desktop.core.ports import Clock
from optty_desktop.till.due_links import DueLinks
from optty_desktop.till.hint_queue import HintQueue
from optty_desktop.till.read_ceiling import ReadCeiling

PROOF_SECONDS: Final = 7.0
"""While a link of the day is open, the line is proven at least this often: with the deadline of a read, a dead one is
known within 15 seconds."""

_AN_INSTANT: Final = 0.001
"""A timer may be so early."""


class _Claim(Enum):
    WATCHED = auto()
    HINTED = auto()
    USUAL = auto()


@dataclass(frozen=True, slots=True)
class Turn:
    """The link to read now. ``is_hinted``: hints say what of it to read; ``is_its_own``: it would be read without."""

    invoice_number: str
    is_hinted: bool
    is_its_own: bool


@dataclass(frozen=True, slots=True)
class _Wish:
    """``due`` is when the claim wants its next read, ``free`` when the ceiling has room for it, both monotonic.

    ``latest`` is when it wants one in any case.
    """

    claim: _Claim
    number: str
    due: float
    free: float
    latest: float = math.inf

    @property
    def at(self) -> float:
        return max(min(self.due, self.latest), self.free)


class ReadTurns:
    """``pause`` tells how long to wait, and ``take`` whose turn it is then. ``jitter`` is a factor near 1."""

    def __init__(
        self, clock: Clock, links: DueLinks, hints: HintQueue, ceiling: ReadCeiling, jitter: Callable[[], float]
    ) -> None:
        self._clock, self._links, self._hints, self._ceiling, self._jitter = clock, links, hints, ceiling, jitter
        self._order = [_Claim.WATCHED, _Claim.HINTED, _Claim.USUAL]

    def pause(self) -> float | None:
        """Seconds until the next read; None when there is nothing to wait for."""
        now = self._clock.monotonic()
        return min((max(0.0, self._paced(wish, now) - now) for wish in self._wishes(now)), default=None)

    def take(self) -> Turn | None:
        """The link that is next now that the pause is over; None when all has been read meanwhile."""
        now = self._clock.monotonic() + _AN_INSTANT
        wishes = {wish.claim: wish for wish in self._wishes(now)}
        ready = [claim for claim in self._order if claim in wishes and wishes[claim].at <= now]
        # Chance may have ended the pause a little early; a link that a hint names is never read before it has rested.
        early = sorted(wishes.keys() - {_Claim.HINTED}, key=lambda claim: wishes[claim].at)
        claim = next(iter((*ready, *early)), None)
        if claim is None:
            return None
        self._go_behind(claim)
        number, is_hinted = wishes[claim].number, claim is _Claim.HINTED
        return Turn(number, self._hints.take_this(number, now) or is_hinted, is_its_own=not is_hinted)

    def _go_behind(self, claim: _Claim) -> None:
        """Whoever has had its turn is last; the link on the screen is first again after any other."""
        self._order.remove(claim)
        self._order.append(claim)
        if claim is not _Claim.WATCHED:
            self._order.sort(key=lambda one: one is not _Claim.WATCHED)

    def _wishes(self, now: float) -> Iterator[_Wish]:
        watched, hinted = self._links.watched, self._hints.first()
        usual = self._links.most_due(but=watched.invoice_number if watched is not None else None)
        free, proof = now + self._ceiling.wait(), self._proof
        if watched is not None:
            due, share = self._links.due(watched), now + self._ceiling.wait_for_share()
            # A hint for it need not stand in line with the others.
            latest = min(proof, self._hints.due(watched.invoice_number))
            yield _Wish(_Claim.WATCHED, watched.invoice_number, due, share, latest)
            proof = math.inf
        if hinted is not None:
            yield _Wish(_Claim.HINTED, hinted, self._hints.due(hinted), free)
        if usual is not None:
            yield _Wish(_Claim.USUAL, usual.invoice_number, self._links.due(usual), free, proof)

    @property
    def _proof(self) -> float:
        """When the line is to be proven next."""
        return self._ceiling.last_read + PROOF_SECONDS if self._links.has_links_of_today else math.inf

    def _paced(self, wish: _Wish, now: float) -> float:
        """When to read for a wish: nothing but a hint hurries, and tills that began together drift apart."""
        if wish.claim is _Claim.HINTED:
            return wish.at
        drifted = now + max(0.0, wish.due - now) * self._jitter()
        return max(min(drifted, wish.latest), wish.free, self._ceiling.last_read + self._ceiling.spacing)
