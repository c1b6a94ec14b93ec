"""POST /token, and which token opens which route."""

from __future__ import annotations

import pytest

from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop, TurnedClock


@pytest.mark.parametrize("scope", ["merchant", "api-user"])
def test_right_credentials_get_a_token_of_the_scope_asked_for(shop: Shop, scope: str) -> None:
    answer = shop.token(scope)
    assert answer.status_code == 200
    body = answer.json()
    assert len(body.pop("access_token").split(".")) == 3
    assert body == {"expires_in": 86400, "token_type": "Bearer", "scope": scope}


def test_a_life_asked_for_in_the_address_is_tolerated(shop: Shop, server: TrainingServer) -> None:
    form = {"client_id": server.client_id, "client_secret": server.client_secret}
    form |= {"grant_type": "client_credentials", "scope": "merchant"}
    assert shop.http.post("/token?expires_in=1", data=form).json()["expires_in"] == 86400


@pytest.mark.parametrize("field", ["client_id", "client_secret"])
def test_a_wrong_pair_is_unauthorised(shop: Shop, field: str) -> None:
    answer = shop.token(**{field: "wrong"})
    assert answer.status_code == 401
    assert answer.json() == {"statusCode": 401, "message": "Unauthorized"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"response_type": "token"}, "property response_type should not exist"),
        ({"grant_type": "password"}, "grant_type must be one of the following values: client_credentials"),
        ({"scope": "parent"}, "scope must be one of the following values: merchant, api-user"),
    ],
)
def test_a_form_that_is_not_documented_is_refused(shop: Shop, changes: dict[str, str], problem: str) -> None:
    answer = shop.token(**changes)
    assert answer.status_code == 400
    assert answer.json() == {"statusCode": 400, "message": [problem], "error": "Bad Request"}


def test_a_missing_field_is_named(shop: Shop) -> None:
    answer = shop.http.post("/token", data={"grant_type": "client_credentials", "scope": "merchant"})
    assert answer.json()["message"] == ["client_id must be a string", "client_secret must be a string"]


def test_credentials_come_as_a_form_and_not_as_json(shop: Shop) -> None:
    answer = shop.http.post("/token", json={"client_id": "a"})
    assert answer.status_code == 400
    assert "x-www-form-urlencoded" in answer.json()["message"]


def test_every_route_wants_the_token_of_its_own_scope(shop: Shop) -> None:
    shop.tokens = {"merchant": shop.tokens["api-user"], "api-user": shop.tokens["merchant"]}
    for answer in (shop.create(), shop.cancel_or_refund(), shop.order("x"), shop.refund_order("x")):
        assert answer.status_code == 403
        assert answer.json() == {"statusCode": 403, "message": "Forbidden resource", "error": "Forbidden"}


def test_no_token_an_unknown_one_and_another_scheme_are_unauthorised(shop: Shop) -> None:
    good = shop.tokens["merchant"]
    for header in ({}, {"authorization": "Bearer nonsense"}, {"authorization": f"Basic {good}"}):
        assert shop.http.post("/custom/hpp", json={}, headers=header).status_code == 401


def test_a_token_ends_with_its_life(shop: Shop, server: TrainingServer, clock: TurnedClock) -> None:
    server.switches.token_seconds = 60
    answer = shop.token()
    assert answer.json()["expires_in"] == 60
    shop.tokens["merchant"] = answer.json()["access_token"]
    clock.turn(59)
    assert shop.create("T1-1").status_code == 200
    clock.turn(1)
    assert shop.create("T1-2").status_code == 401


def test_the_ledger_never_holds_the_secret(shop: Shop, server: TrainingServer) -> None:
    shop.http.post("/token", json={"client_secret": server.client_secret, "scope": "merchant"})
    assert len(server.ledger.received()) == 3
    assert all(server.client_secret not in request.body for request in server.ledger.received())
    assert server.client_secret not in repr(server._service.keys)
