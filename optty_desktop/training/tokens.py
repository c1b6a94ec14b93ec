"""Access tokens, bound to one scope (source: docs.optty.com, Create Access Token and API Scopes)."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from urllib.parse import parse_qsl

from optty_desktop.training.exchange import Answer, Call, reject
from optty_desktop.training.ledger import Clock
from optty_desktop.training.switches import Switches

Scope = Literal["merchant", "api-user"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
_FIELDS = ("client_id", "client_secret", "grant_type", "scope")


@dataclass(frozen=True, slots=True)
class Keys:
    """What this run was started with: the merchant's pair, and the token of the control routes."""

    client_id: str
    client_secret: str
    control_token: str

    @classmethod
    def random(cls) -> "Keys":
        """New keys of the system's randomness."""
        return cls(f"training-{secrets.token_hex(8)}", secrets.token_urlsafe(24), secrets.token_urlsafe(24))

    def __repr__(self) -> str:
        """Hide the secrets."""
        return f"Keys(client_id={self.client_id!r})"


class TokenDesk:
    """Issues tokens for the right secret and knows them again while they live."""

    def __init__(self, keys: Keys, clock: Clock, switches: Switches) -> None:
        self._keys = keys
        self._clock = clock
        self._switches = switches
        self._issued: dict[str, tuple[Scope, datetime]] = {}

    def issue(self, call: Call) -> Answer:
        """``POST /token``. Raises Rejected: 400 for a malformed form, 401 for a wrong pair."""
        form = _form(call)
        pair = f"{form['client_id']}\n{form['client_secret']}".encode()
        if not hmac.compare_digest(pair, f"{self._keys.client_id}\n{self._keys.client_secret}".encode()):
            reject(401, "Unauthorized")
        scope: Scope = "merchant" if form["scope"] == "merchant" else "api-user"
        life = self._switches.token_seconds
        token = ".".join(secrets.token_urlsafe(size) for size in (27, 90, 32))
        self._issued[token] = (scope, self._clock() + timedelta(seconds=life))
        return Answer(200, {"access_token": token, "expires_in": life, "token_type": "Bearer", "scope": scope})

    def require(self, call: Call, scope: Scope) -> None:
        """Raises Rejected: 401 without a living token, 403 for a token of another scope."""
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        held, expires = self._issued.get(token, (None, None))
        if kind.lower() != "bearer" or expires is None or expires <= self._clock():
            reject(401, "Unauthorized")
        if held != scope:
            reject(403, "Forbidden resource")


def _form(call: Call) -> dict[str, str]:
    if call.media_type != "application/x-www-form-urlencoded":
        reject(400, "Content-Type must be application/x-www-form-urlencoded")
    pairs = parse_qsl(call.body.decode("latin-1"), keep_blank_values=True)
    form = dict(pairs)
    problems = [f"property {name} should not exist" for name in form if name not in _FIELDS]
    problems += [f"{name} must be a string" for name in _FIELDS if [key for key, _ in pairs].count(name) != 1]
    if form.get("grant_type") != "client_credentials":
        problems.append("grant_type must be one of the following values: client_credentials")
    if form.get("scope") not in SCOPES:
        problems.append("scope must be one of the following values: merchant, api-user")
    if problems:
        reject(400, problems)
    return form
