"""Pair this till with the shop's relay, see whether that is well, and end it. The pairing outlives sign-out."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.errors import KeychainProblem, NoRight
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.core.pairing_text import host_of
from optty_desktop.core.ports import Clock, PairingStore, RelayDesk
from optty_desktop.core.relay_failures import NotPaired, PairingNotKept
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import TillIdentity

log = logging.getLogger(__name__)

Changed = Callable[[RelayPairing | None, str], None]
"""Hears of a new pairing with the place where its stream begins, and of the end with None and ""."""


class PairRelay:
    """The verb, for one environment. ``heard_at`` is when the relay answered last, as far as this program knows."""

    def __init__(
        self, environment: Environment, identity: TillIdentity, desk: RelayDesk, store: PairingStore, clock: Clock
    ) -> None:
        self.environment = environment
        self.heard_at: datetime | None = None
        self._identity = identity
        self._desk = desk
        self._store = store
        self._clock = clock
        self._changed: list[Changed] = []

    def when_changed(self, changed: Changed) -> None:
        """Tell ``changed`` from now on what becomes of the pairing."""
        self._changed.append(changed)

    def heard(self) -> None:
        """The relay has just been heard, by whatever way."""
        self.heard_at = self._clock.now()

    async def pairing(self) -> RelayPairing | None:
        """The pairing as it is kept; None without one. Raises KeychainProblem."""
        return await self._store.load_pairing(self.environment.id)

    async def pair(self, url: str, code: str) -> RelayPairing:
        """Pair with what was typed, in place of an earlier pairing.

        Raises NoRight, RuleBroken and NoCode before anything is sent; KeychainProblem while the code is still good;
        RelayFailure, of which PairingNotKept means that the code is used up.
        """
        self._check_right()
        # A keychain that is locked or away is better known before the code is used up.
        await self.pairing()
        paired, cursor = await self._desk.pair(url, code, self.environment)
        pairing = replace(paired, paired_at=self._clock.now())
        try:
            await self._store.store_pairing(pairing)
        except KeychainProblem as problem:
            log.warning("paired with %s as till %s, and not kept: %s", host_of(pairing.url), pairing.till, problem)
            raise PairingNotKept from problem
        log.info("paired with %s as till %s of %s", host_of(pairing.url), pairing.till, pairing.shop)
        self.heard()
        self._tell(pairing, cursor)
        return pairing

    async def check(self) -> RelayPairing:
        """Ask the relay whether it still knows this till. Nothing is kept: only the stream renews the token.

        Raises KeychainProblem and RelayFailure; NotPaired also where there is no pairing.
        """
        pairing = await self.pairing()
        if pairing is None:
            raise NotPaired
        await self._desk.head(pairing)
        self.heard()
        return pairing

    async def unpair(self) -> None:
        """Forget the pairing; the relay keeps the till in its list until somebody revokes it.

        Raises NoRight and KeychainProblem; then it is kept.
        """
        self._check_right()
        await self._store.erase_pairing(self.environment.id)
        log.info("the pairing with the relay was ended")
        self.heard_at = None
        self._tell(None, "")

    def _check_right(self) -> None:
        """Training has no relay: everything is on this computer."""
        may_act = verdict(self._identity, Action.PAIR_RELAY).is_allowed
        if self.environment.kind is EnvironmentKind.TRAINING or not may_act:
            raise NoRight

    def _tell(self, pairing: RelayPairing | None, cursor: str) -> None:
        for changed in self._changed:
            changed(pairing, cursor)
