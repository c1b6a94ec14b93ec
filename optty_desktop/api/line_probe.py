"""A test of the connection: a token, then one read of an order that is not there. No money route is ever called.

Nothing is tried beside the calls the till makes anyway: how far they came says which step of the way failed, and what
the test passes, work will pass too.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError, NotFound, NotSent, OutcomeUnknown, Trouble
from optty_desktop.core.ports import PaymentGateway
from optty_desktop.core.probes import ProbeLine, ProbeSign, ProbeStep
from optty_desktop.core.profile_rules import LOOPBACK_HOSTS

PROBE_SECONDS: Final = 12.0
"""Deadline of the token and of the read, each."""

NO_ORDER: Final = "connection-test"
"""A reference no till gives out: "no such order" is the answer that proves the right to read."""

_STEPS: Final = {
    Trouble.NAME_LOOKUP: ProbeStep.NAME,
    Trouble.CONNECT: ProbeStep.CONNECTION,
    Trouble.TIMEOUT: ProbeStep.CONNECTION,
    Trouble.TLS: ProbeStep.TLS,
    Trouble.UNTRUSTED: ProbeStep.TLS,
    Trouble.PROXY: ProbeStep.PROXY,
    Trouble.PROXY_PASSWORD: ProbeStep.PROXY,
    Trouble.PROXY_ABSENT: ProbeStep.PROXY,
}


class HttpLineProbe:
    """Fills ``core.ports.LineProbe``. ``has_proxy``: whether calls to other computers go through a proxy by now."""

    def __init__(self, *, has_proxy: Callable[[], bool], seconds: float = PROBE_SECONDS) -> None:
        self._has_proxy = has_proxy
        self._seconds = seconds

    async def __call__(self, gateway: PaymentGateway) -> tuple[ProbeLine, ...]:
        """The steps in the order of the way. A failure is a line, not an exception."""
        error = await self._failure(gateway.sign_in())
        # Known only now: a proxy that the computer names is looked for by the call itself.
        steps = self._steps(gateway.environment)
        if error is not None:
            failed = _step(error, steps, ProbeStep.CREDENTIALS)
            return _report(steps, failed, error, gateway.environment.token_url, held=frozenset())
        error = await self._failure(gateway.read_order(NO_ORDER))
        if error is None or isinstance(error, NotFound):
            return tuple(ProbeLine(step, ProbeSign.HELD) for step in steps)
        failed = _step(error, steps, ProbeStep.READING)
        return _report(steps, failed, error, gateway.environment.api_url, held=frozenset({ProbeStep.CREDENTIALS}))

    async def _failure(self, call: Awaitable[object]) -> AppError | None:
        try:
            async with asyncio.timeout(self._seconds):
                await call
        except TimeoutError:
            return OutcomeUnknown(Trouble.TIMEOUT)
        except AppError as error:
            return error
        return None

    def _steps(self, environment: Environment) -> tuple[ProbeStep, ...]:
        """The steps there are: a proxy looks names up and connects itself, and this computer needs no TLS."""
        addresses = [urlsplit(address) for address in (environment.token_url, environment.api_url)]
        is_near = all(address.hostname in LOOPBACK_HOSTS for address in addresses)
        through_proxy = self._has_proxy() and not is_near
        first = (ProbeStep.PROXY,) if through_proxy else (ProbeStep.NAME, ProbeStep.CONNECTION)
        has_tls = any(address.scheme == "https" for address in addresses)
        return (*first, *((ProbeStep.TLS,) if has_tls else ()), ProbeStep.CREDENTIALS, ProbeStep.READING)


def _step(error: AppError, steps: tuple[ProbeStep, ...], last: ProbeStep) -> ProbeStep:
    """Where ``error`` belongs; what came after the connection stood belongs to what was ``last`` asked for.

    A trouble on a way that is not the one of now, as when a proxy has just gone, is one of its beginning.
    """
    if not isinstance(error, NotSent) or isinstance(error.__cause__, OutcomeUnknown):
        return last
    step = _STEPS.get(error.trouble, last)
    return step if step in steps else steps[0]


def _report(
    steps: tuple[ProbeStep, ...], failed: ProbeStep, error: AppError, address: str, *, held: frozenset[ProbeStep]
) -> tuple[ProbeLine, ...]:
    """``held``: steps behind the failed one that went well before, with another host."""
    place = steps.index(failed)
    host = error.details.get("host") or urlsplit(address).hostname or ""
    lines = []
    for number, step in enumerate(steps):
        if step is failed:
            lines.append(ProbeLine(step, ProbeSign.FAILED, host, error))
        else:
            is_held = number < place or step in held
            lines.append(ProbeLine(step, ProbeSign.HELD if is_held else ProbeSign.NOT_REACHED))
    return tuple(lines)
