"""Test the connection of this session: which step of the way to the payment service holds, and which does not."""

from optty_desktop.core.ports import LineProbe
from optty_desktop.core.probes import ProbeLine
from optty_desktop.till.session import Session


class ConnectionTest:
    """The verb. It asks with the credentials of the session and by the profile in force, never by what is typed."""

    def __init__(self, session: Session, probe: LineProbe) -> None:
        self._session = session
        self._probe = probe

    async def run(self) -> tuple[ProbeLine, ...]:
        """Try each step once; whatever fails is told by its line."""
        return tuple(await self._probe(self._session.gateway))
