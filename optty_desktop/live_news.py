"""Follows the relay of the shop for one session, where this till is paired with one in its environment."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.core.ports import HintDesk, PairingStore

if TYPE_CHECKING:
    from optty_desktop.hints.relay_stream import RelayStream

log = logging.getLogger(__name__)


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

    async def follow(self, environment_id: str, desk: HintDesk, on_news: Callable[[HintWay], None]) -> None:
        """Until cancelled. ``on_news`` is told of each change of the way news take, from ASKED on."""
        teller = _Teller(on_news)
        while True:
            self._changed.clear()
            stream = await self._stream(environment_id, desk, teller)
            if stream is None:
                teller.tell(HintWay.ASKED)
                await self._changed.wait()
                continue
            async with asyncio.TaskGroup() as group:
                following = group.create_task(stream.run(), name="relay stream")
                await self._changed.wait()
                following.cancel()

    async def _stream(self, environment_id: str, desk: HintDesk, teller: "_Teller") -> "RelayStream | None":
        try:
            pairing = await self._pairings.load_pairing(environment_id)
        except KeychainProblem as problem:
            log.warning("no pairing with the relay can be read: %s", problem)
            return None
        if pairing is None:
            return None
        return await asyncio.to_thread(self._made, pairing, desk, teller)

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
