"""The check every payment address passes before it is shown, copied, printed or drawn as a QR code.

Parsers disagree about odd addresses, so an address must have one plain shape, a listed host, and the same reading in
two parsers. Only small letters, digits, dots and dashes make a host: lookalikes of other scripts cannot occur.
"""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from optty_desktop.core.environments import OPTTY_HOSTS, Environment, EnvironmentKind
from optty_desktop.core.errors import UnsafeLink
from optty_desktop.core.profile_rules import LOOPBACK_HOSTS

LONGEST_LINK: Final = 512

_PATH: Final = r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[2-7][0-9A-Fa-f]|%[89A-Fa-f][0-9A-Fa-f])*)?"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SHAPE: Final = re.compile(rf"https://(?P<host>{_LABEL}(?:\.{_LABEL})*){_PATH}")
_LOOPBACK_SHAPE: Final = re.compile(rf"http://(?P<host>127\.0\.0\.1|localhost):[1-9][0-9]{{0,4}}{_PATH}")
_DOT_SEGMENT: Final = re.compile(r"(?:/|%2f)(?:\.|%2e){1,2}(?:/|%2f|\?|$)", re.IGNORECASE)
_ODD_ESCAPE: Final = re.compile(r"%(?:5c|7f)", re.IGNORECASE)
_SANDBOX_HOSTS: Final = ".qa.optty.com"


class LinkFault(StrEnum):
    """``UnsafeLink.reason``: why an address was held back. With HOST alone, an administrator may confirm the host."""

    TOO_LONG = "too long"
    SHAPE = "not a plain https address"
    HOST = "host not listed"
    PARSERS = "parsers disagree"


def check_link(text: str, environment: Environment) -> str:
    """Return ``text`` unchanged when it may reach a customer. Raises UnsafeLink(reason of LinkFault, host).

    http with a port is accepted for a loopback host that the environment lists, and nowhere else.
    """
    if len(text) > LONGEST_LINK:
        raise UnsafeLink(LinkFault.TOO_LONG)
    match = _SHAPE.fullmatch(text) or _loopback(text, environment)
    if match is None or _DOT_SEGMENT.search(text) or _ODD_ESCAPE.search(text):
        raise UnsafeLink(LinkFault.SHAPE)
    host = match["host"]
    if not _all_parsers_agree(text, host):
        raise UnsafeLink(LinkFault.PARSERS)
    if not _is_listed(host, environment):
        raise UnsafeLink(LinkFault.HOST, host)
    return text


def _loopback(text: str, environment: Environment) -> re.Match[str] | None:
    match = _LOOPBACK_SHAPE.fullmatch(text)
    return match if match and match["host"] in environment.link_hosts else None


def _is_listed(host: str, environment: Environment) -> bool:
    if host in environment.link_hosts:
        return True
    if OPTTY_HOSTS not in environment.link_hosts or "xn--" in host:
        return False
    if environment.kind is EnvironmentKind.LIVE and f".{host}".endswith(_SANDBOX_HOSTS):
        return False  # a link of the test system must not reach a paying customer
    return f".{host}".endswith(OPTTY_HOSTS)


def _all_parsers_agree(text: str, host: str) -> bool:
    import httpx  # loaded by a worker thread before the first call; here it is only looked up

    try:
        first, second = urlsplit(text), httpx.URL(text)
        same_host = first.hostname == host == second.raw_host.decode("ascii")
        same_rest = (first.scheme, first.port) == (second.scheme, second.port)
    except (ValueError, httpx.InvalidURL):
        return False
    has_user = first.username is not None or bool(second.userinfo)
    return same_host and same_rest and not has_user and (first.port is None or host in LOOPBACK_HOSTS)
