"""What an address, a host, an id or a route of a profile must look like, for all that read, write or show them."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from optty_desktop.core.environments import OPTTY_HOSTS, Environment, EnvironmentKind, Imported, RouteTemplate
from optty_desktop.core.routes import PLACEHOLDER

LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost"})
"""The only hosts that may be spoken to without TLS or on a port of their own."""

METHODS: Final = ("POST", "PUT", "PATCH", "DELETE", "GET")
"""What a route may be sent as, the usual one first."""

_ID: Final = re.compile(r"[a-z0-9-]{1,32}")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ADDRESS: Final = re.compile(r"(?:https|http)://[a-z0-9.-]+(?::[1-9][0-9]{0,4})?(?:/[A-Za-z0-9._~-]+)*/?")
_ROUTE_PATH: Final = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@/?{}-]*")
_WEBHOOK_SITE: Final = re.compile(r"https://webhook\.site/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PUBLIC_HOST: Final = "webhook.site"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST_NAME: Final = 60
_LONGEST_ADDRESS: Final = 200
_LONGEST_FILE_NAME: Final = 255
_LONGEST_BODY: Final = 8192
_LARGEST_PORT: Final = 65535


class Rule(StrEnum):
    """The rules, by name: what is said to people is chosen by it."""

    ID = "id"
    NAME = "name"
    ADDRESS = "address"
    HTTPS = "https"
    PORT = "port"
    LINK_HOST = "link_host"
    METHOD = "method"
    PATH_START = "path_start"
    PATH_CHARACTERS = "path_characters"
    PATH_STEPS = "path_steps"
    PATH_PLACEHOLDER = "path_placeholder"
    BODY = "body"
    PLACEHOLDER = "placeholder"
    HOSTS_APART = "hosts_apart"
    WEBHOOK_SITE = "webhook_site"
    SANDBOX_ONLY = "sandbox_only"
    PUBLIC_HOST = "public_host"
    OTHER = "other"


class RuleBroken(ValueError):
    """A value of a profile breaks ``rule``; ``str()`` says how, for the file's own messages, without the value."""

    def __init__(self, text: str, rule: Rule = Rule.OTHER) -> None:
        super().__init__(text)
        self.rule = rule


def check_id(text: str) -> str:
    """Return a profile id: 1 to 32 of a to z, 0 to 9 and dash."""
    if not _ID.fullmatch(text):
        raise RuleBroken("id takes 1 to 32 characters of a to z, 0 to 9 and dash", Rule.ID)
    return text


def check_name(text: str) -> str:
    """Return a name for people: one line, 1 to 60 characters."""
    if not text.strip() or len(text) > _LONGEST_NAME or not text.isprintable():
        raise RuleBroken("name takes one line of 1 to 60 characters", Rule.NAME)
    return text.strip()


def check_address(text: str, field: str) -> str:
    """Return an https address without user, query or fragment, and without a slash at its end.

    http and a port are accepted for the loopback only.
    """
    if len(text) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(text):
        raise RuleBroken(f"{field} must be a plain address such as https://api.example.com", Rule.ADDRESS)
    parts = urlsplit(text)
    host = parts.hostname or ""
    if not _HOST.fullmatch(host) or ".." in parts.path:
        raise RuleBroken(f"{field} must be a plain address such as https://api.example.com", Rule.ADDRESS)
    if host not in LOOPBACK_HOSTS and (parts.scheme != "https" or ":" in parts.netloc):
        raise RuleBroken(f"{field} must be https without a port; only this computer itself may differ", Rule.HTTPS)
    _check_private(host, field)
    if ":" in parts.netloc and int(parts.netloc.rpartition(":")[2]) > _LARGEST_PORT:
        raise RuleBroken(f"{field} has a port above {_LARGEST_PORT}", Rule.PORT)
    return text.rstrip("/")


def check_link_host(text: str) -> str:
    """Return a host that payment links may have: a full host name, or ``.optty.com`` for all under it."""
    if text == OPTTY_HOSTS or text in LOOPBACK_HOSTS:
        return text
    _check_private(text, "link_hosts")
    if len(text) > 253 or not _HOST.fullmatch(text) or "." not in text:
        raise RuleBroken("link_hosts takes full host names in small letters, such as pay.example.com", Rule.LINK_HOST)
    return text


