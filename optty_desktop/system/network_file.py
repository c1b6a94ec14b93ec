"""The keys of ``network.toml``, read strictly: what is not understood is named, never skipped."""

import tomllib
from pathlib import Path

from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.network import Proxy, Trust
from optty_desktop.system.authorities import UnusableAuthority, check_authority, system_has_authorities
from optty_desktop.system.network_settings import NetworkSettings

_KEYS = ("proxy", "trust", "extra_ca")
_PROXY_KEYS = ("address", "user")
_LONGEST_USER = 100


def read_network(file: Path, content: bytes) -> NetworkSettings:
    """Return the settings in ``content``. Raises ProfileProblem with file, key and reason.

    A relative ``extra_ca`` is looked for beside ``file``; its certificates are checked here, once.
    """
    try:
        table = tomllib.loads(content.decode("utf-8"))
        _only_known(table, _KEYS)
        proxy, asks_system = _proxy(table.get("proxy", "none"))
        return NetworkSettings(
            proxy, asks_system, _trust(table.get("trust", Trust.BUNDLED)), _extra_ca(file, table.get("extra_ca"))
        )
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, _Wrong) as error:
        raise ProfileProblem(f"{file.name}: {error}") from error


class _Wrong(Exception):
    """Names a key and what is wrong with it."""


def _only_known(table: dict[str, object], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise _Wrong(f"unknown key {key}")


def _proxy(value: object) -> tuple[Proxy | None, bool]:
    if isinstance(value, dict):
        _only_known(value, _PROXY_KEYS)
        return _own_proxy(value.get("address"), value.get("user", "")), False
    if value not in ("none", "system"):
        raise _Wrong('proxy must be "none", "system", or a table with an address')
    return None, value == "system"


def _own_proxy(address: object, user: object) -> Proxy:
    if not isinstance(user, str) or len(user) > _LONGEST_USER or not user.isprintable() or ":" in user:
        raise _Wrong(f"proxy.user must be a name of at most {_LONGEST_USER} characters without a colon")
    try:
        return Proxy(address if isinstance(address, str) else "", user)
    except ValueError:
        # Without the value: somebody may have written a password into it.
        raise _Wrong('proxy.address must be like "http://proxy.shop:3128", without name and password') from None


def _trust(value: object) -> Trust:
    if value not in tuple(Trust):
        raise _Wrong('trust must be "bundled" or "system"')
    trust = Trust(str(value))
    if trust is Trust.SYSTEM and not system_has_authorities():
        raise _Wrong("trust: this computer has no list of certificate authorities")
    return trust


def _extra_ca(file: Path, value: object) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value or not value.isprintable():
        raise _Wrong("extra_ca must be the path of a certificate file")
    path = file.parent / value
    try:
        check_authority(path)
    except UnusableAuthority as error:
        raise _Wrong(f"extra_ca: {path.name} {error}") from error
    return path
