"""Sign in: prove the credentials, open the record, start a session; sign out erases what the computer remembers."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.ports import Clock, GatewayOpener, JournalOpener, Keychain
from optty_desktop.till.session import Session, TillIdentity


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The new session; ``is_remembered`` is False when the keychain refused although it was asked to remember."""

    session: Session
    is_remembered: bool


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
        remember: bool,
        book: LinkBook | None = None,
    ) -> SignedIn:
        """Start a session, on ``book`` if the window has shown one already.

        Raises SignInRefused, NotSent, OutcomeUnknown or another Refused when the service says no or nothing, and
        JournalProblem when the record of this environment cannot be used. Nothing is remembered unless all held.
        """
        gateway = self._open_gateway(environment, credentials)
        try:
            await gateway.sign_in()
            journal = await self._open_journal(environment.id)
        except BaseException:
            await gateway.close()
            raise
        session = Session(gateway, journal, identity, self._clock, self._random_bytes, book)
        return SignedIn(session, await self._remember(environment, credentials, wanted=remember))

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

    async def _remember(self, environment: Environment, credentials: Credentials, *, wanted: bool) -> bool:
        if not wanted:
            return False
        try:
            await self._keychain.store(environment.id, credentials)
        except KeychainProblem:
            return False
        return True