def check_webhook_site(text: str) -> str:
    """Return the address under which webhook.site catches notices, as its own page gives it out."""
    if not _WEBHOOK_SITE.fullmatch(text):
        raise RuleBroken("webhook_site takes an address such as https://webhook.site/ with its id", Rule.WEBHOOK_SITE)
    return text


def check_feed(environment: Environment) -> None:
    """Raise RuleBroken when notices of real money would be caught where everybody can read them."""
    if environment.webhook_site is None:
        return
    if environment.kind is not EnvironmentKind.SANDBOX:
        raise RuleBroken(
            "webhook_site is for a sandbox only: whoever knows the address can read what it catches",
            Rule.SANDBOX_ONLY,
        )
    check_webhook_site(environment.webhook_site)


def check_route(method: str, path: str, body: str = "") -> RouteTemplate:
    """Return a cancel-or-refund route. Raises RuleBroken; nothing is repaired or guessed."""
    if method.upper() not in METHODS:
        raise RuleBroken(f"method must be one of {', '.join(sorted(METHODS))}", Rule.METHOD)
    check_route_path(path)
    check_route_body(body)
    if PLACEHOLDER not in path + body:
        raise RuleBroken(f"{PLACEHOLDER} must stand in path or body", Rule.PLACEHOLDER)
    return RouteTemplate(method.upper(), path, body)


def check_imported(file: str, sha256: str, at: datetime) -> Imported:
    """Return where routes came from: the name of a file without its folder, a hash in small letters, and when."""
    if not file.strip() or len(file) > _LONGEST_FILE_NAME or not file.isprintable() or set("/\\") & set(file):
        raise RuleBroken("imported.file takes the name of a file without its folder")
    if not _SHA256.fullmatch(sha256):
        raise RuleBroken("imported.sha256 takes 64 characters of 0 to 9 and a to f")
    return Imported(file, sha256, at)


def check_route_path(path: str) -> str:
    """Return the path of a route: below the API address, with no other placeholder than the invoice number."""
    if not path.startswith("/"):
        raise RuleBroken("path must start with /", Rule.PATH_START)
    if len(path) > _LONGEST_ADDRESS or not _ROUTE_PATH.fullmatch(path) or path.count("?") > 1:
        raise RuleBroken("path holds characters that are not taken", Rule.PATH_CHARACTERS)
    if "//" in path or any(part in {".", ".."} for part in re.split(r"[/?]", path)) or ".." in path:
        raise RuleBroken("path must not hold // or ..", Rule.PATH_STEPS)
    if set("{}") & set(path.replace(PLACEHOLDER, "")):
        raise RuleBroken(f"path may hold no other placeholder than {PLACEHOLDER}", Rule.PATH_PLACEHOLDER)
    return path


def check_route_body(body: str) -> str:
    """Return the body of a route: nothing, or a JSON object."""
    if not body:
        return body
    try:
        is_object = len(body) <= _LONGEST_BODY and isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        raise RuleBroken(f'body must be a JSON object, with "{PLACEHOLDER}" in quotes', Rule.BODY)
    return body


def check_apart(environment: Environment, others: Iterable[Environment]) -> None:
    """Raise RuleBroken when a host of ``environment`` serves one of another kind: credentials must not meet it."""
    own = _hosts(environment)
    for other in others:
        if other.kind is not environment.kind and own & _hosts(other):
            raise RuleBroken(
                f"hosts of {other.id} ({other.kind}) cannot serve a {environment.kind} environment", Rule.HOSTS_APART
            )


def check_environment(environment: Environment) -> None:
    """Raise RuleBroken when any field of a whole profile breaks its rule."""
    check_id(environment.id)
    check_name(environment.name)
    check_address(environment.token_url, "token_url")
    check_address(environment.api_url, "api_url")
    if not environment.link_hosts:
        raise RuleBroken("link_hosts must be a list of host names", Rule.LINK_HOST)
    for host in environment.link_hosts:
        check_link_host(host)
    check_feed(environment)
    if (route := environment.cancel_or_refund) is not None:
        check_route(route.method, route.path, route.body)


def _check_private(host: str, field: str) -> None:
    """Credentials and customers never go where every passer-by can look."""
    if f".{host}".endswith(f".{_PUBLIC_HOST}"):
        raise RuleBroken(f"{field} must not be at webhook.site, which shows what it gets", Rule.PUBLIC_HOST)


def _hosts(environment: Environment) -> set[str]:
    return {urlsplit(environment.token_url).netloc, urlsplit(environment.api_url).netloc}
