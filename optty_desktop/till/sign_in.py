"""Sign in: prove the credentials, open the record, start a session; sign out erases what the computer remembers."""

from collections.abc import Callable
from contextlib import suppress

from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.ports import Clock, GatewayOpener, JournalOpener, Keychain
from optty_desktop.till.session import Session, TillIdentity


class SignIn:
    """The door between the sign-in window and the till."""

    def __init__(
        self,
        open_gateway: GatewayOpener,
        open_journal: JournalOpener,
        keychain: Keychain,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._open_gateway = open_gateway
        self._open_journal = open_journal
        self._keychain = keychain
        self._clock = clock
        self._random_bytes = random_bytes

    async def sign_in(
        self,
        environment: Environment,
        credentials: Credentials,
        identity: TillIdentity,
        *,
        book: LinkBook | None = None,
    ) -> Session:
        """Start a session, on ``book`` if the window has shown one already.

        Raises SignInRefused, NotSent, OutcomeUnknown or another Refused when the service says no or nothing, and
        JournalProblem when the record of this environment cannot be used. Nothing is remembered yet.
        """
        gateway = self._open_gateway(environment, credentials)
        try:
            await gateway.sign_in()
            journal = await self._open_journal(environment.id)
        except BaseException:
            await gateway.close()
            raise
        return Session(gateway, journal, identity, self._clock, self._random_bytes, book)

    async def can_remember(self) -> bool:
        """Whether this computer has a keychain that may hold the credentials."""
        return await self._keychain.is_available()

    async def remembered(self, environment_id: str) -> Credentials | None:
        """What the keychain holds for this environment; None when there is nothing or no keychain."""
        try:
            return await self._keychain.load(environment_id)
        except KeychainProblem:
            return None

    async def forget(self, environment_id: str) -> None:
        """Erase the credentials of this environment from the keychain."""
        with suppress(KeychainProblem):
            await self._keychain.erase(environment_id)

    async def remember(self, environment_id: str, credentials: Credentials) -> bool:
        """Keep credentials that were accepted in the keychain; False when it refuses."""
        try:
            await self._keychain.store(environment_id, credentials)
        except KeychainProblem:
            return False
        return True
