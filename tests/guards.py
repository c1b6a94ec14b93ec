"""What no test may do: reach another computer, or touch the home folder of the person who runs it."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
from typing import Any

import pytest

HOME_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "roaming",
    "LOCALAPPDATA": "local",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
    "XDG_CONFIG_DIRS": "everybody",
}


def move_home(home: Path, patch: pytest.MonkeyPatch) -> None:
    """Point all ways to a person's folders into ``home``, and none to the keychain of their session."""
    for variable, folder in HOME_FOLDERS.items():
        patch.setenv(variable, str(home / folder))
    # Qt refuses a folder for sockets that others may read.
    (home / "run").mkdir(mode=0o700)
    patch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


class NetworkGuard:
    """Lets sockets reach this computer only; ``refused`` lists the other places that were asked for."""

    def __init__(self) -> None:
        """Start with nothing refused."""
        self.refused: list[str] = []

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Stand before connections and before name look-ups, until ``patch`` is undone."""
        connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

        def guarded_connect(own: socket.socket, address: Any) -> None:
            self._check(own, address)
            connect(own, address)

        def guarded_connect_ex(own: socket.socket, address: Any) -> int:
            self._check(own, address)
            return connect_ex(own, address)

        def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
            self._check_host(host)
            return look_up(host, *args, **kwargs)

        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)

    def _check(self, own: socket.socket, address: Any) -> None:
        if own.family in (socket.AF_INET, socket.AF_INET6):
            self._check_host(address[0])

    def _check_host(self, host: Any) -> None:
        if not is_this_computer(host):
            self.refused.append(str(host))
            raise PermissionError(f"tests reach this computer only, not {host}")


def is_this_computer(host: object) -> bool:
    """Tell whether ``host`` (text, bytes or None, as sockets take it) is the loopback."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name == "" or name == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False
