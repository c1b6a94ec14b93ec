"""A merchant's side of the wire, plain and explicit: what the tests of the pretend Optty send."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from optty_desktop.training.server import TrainingServer

NOW = datetime(2026, 3, 24, 14, 31, tzinfo=UTC)


class TurnedClock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def turn(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def create_body(number: str = "T1-0001", **changes: Any) -> dict[str, Any]:
    """A sound create body of USD 64.00; a change to None takes the field out."""
    body: dict[str, Any] = {
        "email": "customer@example.com",
        "price": 64,
        "phoneNumber": "+12025550100",
        "description": "Birthday cake",
        "currency": "USD",
        "invoiceNumber": number,
        "referenceName": "Order 1050",
        "dueDate": "2026-03-31T23:59:59.000Z",
        "subTotal": 60.5,
        "taxAmount": 3.5,
        "enableTipping": False,
        "items": [],
        "hideTax": False,
        "emailCustomer": False,
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


class Shop:
    """Signed in with both scopes; every method is one request."""

    def __init__(self, server: TrainingServer) -> None:
        self.server = server
        # no TLS on the loopback: an empty context saves loading the certificates of the world for each test
        no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.http = httpx.Client(base_url=server.url, trust_env=False, timeout=5, verify=no_tls)
        self.tokens = {scope: self.token(scope).json()["access_token"] for scope in ("merchant", "api-user")}

    def close(self) -> None:
        self.http.close()

    def token(self, scope: str = "merchant", **changes: str) -> httpx.Response:
        form = {
            "client_id": self.server.client_id,
            "client_secret": self.server.client_secret,
            "grant_type": "client_credentials",
            "scope": scope,
        }
        return self.http.post("/token", data=form | changes)

    def bearer(self, scope: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[scope]}"}

    def create(self, number: str = "T1-0001", **changes: Any) -> httpx.Response:
        return self.send_create(json=create_body(number, **changes))

    def send_create(self, **request: Any) -> httpx.Response:
        return self.http.post("/custom/hpp", headers=self.bearer("merchant"), **request)

    def send_create_text(self, text: str) -> httpx.Response:
        headers = {**self.bearer("merchant"), "content-type": "application/json"}
        return self.http.post("/custom/hpp", headers=headers, content=text)

    def cancel_or_refund(self, number: str = "T1-0001", **request: Any) -> httpx.Response:
        path = f"/training/links/{number}/cancel-or-refund"
        return self.http.post(path, headers=self.bearer("merchant"), **request)

    def order(self, reference: str) -> httpx.Response:
        return self.http.get(f"/orders/{reference}", headers=self.bearer("api-user"))

    def refund_order(self, reference: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/orders/{reference}/refund", headers=self.bearer("api-user"), json=body)

    def control(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"x-training-control": self.server.control_token}
        return self.http.request(method, f"/training/{path}", headers=headers, **request)
