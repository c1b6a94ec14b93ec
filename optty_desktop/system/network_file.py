"""The keys of ``network.toml``, read strictly: what is not understood is named, never skipped."""

import tomllib
from pathlib import Path

from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.network import NetworkSettings, Proxy, Trust
from optty_desktop.system.authorities import UnusableAuthority, check_authority, system_has_authorities

_KEYS = ("proxy", "trust", "extra_ca")
_PROXY_KEYS = ("address", "user")
_LONGEST_USER = 100


def read_network(file: Path, content: bytes) -> NetworkSettings:
    """Return the settings in ``content``. Raises ProfileProblem with file, key and reason.

    A relative ``extra_ca`` is looked for beside ``file``; its certificates are checked here, once.
    """
    try:
        return network_of(tomllib.loads(content.decode("utf-8")), file.parent)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, WrongKey) as error:
        raise ProfileProblem(f"{file.name}: {error}") from error


class WrongKey(Exception):
    """Names a key and what is wrong with it."""


def network_of(table: dict[str, object], folder: Path) -> NetworkSettings:
    """Return the settings in a table of TOML; a relative ``extra_ca`` lies in ``folder``. Raises WrongKey."""
    _only_known(table, _KEYS)
    proxy, asks_system = _proxy(table.get("proxy", "none"))
    trust = _trust(table.get("trust", Trust.BUNDLED))
    return NetworkSettings(proxy, asks_system, trust, _extra_ca(folder, table.get("extra_ca")))


def _only_known(table: dict[str, object], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise WrongKey(f"unknown key {key}")


def _proxy(value: object) -> tuple[Proxy | None, bool]:
    if isinstance(value, dict):
        _only_known(value, _PROXY_KEYS)
        return _own_proxy(value.get("address"), value.get("user", "")), False
    if value not in ("none", "system"):
        raise WrongKey('proxy must be "none", "system", or a table with an address')
    return None, value == "system"


def _own_proxy(address: object, user: object) -> Proxy:
    if not isinstance(user, str) or len(user) > _LONGEST_USER or not user.isprintable() or ":" in user:
        raise WrongKey(f"proxy.user must be a name of at most {_LONGEST_USER} characters without a colon")
    try:
        return Proxy(address if isinstance(address, str) else "", user)
    except ValueError:
        # Without the value: somebody may have written a password into it.
        raise WrongKey('proxy.address must be like "http://proxy.shop:3128", without name and password') from None


def _trust(value: object) -> Trust:
    if value not in tuple(Trust):
        raise WrongKey('trust must be "bundled" or "system"')
    trust = Trust(str(value))
    if trust is Trust.SYSTEM and not system_has_authorities():
        raise WrongKey("trust: this computer has no list of certificate authorities")
    return trust


def _extra_ca(folder: Path, value: object) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value or not value.isprintable():
        raise WrongKey("extra_ca must be the path of a certificate file")
    path = folder / value
    try:
        check_authority(path)
    except UnusableAuthority as error:
        raise WrongKey(f"extra_ca: {path.name} {error}") from error
    return path
