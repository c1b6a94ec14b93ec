"""The keychain of the operating system: the only place where the client secret and a till's pairing are ever stored.

``keyring`` itself would take any back end a configuration file, an environment variable or an installed package
names, plain-text files among them. Here the back ends that keep secrets are named, and nothing else is used.
"""

import asyncio
import importlib
import json
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.system.pairing_item import pairing_item, pairing_of

_log = logging.getLogger(__name__)

T = TypeVar("T")

ALLOWED_BACKENDS: Final = (
    "keyring.backends.SecretService:Keyring",
    "keyring.backends.kwallet:DBusKeyring",
    "keyring.backends.Windows:WinVaultKeyring",
    "keyring.backends.macOS:Keyring",
)
"""Module and class of each keychain that may hold the secret; the first one that works here is used."""

TIME_LIMIT_SECONDS: Final = 8.0
"""How long a call may take. A prompt that nobody answers would otherwise wait for ever."""

_USER_NAME: Final = "credentials"
_PAIRING_NAME: Final = "pairing"
_PROXY_SERVICE: Final = "optty-desktop proxy"
"""Where the password of the network's proxy is kept, by its user; no environment can have this name."""


class Backend(Protocol):
    """What is used of a keyring back end. ``priority`` of its class raises RuntimeError where it cannot work."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class OsKeychain:
    """Fills the ports `Keychain` and `PairingStore`.

    Every call runs in one thread of its own, so that a prompt blocks only that.
    """

    def __init__(self, backends: Sequence[str] = ALLOWED_BACKENDS, time_limit: float = TIME_LIMIT_SECONDS) -> None:
        self._backends = tuple(backends)
        self._time_limit = time_limit
        self._worker = _Worker()
        self._backend: Backend | None = None

    async def is_available(self) -> bool:
        """Return whether one of the named keychains works here; it may still be locked."""
        try:
            await self._call(self._usable)
        except KeychainProblem:
            return False
        return True

    async def load(self, environment_id: str) -> Credentials | None:
        """Return the stored credentials, or None. Raises KeychainProblem."""
        item = await self._call(lambda: self._usable().get_password(_service(environment_id), _USER_NAME))
        return None if item is None else _credentials(item)

    async def store(self, environment_id: str, credentials: Credentials) -> None:
        """Keep the credentials in place of earlier ones.

        Raises KeychainProblem; after a time-out they may have been stored all the same.
        """
        item = json.dumps({"client_id": credentials.client_id, "client_secret": credentials.client_secret})
        await self._call(lambda: self._usable().set_password(_service(environment_id), _USER_NAME, item))

    async def erase(self, environment_id: str) -> None:
        """Remove the credentials; nothing happens if there are none. Raises KeychainProblem."""
        await self._call(lambda: _erase(self._usable(), _service(environment_id), _USER_NAME))

    async def load_pairing(self, environment_id: str) -> RelayPairing | None:
        """Return the till's pairing with the shop's relay, or None. Raises KeychainProblem."""
        service = _relay_service(environment_id)
        item = await self._call(lambda: self._usable().get_password(service, _PAIRING_NAME))
        return None if item is None else pairing_of(environment_id, item)

    async def store_pairing(self, pairing: RelayPairing) -> None:
        """Keep the pairing in place of an earlier one. Raises KeychainProblem."""
        service, item = _relay_service(pairing.environment_id), pairing_item(pairing)
        await self._call(lambda: self._usable().set_password(service, _PAIRING_NAME, item))

    async def renew_pairing(self, before: RelayPairing, renewed: RelayPairing) -> bool:
        """Keep the pairing with its new token in place of ``before``. Raises KeychainProblem.

        False where that is not the one that is kept, or not any more: then nothing was changed.
        """
        return await self._call(lambda: _renew(self._usable(), before, renewed))

    async def erase_pairing(self, environment_id: str) -> None:
        """Remove the pairing; nothing happens if there is none. Raises KeychainProblem."""
        await self._call(lambda: _erase(self._usable(), _relay_service(environment_id), _PAIRING_NAME))

    async def load_proxy_password(self, user: str) -> str | None:
        """Return the password of that user at the network's proxy, or None. Raises KeychainProblem."""
        return await self._call(lambda: self._usable().get_password(_PROXY_SERVICE, user))

    async def store_proxy_password(self, user: str, password: str) -> None:
        """Keep the password in place of an earlier one. Raises KeychainProblem."""
        await self._call(lambda: self._usable().set_password(_PROXY_SERVICE, user, password))

    async def erase_proxy_password(self, user: str) -> None:
        """Remove the password; nothing happens if there is none. Raises KeychainProblem."""
        await self._call(lambda: _erase(self._usable(), _PROXY_SERVICE, user))

    async def rest(self, seconds: float) -> None:
        """Wait until nothing is asked of the keychain any more, but no longer: a prompt may stand for ever.

        A program that ends while its thread is in the middle of a library of the system can crash there.
        """
        if self._worker.is_begun:
            with suppress(KeychainProblem, TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._call(lambda: None)

    async def _call(self, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self._time_limit):
                return await asyncio.wrap_future(self._worker.submit(work))
        except TimeoutError:
            raise KeychainProblem("the keychain did not answer in time") from None
        except KeychainProblem:
            raise
        except Exception as error:
            # Only the kind of error: a keychain's own text may hold anything.
            raise KeychainProblem(f"the keychain reports {type(error).__name__}") from error

    def _usable(self) -> Backend:
        """Return the back end, in the worker thread. Raises KeychainProblem when none of those named works."""
        if self._backend is None:
            found = (_backend(name) for name in self._backends)
            self._backend = next((backend for backend in found if backend is not None), None)
        if self._backend is None:
            raise KeychainProblem("no keychain works here")
        return self._backend


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    future: "Future[T]"
    work: Callable[[], T]

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.work()
        except BaseException as error:  # noqa: BLE001  every failure goes to the caller, who awaits it
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class _Worker:
    """One daemon thread, started on first use. A call that hangs delays later ones, never the end of the program."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job[Any]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def is_begun(self) -> bool:
        """Whether anything was ever asked."""
        return self._thread is not None

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Queue the work. A cancelled future whose work has not begun is skipped."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="keychain", daemon=True)
            self._thread.start()
        future: Future[T] = Future()
        self._jobs.put(_Job(future, work))
        return future

    def _serve(self) -> None:
        while True:
            self._jobs.get().run()


def _service(environment_id: str) -> str:
    return f"optty-desktop:{environment_id}"


def _relay_service(environment_id: str) -> str:
    """The blank keeps it apart from the proxy's and from every environment's."""
    return f"optty-desktop relay:{environment_id}"


def _backend(name: str) -> Backend | None:
    """Return the back end of that module and class, or None where it does not work."""
    module, _, class_name = name.partition(":")
    try:
        kind = getattr(importlib.import_module(module), class_name)
        if kind.priority <= 0:
            return None
        backend: Backend = kind()
    except Exception:  # noqa: BLE001  each tells in its own way that it, or its service, is not of this system
        _log.debug("%s does not work here", name, exc_info=True)
        return None
    return backend


def _renew(backend: Backend, before: RelayPairing, renewed: RelayPairing) -> bool:
    """Run in the one thread that asks the keychain: nothing of this program comes between the look and the write."""
    service = _relay_service(before.environment_id)
    item = backend.get_password(service, _PAIRING_NAME)
    kept = None if item is None else pairing_of(before.environment_id, item)
    if kept is None or kept.token != before.token:
        return False
    backend.set_password(service, _PAIRING_NAME, pairing_item(renewed))
    return True


def _erase(backend: Backend, service: str, user: str) -> None:
    if backend.get_password(service, user) is not None:
        backend.delete_password(service, user)


def _credentials(item: str) -> Credentials:
    try:
        fields = json.loads(item)
        client_id, client_secret = fields["client_id"], fields["client_secret"]
    except (ValueError, KeyError, TypeError):
        # Without its cause: that would carry the item.
        raise KeychainProblem("the item in the keychain cannot be read") from None
    if not isinstance(client_id, str) or not isinstance(client_secret, str):
        raise KeychainProblem("the item in the keychain cannot be read")
    return Credentials(client_id, client_secret)
