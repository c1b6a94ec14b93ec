"""The client id and secret that an export may hold. They go to the sign-in form and nowhere else."""

from collections.abc import Sequence
from typing import Final

from optty_desktop.api.postman_contract import token_fields
from optty_desktop.api.postman_request import PostmanRequest
from optty_desktop.api.postman_roles import Recognised
from optty_desktop.api.postman_variables import ShapeBroken
from optty_desktop.core.route_import import FoundCredentials

NO_PLACE_FOR_IT: Final = "one of its requests carries a secret in its address or body, where it cannot be kept safely"
_LONGEST: Final = 512
_SHORTEST_SECRET: Final = 6
"""A shorter value may stand in any address by chance."""


def found_credentials(requests: Sequence[PostmanRequest], token: Recognised | None) -> FoundCredentials:
    """Return what the token request sends, and where it leaves that open, the variables named after it."""
    sent = _sent(token.request) if token else {}
    variables = (token.request if token else requests[0]).variables
    return FoundCredentials(
        client_id=_usable(sent.get("client_id", "")) or _usable(variables.named("clientid")),
        client_secret=_usable(sent.get("client_secret", "")) or _usable(variables.named("clientsecret")),
    )


def check_no_secret(text: str, credentials: FoundCredentials) -> None:
    """Raise ShapeBroken where a text that would be written into the profile, a plain file, holds one of them."""
    values = (credentials.client_id, credentials.client_secret)
    if any(len(value) >= _SHORTEST_SECRET and value in text for value in values):
        raise ShapeBroken(NO_PLACE_FOR_IT)


def _sent(request: PostmanRequest) -> dict[str, str]:
    fields = dict(token_fields(request))
    if request.auth.kind == "basic":
        basic = request.auth.values
        fields = {"client_id": basic.get("username", ""), "client_secret": basic.get("password", "")} | fields
    wanted = {name: fields[name] for name in ("client_id", "client_secret") if name in fields}
    return {name: request.variables.resolve(text, with_secrets=True).text for name, text in wanted.items()}


def _usable(text: str) -> str:
    """Return the text unless it only marks where a person should put one."""
    value = text.strip()
    is_mark = "{{" in value or (value.startswith("<") and value.endswith(">"))
    return "" if is_mark or len(value) > _LONGEST or not value.isprintable() else value
