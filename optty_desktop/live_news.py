"""Follows the relay of the shop for one session, where this till is paired with one in its environment."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.core.ports import HintDesk, PairingStore

if TYPE_CHECKING:
    from optty_desktop.hints.relay_stream import RelayStream

log = logging.getLogger(__name__)

SHORTEST_PAUSE: Final = 30.0
LONGEST_PAUSE: Final = 300.0
"""Seconds before the relay is followed again after something has ended that; a keychain may ask people each time."""


class LivePairings(PairingStore, Protocol):
    """Keeps pairings whose tokens are renewed while somebody else may end them."""

    async def renew_pairing(self, before: RelayPairing, renewed: RelayPairing) -> bool:
        """Keep ``renewed`` in place of ``before``; False, and nothing changed, where that is not the one kept."""
        ...


class LiveNews:
    """``follow`` is one long task of a session; ``pairing_changed`` makes it begin anew with what is stored now."""

    def __init__(
        self, pairings: LivePairings, transport: HttpTransport, jitter: Callable[[float, float], float]
    ) -> None:
        self._pairings, self._transport, self._jitter = pairings, transport, jitter
        self._changed = asyncio.Event()

    def pairing_changed(self) -> None:
        """This till was paired, paired again, or its pairing was erased."""
        self._changed.set()

    async def follow(self, environment: Environment, desk: HintDesk, on_news: Callable[[HintWay], None]) -> None:
        """Until cancelled. ``on_news`` is told of each change of the way news take, from ASKED on.

        Whatever ends the following, be it a locked keychain or what nobody expected, is tried again after a while.
        """
        teller, loop, failures = _Teller(on_news), asyncio.get_running_loop(), 0
        while True:
            self._changed.clear()
            begun = loop.time()
            try:
                await self._follow(environment, desk, teller)
            except KeychainProblem as problem:
                log.warning("no pairing with the relay can be read: %s", problem)
                teller.tell(HintWay.LOCKED)
            except Exception as error:  # noqa: BLE001  one strange answer must not end the news of a whole day
                log.warning("the relay is not followed for a while: %s", _kinds(error))
                teller.tell(HintWay.AWAY)
            else:
                failures = 0
                continue
            failures = 1 if loop.time() - begun >= LONGEST_PAUSE else failures + 1
            await self._rest(failures)

    async def _follow(self, environment: Environment, desk: HintDesk, teller: "_Teller") -> None:
        """Return when the pairing has changed. Raises KeychainProblem, and whatever ends the stream."""
        pairing = await self._pairings.load_pairing(environment.id)
        if pairing is None:
            teller.tell(HintWay.ASKED)
            await self._changed.wait()
            return
        stream = await asyncio.to_thread(self._made, pairing, desk, teller)
        async with asyncio.TaskGroup() as group:
            following = group.create_task(stream.run(), name="relay stream")
            await self._changed.wait()
            following.cancel()

    async def _rest(self, failures: int) -> None:
        """Wait before the next try; a changed pairing ends the pause."""
        longest = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2.0 ** min(failures, 10))
        with suppress(TimeoutError):
            async with asyncio.timeout(self._jitter(SHORTEST_PAUSE, longest)):
                await self._changed.wait()

    def _made(self, pairing: RelayPairing, desk: HintDesk, teller: "_Teller") -> "RelayStream":
        """Imports the network stack, which takes a while."""
        from optty_desktop.hints.relay_stream import RelayStream

        return RelayStream(pairing, desk, self._transport.new_client, self._renew, teller.tell, self._jitter)

    async def _renew(self, before: RelayPairing, renewed: RelayPairing) -> bool:
        """Where another process has ended the pairing or made a new one, nobody has said so here."""
        is_kept = await self._pairings.renew_pairing(before, renewed)
        if not is_kept:
            self.pairing_changed()
        return is_kept


class _Teller:
    """Passes each change on once."""

    def __init__(self, on_news: Callable[[HintWay], None]) -> None:
        self._on_news, self._news = on_news, HintWay.ASKED

    def tell(self, news: HintWay) -> None:
        if news is not self._news:
            self._news = news
            self._on_news(news)


def _kinds(error: BaseException) -> str:
    """Name what went wrong, without its text: that may hold what the relay has sent, or a token."""
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(_kinds(one) for one in error.exceptions)
    return type(error).__name__
