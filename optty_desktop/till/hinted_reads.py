"""What hints want read of a link, one read at a time: first the order it has, then orders they say are its."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from optty_desktop.core.hints import ReadWish
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.till.claimed_order import Finding, look_at_order
from optty_desktop.till.session import Session

LOOK_AGAIN_SECONDS: Final = 10.0
"""After a read that decided nothing."""

_LOOKS: Final = {Finding.NOT_THERE: 3, Finding.UNDECIDED: 30}
"""How often an order is looked at. An invented one costs no more than the first; the second waits for a customer."""
_TRIES: Final = 3
"""How often a read that fails for this link alone is made; its next hint begins anew."""

LookAt = Callable[[str, Awaitable[Finding]], Awaitable[Finding]]


class HintedReads:
    """Works through the inbox of hints. ``check`` reads a link by its own order, ``ask`` makes one other read of it."""

    def __init__(self, session: Session, check: Callable[[str], Awaitable[PaymentLink]], ask: LookAt) -> None:
        self._session, self._check, self._ask = session, check, ask
        self._looks: Counter[tuple[str, str]] = Counter()

    async def grant(self, invoice_number: str) -> float | None:
        """Make the next read that hints ask for. Returns seconds until another is wanted, None when there is none.

        Raises what the read raises; the wish stays.
        """
        journal = self._session.journal
        wishes = await journal.read_wishes(invoice_number)
        try:
            link = await self._session.find(invoice_number)
        except KeyError:  # it has been withdrawn since
            await journal.grant_wishes(*wishes)
            return None
        own = [wish for wish in wishes if wish.order_reference in ("", link.order_reference)]
        others = [wish for wish in wishes if wish not in own]
        if link.order_reference is not None and (own or not others):
            link = await self._check(invoice_number)
            self._looks.pop((invoice_number, ""), None)
        elif others and _may_have_another(link):
            return await self._look(own, others)
        if not _may_have_another(link):
            own, others = [*own, *others], []
        await journal.grant_wishes(*own)
        return 0.0 if others else None

    def after_failure(self, invoice_number: str) -> float | None:
        """Seconds after which to try again when a read failed for this link alone; None to leave it to later."""
        return self._again(ReadWish(invoice_number), _TRIES)

    async def _look(self, own: list[ReadWish], others: list[ReadWish]) -> float | None:
        """Look at the order that was named last: it is the likeliest, and a flood of others must not hide it."""
        wish = others[-1]
        finding = await self._ask(
            wish.invoice_number, look_at_order(self._session, wish.invoice_number, wish.order_reference)
        )
        again = self._again(wish, _LOOKS[finding]) if finding in _LOOKS else None
        if again is not None:
            return again
        await self._session.journal.grant_wishes(*own, wish)
        return 0.0 if len(others) > 1 else None

    def _again(self, wish: ReadWish, most: int) -> float | None:
        key = wish.invoice_number, wish.order_reference
        self._looks[key] += 1
        if self._looks[key] < most:
            return LOOK_AGAIN_SECONDS
        del self._looks[key]
        return None


def _may_have_another(link: PaymentLink) -> bool:
    """Whether an order beside the link's own can tell more: one payment at a time is in progress, and one succeeds."""
    return link.order_reference is None or (link.paid is None and link.state is not LinkState.IN_PROGRESS)
