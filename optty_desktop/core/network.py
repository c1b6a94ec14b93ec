"""How calls leave this computer: through which proxy, and whose word is taken for who answers."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")


class Trust(StrEnum):
    """Whose list of certificate authorities is believed: the one that comes with the program, or this computer's."""

    BUNDLED = "bundled"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy for HTTP. ``address`` is scheme, host and port, such as "http://proxy.shop:3128".

    Raises ValueError for anything else, a name or password in the address among it: addresses are shown and logged.
    """

    address: str
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that is more than a place."""
        parts = urlsplit(self.address)
        rest = (parts.username, parts.password, parts.path.strip("/"), parts.query, parts.fragment)
        has_place = _HOST.fullmatch(parts.hostname or "") and parts.port
        if parts.scheme not in ("http", "https") or not has_place or any(rest):
            raise ValueError("a proxy is an http or https address with a port")

    @property
    def place(self) -> str:
        """Host and port, for people."""
        return urlsplit(self.address).netloc


class Way(NamedTuple):
    """What staff may know about the way of their calls. ``extra_ca`` is the name of the shop's certificate file."""

    proxy: Proxy | None = None
    trust: Trust = Trust.BUNDLED
    extra_ca: str = ""


class NetworkSettings(NamedTuple):
    """What a shop, or its administrator, says about its network.

    ``proxy`` has no password: that is in the keychain. ``asks_system``: the operating system names the proxy instead.
    ``extra_ca`` holds certificates of authorities (PEM) that are believed beside those of ``trust``.
    """

    proxy: Proxy | None = None
    asks_system: bool = False
    trust: Trust = Trust.BUNDLED
    extra_ca: Path | None = None
