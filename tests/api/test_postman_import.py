"""A merchant's collection: what is recognised, what is proposed, and what is refused in one sentence."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from optty_desktop.api.environments import BUILT_IN, LIVE, SANDBOX
from optty_desktop.api.postman_import import propose, read_export
from optty_desktop.core.environments import Imported, RouteTemplate
from optty_desktop.core.errors import CollectionProblem, UnclearCollection
from optty_desktop.core.route_import import Difference, DifferenceKind, RequestRole
from tests.api.postman import (
    CREATE_FIELDS,
    NOON,
    V20,
    back,
    collection,
    create,
    environment,
    export,
    form,
    proposal,
    raw,
    request,
    token,
    usual,
    variables,
    written,
)

SAMPLES = Path(__file__).parent / "samples"
ROUTE = RouteTemplate("PUT", "/back/{invoiceNumber}")


def test_the_usual_collection_gives_the_route_and_where_it_comes_from(tmp_path: Path) -> None:
    found = proposal(tmp_path, usual())
    sha256 = hashlib.sha256((tmp_path / "export-1.json").read_bytes()).hexdigest()
    source = Imported("export-1.json", sha256, NOON)
    assert found.source == source
    assert found.after == replace(SANDBOX, cancel_or_refund=ROUTE, imported=source)
    assert found.before == SANDBOX
    assert found.changes_anything
    assert [(one.role, one.number) for one in found.found] == [
        (RequestRole.TOKEN, 1),
        (RequestRole.CREATE, 2),
        (RequestRole.CANCEL_OR_REFUND, 3),
    ]
    assert (found.missing, found.differences, found.unresolved, found.has_scripts) == ((), (), (), False)


def test_a_route_that_is_known_already_changes_nothing(tmp_path: Path) -> None:
    known = replace(LIVE, cancel_or_refund=replace(ROUTE, tried=False))
    again = collection(
        token("https://auth.optty.com/token"),
        create("https://api.optty.com/custom/hpp"),
        back("https://api.optty.com/back/{{invoiceNumber}}"),
    )
    found = proposal(tmp_path, again, before=known)
    assert not found.changes_anything
    assert found.after is known or found.after == known


def test_a_new_route_of_a_live_profile_is_not_yet_tried(tmp_path: Path) -> None:
    live = collection(create("https://api.optty.com/custom/hpp"), back("https://api.optty.com/back/{{invoiceNumber}}"))
    assert proposal(tmp_path, live, before=LIVE).after.cancel_or_refund == replace(ROUTE, tried=False)


def test_order_and_names_decide_nothing(tmp_path: Path) -> None:
    shuffled = collection(
        back(name="3 - cancel"),
        request("Refund policy", "GET", "https://api.qa.optty.com/policy"),
        request("Token", "GET", "https://api.qa.optty.com/me/{{invoiceNumber}}"),
        request("Cancel my token", "GET", "https://api.qa.optty.com/{{invoiceNumber}}/token"),
        create(),
        {"name": "Folder", "item": [{"name": "Inner", "item": [token()]}]},
    )
    found = proposal(tmp_path, shuffled)
    assert [(one.role, one.number) for one in found.found] == [
        (RequestRole.TOKEN, 6),
        (RequestRole.CREATE, 5),
        (RequestRole.CANCEL_OR_REFUND, 1),
    ]
    assert found.after.cancel_or_refund == ROUTE


@pytest.mark.parametrize(
    "url",
    [
        "https://api.qa.optty.com/back/{{invoiceNumber}}",
        "{{base}}/back/{{ invoiceNumber }}",
        "{{base}}/back/:invoiceNumber",
        "HTTPS://API.qa.optty.com/back/{{number}}",
        "api.qa.optty.com/back/{{lastInvoiceNumber}}/",
        {"raw": "{{base}}/back/{{number}}", "host": ["{{base}}"], "path": ["back", "{{number}}"]},
        {
            "raw": "https://api.qa.optty.com/back/:invoice",
            "protocol": "https",
            "host": ["api", "qa", "optty", "com"],
            "path": ["back", ":invoice"],
            "variable": [{"key": "invoice", "value": "{{invoiceNumber}}"}],
        },
        {"protocol": "https", "host": "api.qa.optty.com", "path": "/back/:invoice_number"},
        {"raw": "{{base}}/back/{{invoiceNumber}}#part"},
    ],
)
def test_an_address_may_be_written_in_many_ways(tmp_path: Path, url: Any) -> None:
    places = variables(base="https://{{host}}", host="api.qa.optty.com")
    told = places + variables(number="{{invoiceNumber}}", invoiceNumber="INV-1")
    found = proposal(tmp_path, collection(token(), create(), back(url), variable=told))
    assert found.after.cancel_or_refund == ROUTE


def test_query_and_body_keep_their_place_for_the_number(tmp_path: Path) -> None:
    url = {
        "raw": "https://api.qa.optty.com/back?kind=link&n={{invoiceNumber}}",
        "protocol": "https",
        "host": ["api", "qa", "optty", "com"],
        "path": ["back"],
        "query": [
            {"key": "kind", "value": "link"},
            {"key": "n", "value": "{{invoiceNumber}}"},
            {"key": "off", "value": "1", "disabled": True},
        ],
    }
    found = proposal(tmp_path, collection(create(), back(url)))
    assert found.after.cancel_or_refund == RouteTemplate("PUT", "/back?kind=link&n={invoiceNumber}")
    body = raw('{"invoiceNumber": "{{latest}}", "reason": "{{why}}"}')
    told = variables(why="none", latest="7")
    found = proposal(tmp_path, collection(create(), back("https://api.qa.optty.com/back", body=body), variable=told))
    assert found.after.cancel_or_refund == RouteTemplate(
        "PUT", "/back", '{"invoiceNumber": "{invoiceNumber}", "reason": "none"}'
    )


def test_values_come_from_the_nearest_place_that_has_one(tmp_path: Path) -> None:
    last = back("{{base}}/{{word}}/{{invoiceNumber}}")
    inner = {"name": "Inner", "item": [last], "variable": variables(word="inner")}
    outer = {"name": "Outer", "item": [inner], "variable": variables(word="outer", base="https://api.qa.optty.com")}
    whole = collection(create(), outer, variable=variables(word="whole", base=""))
    assert proposal(tmp_path, whole).after.cancel_or_refund == RouteTemplate("PUT", "/inner/{invoiceNumber}")
    beside = environment(word="beside")
    assert proposal(tmp_path, beside, whole).after.cancel_or_refund == RouteTemplate("PUT", "/beside/{invoiceNumber}")
    off = {"values": [{"key": "word", "value": "off", "enabled": False}, {"key": "base", "value": None}]}
    assert proposal(tmp_path, whole, off).after.cancel_or_refund == RouteTemplate("PUT", "/inner/{invoiceNumber}")


def test_a_base_without_a_value_leaves_the_addresses_and_gives_the_route(tmp_path: Path) -> None:
    found = proposal(
        tmp_path,
        collection(token("{{auth}}/token"), create("{{base}}/custom/hpp"), back("{{base}}/back/{{invoiceNumber}}")),
    )
    assert found.after.cancel_or_refund == ROUTE
    assert (found.after.token_url, found.after.api_url) == (SANDBOX.token_url, SANDBOX.api_url)
    assert found.unresolved == ("auth", "base")


def test_version_2_0_is_read_too(tmp_path: Path) -> None:
    document = collection(token(), create(), back(), schema=V20)
    document["auth"] = {"type": "bearer", "bearer": {"token": "{{access_token}}"}}
    document["variable"] = [{"id": "client_id", "value": "m-1"}]
    found = proposal(tmp_path, document)
    assert found.after.cancel_or_refund == ROUTE
    assert found.differences == ()
    assert found.credentials.client_id == "m-1"


def test_what_is_not_there_is_named_and_stays(tmp_path: Path) -> None:
    found = proposal(tmp_path, collection(token("https://auth.eu.qa.optty.com/token")))
    assert found.missing == (RequestRole.CREATE, RequestRole.CANCEL_OR_REFUND)
    assert found.after.token_url == "https://auth.eu.qa.optty.com/token"
    assert found.after.api_url == SANDBOX.api_url
    assert proposal(tmp_path, collection(back())).after.cancel_or_refund == ROUTE


def test_what_differs_from_the_contract_is_told(tmp_path: Path) -> None:
    fields = form(client_id="x", client_secret="y", grant_type="password", scope="api-user", audience="a")
    known = {key: value for key, value in CREATE_FIELDS.items() if key != "items"}
    text = json.dumps(known | {"channel": "{{c}}", "hideTax": True}).replace('"{{c}}"', "{{c}}")
    differing = collection(
        token("https://auth.eu.qa.optty.com/token?expires_in=1&z=2", "GET", body=fields),
        create("https://api.eu.qa.optty.com/custom/hpp", "PUT", body=raw(text), auth={"type": "noauth"}),
        back(
            "https://api.eu.qa.optty.com/back/{{invoiceNumber}}",
            header=[{"key": "X-Version", "value": "2"}, {"key": "Accept", "value": "*/*"}],
        ),
    )
    kind, role = DifferenceKind, RequestRole
    assert set(proposal(tmp_path, differing).differences) == {
        Difference(role.TOKEN, kind.HOST, "auth.eu.qa.optty.com", "auth.qa.optty.com"),
        Difference(role.TOKEN, kind.METHOD, "GET", "POST"),
        Difference(role.TOKEN, kind.NEW_QUERY, "z", ""),
        Difference(role.TOKEN, kind.SCOPE, "api-user", "merchant"),
        Difference(role.TOKEN, kind.GRANT, "password", "client_credentials"),
        Difference(role.TOKEN, kind.NEW_FIELD, "audience", ""),
        Difference(role.CREATE, kind.HOST, "api.eu.qa.optty.com", "api.qa.optty.com"),
        Difference(role.CREATE, kind.METHOD, "PUT", "POST"),
        Difference(role.CREATE, kind.NEW_FIELD, "channel", ""),
        Difference(role.CREATE, kind.MISSING_FIELD, "", "items"),
        Difference(role.CREATE, kind.AUTHORISATION, "noauth", "bearer"),
        Difference(role.CANCEL_OR_REFUND, kind.NEW_HEADER, "X-Version", ""),
    }


def test_auth_is_inherited_from_folder_and_collection(tmp_path: Path) -> None:
    key = {"type": "apikey", "apikey": [{"key": "value", "value": "k"}, {"key": "in", "value": False}]}
    folder = {"name": "Folder", "item": [back()], "auth": key}
    told = proposal(tmp_path, collection(create(), folder)).differences
    assert told == (Difference(RequestRole.CANCEL_OR_REFUND, DifferenceKind.AUTHORISATION, "apikey", "bearer"),)


@pytest.mark.parametrize(
    ("documents", "client_id", "secret"),
    [
        ((usual(variable=variables(client_id="m-1", client_secret="s-1")),), "m-1", "s-1"),
        ((usual(), environment(client_id="m-2", client_secret=" s-2 ")), "m-2", "s-2"),
        ((usual(variable=variables(clientId="m-3", CLIENT_SECRET="s-3")),), "m-3", "s-3"),
        ((collection(token(body=form(client_id="m-4", client_secret="<your secret>")), back()),), "m-4", ""),
        ((collection(token(body=raw({"client_id": "m-5", "client_secret": "s-5"}))),), "m-5", "s-5"),
        ((collection(token(body=raw("client_id=m-6&client_secret=s-6"))),), "m-6", "s-6"),
        ((usual(),), "", ""),
    ],
)
def test_credentials_are_found_and_shown_nowhere(
    tmp_path: Path, documents: tuple[Any, ...], client_id: str, secret: str
) -> None:
    read = export(tmp_path, *documents)
    found = propose(read, SANDBOX)
    assert (found.credentials.client_id, found.credentials.client_secret) == (client_id, secret)
    for value in filter(None, (client_id, secret)):
        assert value not in repr(found)
        assert value not in repr(found.credentials)
        assert value not in repr(read)
        assert value not in repr(read.requests)


def test_basic_auth_holds_credentials_too(tmp_path: Path) -> None:
    basic = {"type": "basic", "basic": [{"key": "username", "value": "m-7"}, {"key": "password", "value": "{{s}}"}]}
    whole = collection(token(auth=basic, body=form(grant_type="client_credentials")), variable=variables(s="s-7"))
    found = proposal(tmp_path, whole).credentials
    assert (found.client_id, found.client_secret) == ("m-7", "s-7")


def test_scripts_are_noticed_and_have_no_effect(tmp_path: Path) -> None:
    script = {"listen": "prerequest", "script": {"exec": ["pm.variables.set('base', 'https://evil.example')"]}}
    plain = proposal(tmp_path, collection(create(), back()))
    scripted = proposal(tmp_path, collection(create(), {**back(), "event": [script]}, event=[script]))
    assert scripted.has_scripts
    assert scripted.after.cancel_or_refund == plain.after.cancel_or_refund


def test_two_candidates_are_left_to_a_person(tmp_path: Path) -> None:
    second = back("https://api.qa.optty.com/other/{{invoiceNumber}}", "POST", name="Cancel")
    whole = collection(create(), back(), second)
    with pytest.raises(UnclearCollection, match="requests 2 and 3 could all cancel") as caught:
        proposal(tmp_path, whole)
    assert [(one.number, one.name) for one in caught.value.candidates] == [(2, "Refund / Cancel Link"), (3, "Cancel")]
    with pytest.raises(CollectionProblem, match="request 1 does not cancel"):
        proposal(tmp_path, whole, chosen=1)
    assert proposal(tmp_path, whole, chosen=2).after.cancel_or_refund == ROUTE
    other = RouteTemplate("POST", "/other/{invoiceNumber}")
    assert proposal(tmp_path, whole, chosen=3).after.cancel_or_refund == other
    same = collection(create(), back(), back(name="Cancel"))
    assert proposal(tmp_path, same).after.cancel_or_refund == ROUTE


def test_words_of_an_export_are_made_harmless(tmp_path: Path) -> None:
    turned = collection(back(name="Refund \u202e\u001b[31m" + "x" * 500))
    shown = proposal(tmp_path, turned).found[0]
    assert shown.name.startswith("Refund \\u202e\\u001b[31m")
    assert len(shown.name) <= 160
    user = collection(token("https://name:pw@{{host}}/token"))
    assert proposal(tmp_path, user).found[0].address == "https://{{host}}/token"


def test_files_are_known_by_what_they_hold(tmp_path: Path) -> None:
    beside = environment(client_id="m-1")
    assert proposal(tmp_path, beside, usual()).source.file == "export-2.json"


def test_the_name_of_a_file_is_kept_harmless(tmp_path: Path) -> None:
    path = written(tmp_path, usual())[0].rename(tmp_path / "a\u202eb\nc.json")
    assert read_export([path], NOON).source.file == "a_u202eb_u000ac.json"


def test_the_samples_say_what_they_are_and_are_understood() -> None:
    files = sorted(SAMPLES.glob("*.json"))
    assert len(files) == 2
    assert all("synthetic" in path.read_text(encoding="utf-8").lower() for path in files)
    here = replace(SANDBOX, id="here", token_url="http://127.0.0.1:1/token", api_url="http://127.0.0.1:1")
    found = propose(read_export(files, NOON), here, (*BUILT_IN, here))
    assert found.after.cancel_or_refund == RouteTemplate("POST", "/training/links/{invoiceNumber}/cancel-or-refund")
    assert found.credentials.client_secret == "synthetic-s3cret"
    assert found.missing == ()
    assert found.has_scripts
