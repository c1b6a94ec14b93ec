"""The relay's TOML file, read strictly: what is not understood is named, never skipped."""

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from optty_desktop.core.pairing_text import read_address
from optty_desktop.core.profile_rules import RuleBroken
from optty_desktop.relay.config import OPEN_TO_EVERYBODY, ConfigProblem, JetStream, Limits, Merchant, RelayConfig, Shop

_MAX_BYTES: Final = 256 * 1024
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PREFIX: Final = re.compile(r"[A-Z0-9]{1,6}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43,128}")
_ADDRESS: Final = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<four>[0-9.]+)):(?P<port>[0-9]{1,5})")
_SERVER: Final = re.compile(r"(?P<scheme>nats|tls)://(?P<host>[a-zA-Z0-9.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")
_LOOPBACK: Final = re.compile(r"localhost|127\.[0-9.]+|\[::1\]")
_REPLICAS: Final = (1, 3, 5)
_LAST_PORT: Final = 65535
_MIB: Final = 2**20
_SERVER_KEYS: Final = ("listen", "address", "data", "engine", "retention_days", "limits", "merchant")
_TLS_KEYS: Final = ("behind_tls_proxy", "certificate", "key")

Table = Mapping[str, Any]

_LIMITS: Final[Mapping[str, tuple[str, int, int, int]]] = {
    # key in the file: field, bytes in one of it (1 for plain numbers), least, most
    "body_kib": ("body_bytes", 1024, 1, 64),
    "notices_per_second": ("notices_per_second", 1, 1, 100_000),
    "connections": ("connections", 1, 10, 100_000),
    "streams_per_till": ("streams_per_till", 1, 1, 100),
    "stored_mib": ("stored_bytes", _MIB, 16, 1_000_000),
}


class _Wrong(ValueError):
    """A rule of the file is broken; ``str()`` names key and rule."""


def load_config(file: Path) -> RelayConfig:
    """Read the relay's file. Raises ConfigProblem."""
    try:
        with file.open("rb") as stream:
            is_open = os.name == "posix" and os.fstat(stream.fileno()).st_mode & OPEN_TO_EVERYBODY
            content = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ConfigProblem(f"{file}: cannot be read ({error.strerror})") from error
    if is_open:
        raise ConfigProblem(f"{file}: everybody may use this file, and it holds secrets; run chmod 640 on it")
    if len(content) > _MAX_BYTES:
        raise ConfigProblem(f"{file}: larger than {_MAX_BYTES // 1024} KiB")
    try:
        return read_config(content, file.absolute().parent)
    except _Wrong as wrong:
        raise ConfigProblem(f"{file}: {wrong}") from wrong


