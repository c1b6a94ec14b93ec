"""Back ends in place of the operating system's keychain, found by module and class as the real ones are."""

from __future__ import annotations

import threading
from typing import ClassVar

MODULE = __name__


class Memory:
    """Keeps items while the tests run; `threads` notes where it was called."""

    priority: ClassVar[float] = 5
    items: ClassVar[dict[tuple[str, str], str]] = {}
    threads: ClassVar[set[int]] = set()

    def get_password(self, service: str, username: str) -> str | None:
        self.threads.add(threading.get_ident())
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.threads.add(threading.get_ident())
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.threads.add(threading.get_ident())
        del self.items[service, username]


class NotHere(Memory):
    """A keychain of another operating system: `priority` raises, as keyring's own do."""

    class _Raises:
        def __get__(self, _instance: object, _owner: object) -> float:
            raise RuntimeError("another operating system")

    priority = _Raises()


class Weak(Memory):
    """Says of itself that it is not to be used."""

    priority: ClassVar[float] = 0


class Locked(Memory):
    """Refuses everything, with a text that must not travel on."""

    def get_password(self, service: str, username: str) -> str | None:
        raise PermissionError("canary")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PermissionError("canary")


class Prompting(Memory):
    """Waits for an answer to its prompt, as long as it takes."""

    answered: ClassVar[threading.Event] = threading.Event()
    asked: ClassVar[list[str]] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append(service)
        self.answered.wait(30)
        return super().get_password(service, username)
