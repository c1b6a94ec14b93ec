"""What hints want read of a link, one read at a time: first the order it has, then orders they say are its."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from optty_desktop.core.errors import AppError, Refused
from optty_desktop.core.hints import ReadWish
from optty_desktop.core.links import PaymentLink
from optty_desktop.till.claimed_order import Finding, look_at_order
from optty_desktop.till.line import line_after
from optty_desktop.till.session import Session

LOOK_AGAIN_SECONDS: Final = 10.0
"""After a read that decided nothing."""
_OWN: Final = ""
"""Stands for the order that the link has."""

LookAt = Callable[[str, Awaitable[Finding]], Awaitable[Finding]]


@dataclass(frozen=True, slots=True)
class _Patience:
    """How an order is read again that got this answer: so often at the first pause, then ever longer ones.

    ``most`` is after how many such answers in a row it is given up, None for never; ``longest`` is the longest pause in
    seconds.
    """

    most: int | None = None
    steady: int = 1
    longest: float = LOOK_AGAIN_SECONDS

    def pause(self, times: int) -> float | None:
        """Seconds to wait after so many such answers; None when that was the last."""
        if self.most is not None and times >= self.most:
            return None
        # Bounded twice: an order that is looked at for days counts more than a power of two can be written for.
        return min(self.longest, LOOK_AGAIN_SECONDS * 2.0 ** min(10, max(0, times - self.steady)))


_REFUSED: Final = _Patience(most=3)
_FAILED: Final = _Patience(most=20, longest=1800.0)
"""It may be the service that fails and the order that is true: tried for some six hours."""
_FOUND: Final = {
    Finding.NOT_THERE: _Patience(most=3),
    Finding.UNDECIDED: _Patience(steady=30, longest=300.0),
}
"""An invented order costs no more than the first. The second is proven to be the link's, and waits for a customer: it
ends by itself, and no other read would tell that it brought money."""


@dataclass(frozen=True, slots=True)
class _Later:
    """An order that was read and is to be read again at ``at``, monotonic, unless a hint after ``sequence`` asks."""

    sequence: int
    at: float
    patience: _Patience
    times: int


class HintedReads:
    """Works through the inbox of hints. ``check`` reads a link by its own order, ``ask`` makes one other read of it.

    Each order has a count and pauses of its own, so that one which is never answered well does not hide another.
    """

    def __init__(self, session: Session, check: Callable[[str], Awaitable[PaymentLink]], ask: LookAt) -> None:
        self._session, self._check, self._ask = session, check, ask
        self._later: dict[str, dict[str, _Later]] = {}

    async def grant(self, invoice_number: str, *, is_its_turn: bool = False) -> float | None:
        """Make the next read that hints ask for. Returns seconds until another is wanted, None when there is none.

        ``is_its_turn``: the link is read by the order it has, whatever hints ask for. Raises what the read raises; then
        its order waits, others do not.
        """
        wanted = await self._wanted(invoice_number)
        if not wanted and not is_its_turn:
            await self._read_unhinted(invoice_number)
            return None
        waiting = (order for order in wanted if self._wait(invoice_number, order, wanted[order]) == 0)
        order = _OWN if is_its_turn else next(waiting, None)
        if order is not None:
            await self._read(invoice_number, order, wanted.get(order, []))
            wanted = await self._wanted(invoice_number)
        return min((self._wait(invoice_number, order, wishes) for order, wishes in wanted.items()), default=None)

    async def _wanted(self, invoice_number: str) -> dict[str, list[ReadWish]]:
        """The wishes for each order, in the order in which to read them; those that can tell nothing are dropped.

        Of what hints name, the last comes first: it is the likeliest, and a flood of others must not hide it.
        """
        journal = self._session.journal
        wishes = await journal.read_wishes(invoice_number)
        wanted: dict[str, list[ReadWish]] = {}
        try:
            link = await self._session.find(invoice_number)
        except KeyError:  # it has been withdrawn since
            pass
        else:
            own = [wish for wish in wishes if wish.order_reference in (_OWN, link.order_reference)]
            if own and link.order_reference is not None:
                wanted[_OWN] = own
            # One payment succeeds. Until it has, the next attempt may be the one, whatever the link's own order says.
            if link.paid is None:
                wanted |= {wish.order_reference: [wish] for wish in reversed(wishes) if wish not in own}
        idle = [wish for wish in wishes if not any(wish in those for those in wanted.values())]
        if idle:
            await journal.grant_wishes(*idle)
        later = self._later.pop(invoice_number, {})
        if kept := {order: later[order] for order in wanted if order in later}:
            self._later[invoice_number] = kept
        return wanted

    async def _read_unhinted(self, invoice_number: str) -> None:
        """Read a link that nothing in the inbox names, once: nothing is there that could be tried again."""
        with suppress(KeyError, AppError):
            await self._check(invoice_number)

    def _wait(self, invoice_number: str, order: str, wishes: Sequence[ReadWish]) -> float:
        later = self._later.get(invoice_number, {}).get(order)
        if later is None or _newest(wishes) > later.sequence:
            return 0.0
        return max(0.0, later.at - self._session.clock.monotonic())

    async def _read(self, invoice_number: str, order: str, wishes: Sequence[ReadWish]) -> None:
        try:
            patience = await self._look(invoice_number, order)
        except AppError as error:
            is_refused = isinstance(error, Refused) and line_after(error) is None
            await self._put_off(invoice_number, order, wishes, _REFUSED if is_refused else _FAILED)
            raise
        if patience is None:
            await self._session.journal.grant_wishes(*wishes)
        else:
            await self._put_off(invoice_number, order, wishes, patience)

    async def _look(self, invoice_number: str, order: str) -> _Patience | None:
        """Read the order. Returns how long to go on with it; None when it has told what there is to tell."""
        if order == _OWN:
            await self._check(invoice_number)
            return None
        return _FOUND.get(await self._ask(invoice_number, look_at_order(self._session, invoice_number, order)))

    async def _put_off(self, invoice_number: str, order: str, wishes: Sequence[ReadWish], patience: _Patience) -> None:
        """Have the order wait, or give it up: its next hint begins anew."""
        sequence, now = _newest(wishes), self._session.clock.monotonic()
        before = self._later.get(invoice_number, {}).get(order)
        is_same = before is not None and (before.sequence, before.patience) == (sequence, patience)
        times = before.times + 1 if before is not None and is_same else 1
        pause = patience.pause(times)
        later = _Later(sequence, now + (pause or LOOK_AGAIN_SECONDS), patience, times)
        self._later.setdefault(invoice_number, {})[order] = later
        if pause is None:
            await self._session.journal.grant_wishes(*wishes)


def _newest(wishes: Sequence[ReadWish]) -> int:
    return max((wish.sequence for wish in wishes), default=0)
