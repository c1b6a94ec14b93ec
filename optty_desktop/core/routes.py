"""A route made into the one request it stands for. What a person is shown and what is sent come from here."""

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from optty_desktop.core.environments import RouteTemplate
from optty_desktop.core.errors import NotSent, Trouble

PLACEHOLDER: Final = "{invoiceNumber}"
"""Where a route takes the invoice number, in its path or in a text of its JSON body."""

_LONGEST_VALUE: Final = 200


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``path`` begins with a slash and stands below the API address; ``body`` is empty or JSON."""

    method: str
    path: str
    body: str = ""

    def line(self, api_url: str) -> str:
        """Method and whole address, as ``POST https://api.example.com/links/T2-1``."""
        return f"{self.method} {api_url}{self.path}"


def request_for(route: RouteTemplate, invoice_number: str) -> Request:
    """The request of ``route`` for this link. Raises NotSent for a number no honest reference has."""
    path = route.path.replace(PLACEHOLDER, path_value(invoice_number))
    return Request(route.method, path, route.body.replace(PLACEHOLDER, json.dumps(invoice_number)[1:-1]))


def path_value(value: str) -> str:
    """Return one path segment that cannot become anything else.

    Raises NotSent for a value no honest reference has: empty, dots alone, longer than 200, or with control characters.
    """
    if not value.strip(".") or len(value) > _LONGEST_VALUE or not value.isprintable():
        raise NotSent(Trouble.BAD_ANSWER, details={"reason": "a reference that cannot be part of an address"})
    return quote(value, safe="")
