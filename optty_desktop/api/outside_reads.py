"""Reads from others than the payment service, through the same transport: bounded, strict, and without credentials."""

from collections.abc import Mapping
from typing import Final

from optty_desktop.api.answers import accepted_object
from optty_desktop.api.exchange import CallKind
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.ports import Clock

DEADLINE_SECONDS: Final = 10.0


class OutsideReads:
    """Fills ``core.ports.OutsideRead``."""

    def __init__(self, transport: HttpTransport, clock: Clock) -> None:
        self._transport, self._clock = transport, clock

    async def __call__(self, url: str, *, template: str) -> Mapping[str, object]:
        """Return the JSON object at ``url``. Raises NotSent, OutcomeUnknown or a Refused."""
        answer = await self._transport.send(
            "GET",
            url,
            template=template,
            headers={"Accept": "application/json"},
            kind=CallKind.READ,
            deadline=DEADLINE_SECONDS,
        )
        return accepted_object(answer, self._clock.now())