def read_config(content: bytes, folder: Path) -> RelayConfig:
    """Return the configuration in the bytes of a file in ``folder``. Raises ValueError with key and rule."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _Wrong(f"not TOML: {error}") from error
    _refuse_unknown(table, _SERVER_KEYS + _TLS_KEYS, "")
    jetstream = _engine(table.get("engine", {"kind": "sqlite"}), folder)
    if jetstream and "data" in table:
        raise _Wrong("data belongs to the engine sqlite; with jetstream the servers keep everything")
    host, port = _address(_text(table, "listen", ""))
    config = RelayConfig(
        host=host,
        port=port,
        data=folder if jetstream else folder / _text(table, "data", ""),
        merchants=_merchants(table.get("merchant")),
        retention_days=_whole_number(table.get("retention_days", 14), "retention_days", 1, 90),
        certificate=folder / _text(table, "certificate", "") if "certificate" in table else None,
        key=folder / _text(table, "key", "") if "key" in table else None,
        limits=_limits(table.get("limits", {})),
        address=_public_address(_text(table, "address", "")) if "address" in table else "",
        jetstream=jetstream,
    )
    _check_encryption(config, table.get("behind_tls_proxy", False))
    return config


def _check_encryption(config: RelayConfig, behind_tls_proxy: object) -> None:
    if not isinstance(behind_tls_proxy, bool):
        raise _Wrong("behind_tls_proxy must be true or false")
    if (config.certificate is None) != (config.key is None):
        raise _Wrong("certificate and key belong together")
    if config.certificate is None and not behind_tls_proxy and not config.is_on_loopback:
        raise _Wrong(
            "listen: other computers reach this address, so it needs certificate and key,"
            " or behind_tls_proxy = true where a proxy before it ends TLS"
        )


def _engine(table: object, folder: Path) -> JetStream | None:
    """Return the servers of the scale-out engine, or None for the file of its own."""
    if not isinstance(table, dict):
        raise _Wrong("engine must be a table")
    kind = _text(table, "kind", "engine.")
    if kind not in ("sqlite", "jetstream"):
        raise _Wrong("engine.kind must be sqlite or jetstream")
    if kind == "sqlite":
        _refuse_unknown(table, ("kind",), "engine.")
        return None
    _refuse_unknown(table, ("kind", "servers", "replicas", "credentials", "authority"), "engine.")
    replicas = table.get("replicas")
    if isinstance(replicas, bool) or replicas not in _REPLICAS:
        raise _Wrong("engine.replicas must be 3 or 5, or 1 for a single server")
    files = {name: folder / _text(table, name, "engine.") for name in ("credentials", "authority") if name in table}
    return JetStream(_servers(table.get("servers")), replicas, **files)


def _servers(value: object) -> tuple[str, ...]:
    """Return the servers, of which those on other computers are asked over TLS."""
    entries = value if isinstance(value, list) else []
    found = [_SERVER.fullmatch(one) if isinstance(one, str) else None for one in entries]
    if not entries or not all(found) or len({match["scheme"] for match in found if match}) != 1:
        raise _Wrong(
            'engine.servers must be a list such as ["tls://nats-1.example:4222"], all with tls:// or all with nats://'
        )
    if any(match and match["scheme"] == "nats" and not _LOOPBACK.fullmatch(match["host"]) for match in found):
        raise _Wrong("engine.servers: other computers are asked over TLS, so they begin with tls://")
    return tuple(entries)


def _address(text: str) -> tuple[str, int]:
    match = _ADDRESS.fullmatch(text)
    try:
        host = str(ipaddress.ip_address(match["six"] or match["four"])) if match else ""
    except ValueError:
        host = ""
    if not match or not host or int(match["port"]) > _LAST_PORT:
        raise _Wrong('listen must be an address and a port such as "127.0.0.1:8787"')
    return host, int(match["port"])


def _public_address(text: str) -> str:
    try:
        return read_address(text)
    except RuleBroken as broken:
        raise _Wrong(f"address: {broken}") from broken


def _merchants(entries: object) -> dict[str, Merchant]:
    found: dict[str, Merchant] = {}
    for entry in _tables(entries, "[[merchant]]"):
        _refuse_unknown(entry, ("id", "environment", "secrets", "shop"), "merchant.")
        merchant_id = _name(entry, "id", "merchant.")
        shops = tuple(_shop(merchant_id, shop) for shop in _tables(entry.get("shop"), "[[merchant.shop]]"))
        _check_shops(shops)
        if merchant_id in found:
            raise _Wrong(f"merchant.id: {merchant_id} stands twice")
        environment = _name(entry, "environment", "merchant.")
        found[merchant_id] = Merchant(merchant_id, environment, _secrets(entry.get("secrets")), shops)
    secrets = [secret for merchant in found.values() for secret in merchant.secrets]
    if len(set(secrets)) < len(secrets):
        raise _Wrong("merchant.secrets: one secret stands twice")
    return found


def _shop(merchant: str, entry: Table) -> Shop:
    _refuse_unknown(entry, ("id", "prefixes"), "merchant.shop.")
    prefixes = entry.get("prefixes", [])
    if not isinstance(prefixes, list) or not all(isinstance(one, str) and _PREFIX.fullmatch(one) for one in prefixes):
        raise _Wrong('merchant.shop.prefixes must be a list such as ["TILL1", "TILL2"], each 1 to 6 of A-Z and 0-9')
    return Shop(merchant, _name(entry, "id", "merchant.shop."), frozenset(prefixes))


def _check_shops(shops: tuple[Shop, ...]) -> None:
    """Every invoice number belongs to one shop at the most."""
    if len({shop.id for shop in shops}) < len(shops):
        raise _Wrong("merchant.shop.id: one name stands twice")
    if sum(not shop.prefixes for shop in shops) > 1:
        raise _Wrong("merchant.shop.prefixes: only one shop of a merchant can be without")
    claimed = [prefix for shop in shops for prefix in shop.prefixes]
    if len(set(claimed)) < len(claimed):
        raise _Wrong("merchant.shop.prefixes: two shops claim the same one")


def _secrets(value: object) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else []
    if len(entries) not in (1, 2) or not all(isinstance(one, str) and _SECRET.fullmatch(one) for one in entries):
        raise _Wrong(
            "merchant.secrets must be a list of one secret, or of two while one is replaced;"
            " each is 43 letters and digits or more, such as openssl rand -hex 32 prints"
        )
    return tuple(entries)


def _limits(table: object) -> Limits:
    if not isinstance(table, dict):
        raise _Wrong("limits must be a table")
    _refuse_unknown(table, tuple(_LIMITS), "limits.")
    fields: dict[str, int] = {}
    for key, value in table.items():
        name, unit, least, most = _LIMITS[key]
        fields[name] = unit * _whole_number(value, f"limits.{key}", least, most)
    return Limits(**fields)


def _tables(value: object, written: str) -> list[Table]:
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise _Wrong(f"{written} is missing")
    return value


def _text(table: Table, key: str, place: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise _Wrong(f"{place}{key} must be a text" if key in table else f"{place}{key} is missing")
    return value


def _name(table: Table, key: str, place: str) -> str:
    text = _text(table, key, place)
    if not _ID.fullmatch(text):
        raise _Wrong(f"{place}{key} must be 1 to 40 of a-z, 0-9 and dash")
    return text


def _whole_number(value: object, key: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _Wrong(f"{key} must be a whole number from {least} to {most}")
    return value


def _refuse_unknown(table: Table, known: tuple[str, ...], place: str) -> None:
    for key in table:
        if key not in known:
            raise _Wrong(f"unknown key {place}{ascii(key)[1:41]}".rstrip("'"))
