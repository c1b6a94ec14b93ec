"""Small Postman exports, built in code, and what reading one gives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from optty_desktop.api.environments import BUILT_IN, SANDBOX
from optty_desktop.api.postman_import import PostmanExport, propose, read_export
from optty_desktop.core.environments import Environment
from optty_desktop.core.route_import import RouteImport

V21 = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
V20 = "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

Json = dict[str, Any]

CREATE_FIELDS = {
    "email": "customer@example.com",
    "price": 99.99,
    "phoneNumber": "+1234567890",
    "description": "Payment",
    "currency": "USD",
    "invoiceNumber": "{{invoiceNumber}}",
    "referenceName": "Order",
    "dueDate": "2025-10-10T08:18:04.983Z",
    "subTotal": 89.99,
    "taxAmount": 10,
    "enableTipping": True,
    "items": [],
}


def form(**fields: str) -> Json:
    return {"mode": "urlencoded", "urlencoded": [{"key": key, "value": value} for key, value in fields.items()]}


def raw(body: Any) -> Json:
    return {"mode": "raw", "raw": body if isinstance(body, str) else json.dumps(body)}


def request(name: str, method: str, url: Any, **more: Any) -> Json:
    return {"name": name, "request": {"method": method, "url": url, **more}}


def token(url: Any = "https://auth.qa.optty.com/token", method: str = "POST", **changes: Any) -> Json:
    body = form(
        client_id="{{client_id}}",
        client_secret="{{client_secret}}",
        grant_type="client_credentials",
        scope="merchant",
    )
    return request("Auth - Merchant", method, url, **{"body": body, **changes})


def create(url: Any = "https://api.qa.optty.com/custom/hpp", method: str = "POST", **changes: Any) -> Json:
    return request("Create Session", method, url, **{"body": raw(CREATE_FIELDS), **changes})


def back(url: Any = "https://api.qa.optty.com/back/{{invoiceNumber}}", method: str = "PUT", **changes: Any) -> Json:
    return request(changes.pop("name", "Refund / Cancel Link"), method, url, **changes)


def collection(*items: Json, schema: str = V21, **more: Any) -> Json:
    bearer = {"type": "bearer", "bearer": [{"key": "token", "value": "{{access_token}}"}]}
    return {"info": {"name": "Sample", "schema": schema}, "item": list(items), "auth": bearer, **more}


def usual(**more: Any) -> Json:
    return collection(token(), create(), back(), **more)


def variables(**values: Any) -> list[Json]:
    return [{"key": key, "value": value} for key, value in values.items()]


def environment(**values: Any) -> Json:
    return {"name": "Sample", "values": variables(**values), "_postman_variable_scope": "environment"}


def export(folder: Path, *documents: Json | bytes | str) -> PostmanExport:
    """Write the documents as ``export-1.json`` … and read them."""
    return read_export(written(folder, *documents), NOON)


def written(folder: Path, *documents: Json | bytes | str) -> Sequence[Path]:
    paths = [folder / f"export-{number}.json" for number in range(1, len(documents) + 1)]
    for path, document in zip(paths, documents, strict=True):
        text = document if isinstance(document, bytes | str) else json.dumps(document)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return paths


def proposal(
    folder: Path, *documents: Json | bytes | str, before: Environment = SANDBOX, chosen: int | None = None
) -> RouteImport:
    """What the documents would change."""
    return propose(export(folder, *documents), before, BUILT_IN, chosen)
