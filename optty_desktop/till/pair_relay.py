"""Pair this till with the shop's relay, see whether that is well, and end it. The pairing outlives sign-out.

Pairing and unpairing stand in the audit before they are done; what cannot be written down is not done.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from optty_desktop.core.audit_chain import Audit, AuditAction, Deed
from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.errors import KeychainProblem, NoRight
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.core.pairing_text import host_of, read_address, read_code
from optty_desktop.core.ports import Clock, PairingStore, RelayDesk
from optty_desktop.core.relay_failures import NotPaired, PairingNotKept
from optty_desktop.till.noted_deeds import carry_out
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import TillIdentity

log = logging.getLogger(__name__)

T = TypeVar("T")

Changed = Callable[[RelayPairing | None, str], None]
"""Hears of a new pairing with the place where its stream begins, and of the end with None and ""."""


class PairRelay:
    """The verb, for one environment. ``heard_at`` is when the relay answered last, as far as this program knows."""

    def __init__(
        self,
        environment: Environment,
        identity: TillIdentity,
        desk: RelayDesk,
        store: PairingStore,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self.environment = environment
        self.heard_at: datetime | None = None
        self._identity = identity
        self._desk = desk
        self._store = store
        self._audit = audit
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

        Raises NoRight, RuleBroken and NoCode before anything is sent; KeychainProblem, and ProfileProblem for an audit
        that cannot be written, while the code is still good; RelayFailure, of which PairingNotKept means that the code
        is used up. A cancel is raised when all is over.
        """
        self._check_right()
        url, code = read_address(url), read_code(code)
        # A keychain or an audit that cannot be used is better known before the code is used up.
        before = await self.pairing()
        deed = self._deed(AuditAction.RELAY_PAIRED, before, {"relay": url})
        return await self._carry_out(deed, before, partial(self._pair, url, code))

    async def _pair(self, url: str, code: str) -> RelayPairing:
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

        Raises NoRight, KeychainProblem, and ProfileProblem for an audit that cannot be written; then it is kept.
        """
        self._check_right()
        before = await self.pairing()
        await self._carry_out(self._deed(AuditAction.RELAY_UNPAIRED, before, {}), before, self._unpair)

    async def _unpair(self) -> None:
        await self._store.erase_pairing(self.environment.id)
        log.info("the pairing with the relay was ended")
        self.heard_at = None
        self._tell(None, "")

    async def _carry_out(self, deed: Deed, before: RelayPairing | None, act: Callable[[], Awaitable[T]]) -> T:
        async def is_as_before() -> bool:
            return _but_for_token(await self.pairing()) == _but_for_token(before)

        return await carry_out(self._audit, deed, act, AuditAction.RELAY_NOT_CHANGED, is_as_before)

    def _deed(self, action: AuditAction, before: RelayPairing | None, after: Mapping[str, str]) -> Deed:
        """Which relay, and as what this till is known there; neither code nor token."""
        here = {"environment": self.environment.id}
        known = {} if before is None else {"relay": before.url, "shop": before.shop, "till": before.till}
        return Deed(action, self._identity.operator, {**here, **known}, {**here, **after})

    def _check_right(self) -> None:
        """Training has no relay: everything is on this computer."""
        may_act = verdict(self._identity, Action.PAIR_RELAY).is_allowed
        if self.environment.kind is EnvironmentKind.TRAINING or not may_act:
            raise NoRight

    def _tell(self, pairing: RelayPairing | None, cursor: str) -> None:
        for changed in self._changed:
            changed(pairing, cursor)


def _but_for_token(pairing: RelayPairing | None) -> RelayPairing | None:
    """What stays the same when a token is renewed meanwhile."""
    return replace(pairing, token="") if pairing is not None else None
