"""What a person types, pastes or scans to pair a till: the relay's address, a code, or both as one link.

A code is written as ``ABCD-EFGH-JKMN`` in Crockford's base32, where I and L are read as 1 and O as 0. A link is
``optty-relay:`` followed by the address with the code as its query.
"""

import re
import unicodedata
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from optty_desktop.core.profile_rules import LOOPBACK_HOSTS, Rule, RuleBroken

LINK_SCHEME: Final = "optty-relay:"

_ALPHABET: Final = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_READ_AS: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
_CODE_LENGTH: Final = 12
_GROUP: Final = 4
_LONGEST: Final = 200
_LAST_PORT: Final = 65535
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:]+\])(?::(?P<port>[1-9][0-9]{{0,4}}))?/?"
)
_LOOPBACK: Final = LOOPBACK_HOSTS | {"[::1]"}


class NoCode(ValueError):
    """What was typed is no pairing code. It is not named: it may be one with a slip."""


class PairingLink(NamedTuple):
    """What a link holds, both checked."""

    url: str
    code: str


def read_code(typed: str) -> str:
    """Return the code as it is written: spaces, dashes and small letters do not matter. Raises NoCode."""
    letters = "".join(_letter(one) for one in typed if one.isalnum()).upper().translate(_READ_AS)
    if len(letters) != _CODE_LENGTH or not _ALPHABET.issuperset(letters):
        raise NoCode("a pairing code has twelve letters and digits")
    return "-".join(letters[start : start + _GROUP] for start in range(0, _CODE_LENGTH, _GROUP))


def read_address(typed: str) -> str:
    """Return a relay's address without a slash at its end; https is added where nothing is said.

    Only this computer itself may be spoken to without TLS. Raises RuleBroken with ADDRESS, HTTPS or PORT.
    """
    text = typed.strip().lower()
    text = text if "://" in text else f"https://{text}"
    match = _ADDRESS.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise RuleBroken("a relay has a plain address such as https://relay.example.com", Rule.ADDRESS)
    if match["scheme"] == "http" and match["host"] not in _LOOPBACK:
        raise RuleBroken("a relay is reached by https; only this computer itself may differ", Rule.HTTPS)
    if int(match["port"] or 0) > _LAST_PORT:
        raise RuleBroken(f"a port is at most {_LAST_PORT}", Rule.PORT)
    return text.rstrip("/")


def without_tls(url: str) -> str:
    """Return the same address without TLS, where that is allowed: on this computer itself. "" for any other."""
    match = _ADDRESS.fullmatch(url)
    is_here = match is not None and match["scheme"] == "https" and match["host"] in _LOOPBACK
    return url.replace("https", "http", 1) if is_here else ""


def pairing_link(url: str, code: str) -> str:
    """Return address and code as one text, for a QR code or to be pasted."""
    return f"{LINK_SCHEME}{url}/?code={code}"


def read_link(text: str) -> PairingLink | None:
    """Return what a whole link holds; None for anything else, such as one that is still being typed."""
    text = text.strip()
    if len(text) > 2 * _LONGEST or text[: len(LINK_SCHEME)].lower() != LINK_SCHEME:
        return None
    address, _, query = text[len(LINK_SCHEME) :].partition("?")
    codes = [value for name, value in parse_qsl(query) if name.lower() == "code"]
    try:
        return PairingLink(read_address(address), read_code(codes[0])) if len(codes) == 1 else None
    except (RuleBroken, NoCode):
        return None


def host_of(url: str) -> str:
    """Return the host of a relay's address, for logs and sentences."""
    return urlsplit(url).hostname or ""


def _letter(typed: str) -> str:
    """Digits of other scripts are digits too."""
    return str(unicodedata.decimal(typed)) if typed.isdecimal() else typed
