"""The first use of a route to real money: a person looks at the request, and has tried it in Sandbox.

A route is typed or imported by people, and only the payment service knows whether it does what it should.
"""

import logging

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import OperationKind
from optty_desktop.core.ports import ProfileStore, refunds_through_order
from optty_desktop.core.routes import request_for

log = logging.getLogger(__name__)


class FirstUse:
    """Knows whether the route of this session still has to prove itself, and keeps that it has."""

    def __init__(self, environment: Environment, profiles: ProfileStore | None) -> None:
        """``profiles`` keeps it for later sessions; without it the next one asks again."""
        self._environment = environment
        self._profiles = profiles
        route = environment.cancel_or_refund
        is_live = environment.kind is EnvironmentKind.LIVE
        self._untried = route if route is not None and is_live and not route.tried else None

    def request(self, kind: OperationKind, link: PaymentLink) -> str:
        """The request as it would be sent for this link, body below; empty when nothing has to be looked at."""
        through_order = kind is OperationKind.REFUND and refunds_through_order(self._environment, link)
        if self._untried is None or through_order:
            return ""
        request = request_for(self._untried, link.invoice_number)
        return "\n".join(filter(None, (request.line(self._environment.api_url), request.body)))

    async def has_worked(self) -> None:
        """The service did what was asked, by this route. That it cannot be kept must not spoil the answer."""
        route, self._untried = self._untried, None
        if route is None or self._profiles is None:
            return
        try:
            await self._profiles.mark_tried(self._environment)
        except ProfileProblem as problem:
            log.warning("that the route works was not kept: %s", problem)
        except Exception:
            # The service has done it: whatever this is, the answer comes first.
            log.warning("that the route works was not kept", exc_info=True)
