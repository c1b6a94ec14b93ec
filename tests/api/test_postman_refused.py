"""Collections that are refused: hostile, foreign, or not clear enough. One sentence each, and nothing is taken."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from optty_desktop.api.environments import LIVE, SANDBOX, training_environment
from optty_desktop.api.postman_file import LARGEST_FILE
from optty_desktop.api.postman_import import read_export
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import CollectionProblem
from tests.api.postman import (
    NOON,
    back,
    collection,
    create,
    environment,
    form,
    proposal,
    raw,
    request,
    token,
    usual,
    variables,
)


def problem(folder: Path, *documents: Any, before: Environment = SANDBOX) -> str:
    """The sentence with which these documents are refused."""
    with pytest.raises(CollectionProblem) as caught:
        proposal(folder, *documents, before=before)
    told = str(caught.value)
    assert told.endswith(".")
    assert "\n" not in told
    assert told.isprintable()
    return told


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://evil.example/token", "evil.example is neither Optty nor a host of Sandbox"),
        ("https://optty.com.evil.example/token", "neither Optty"),
        ("https://evil-optty.com/token", "neither Optty"),
        ("https://auth.optty.com/token", "made for Live, not for Sandbox"),
        ("https://auth.eu.optty.com/token", "does not belong to Sandbox"),
        ("http://auth.qa.optty.com/token", "must be https"),
        ("http://127.0.0.1:8123/token", "neither Optty"),
        ("file:///etc/token", "plain address"),
        ("javascript://auth.qa.optty.com/token", "plain address"),
        ("https://user:pw@auth.qa.optty.com/token", "plain address"),
        ("https://auth.qa.optty.com\\@evil.example/token", "plain address"),
        ("https://[::1]/token", "plain address"),
        ("https://auth.qa.optty.com/../token", "plain address"),
        ("https://\u0430uth.qa.optty.com/token", "plain address"),
        ("//evil.example/token", "plain address"),
    ],
)
def test_the_secret_is_never_sent_to_a_foreign_place(tmp_path: Path, url: str, reason: str) -> None:
    assert reason in problem(tmp_path, collection(token(url), create(), back()))


def test_an_address_with_a_secret_in_it_is_not_written_down(tmp_path: Path) -> None:
    told = variables(client_secret="s3cret-9")
    inside = collection(token(), create("https://api.qa.optty.com/s3cret-9/custom/hpp"), variable=told)
    assert "carries a secret" in problem(tmp_path, inside)
    marked = [{"key": "shop", "value": "canary", "type": "secret"}]
    with_shop = collection(create(), back("https://api.qa.optty.com/{{shop}}/{{invoiceNumber}}"), variable=marked)
    assert "carries a secret" in problem(tmp_path, with_shop)


def test_test_systems_never_become_live(tmp_path: Path) -> None:
    assert "made for Sandbox, not for Live" in problem(tmp_path, usual(), before=LIVE)
    staging = collection(token("https://auth.staging.optty.com/token"))
    assert "does not belong to Live" in problem(tmp_path, staging, before=LIVE)
    own = replace(SANDBOX, id="own", name="Own", token_url="https://auth.own.example/token")
    at_home = collection(token("https://auth.own.example/v2/token"))
    assert proposal(tmp_path, at_home, before=own).after.token_url == "https://auth.own.example/v2/token"
    training = training_environment("http://127.0.0.1:8123")
    assert "Training has routes of its own" in problem(tmp_path, usual(), before=training)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"url": "https://evil.example/back/{{invoiceNumber}}"}, "another place"),
        ({"url": "https://api.qa.optty.com.evil.example/{{invoiceNumber}}"}, "another place"),
        ({"url": "file:///back/{{invoiceNumber}}"}, "another place"),
        ({"url": "https://api.qa.optty.com/{{what}}/{{invoiceNumber}}"}, "needs a value for what;"),
        ({"url": "https://api.qa.optty.com/:what/{{invoiceNumber}}"}, "needs a value for :what;"),
        ({"url": "{{unknown}}/back/{{invoiceNumber}}"}, "needs a value for unknown;"),
        ({"url": "https://api.qa.optty.com/{{a}}/{{invoiceNumber}}"}, "needs a value for a;"),
        ({"url": "https://api.qa.optty.com/{{$guid}}/{{invoiceNumber}}"}, "needs a value for $guid;"),
        ({"url": "https://api.qa.optty.com/../back/{{invoiceNumber}}"}, "// or .."),
        ({"url": "https://api.qa.optty.com//evil.example/{{invoiceNumber}}"}, "// or .."),
        ({"url": "https://api.qa.optty.com/{{up}}/{{invoiceNumber}}"}, "// or .."),
        ({"url": "https://api.qa.optty.com/back?invoiceNumber=INV-1"}, "must stand in path or body"),
        ({"url": "https://api.qa.optty.com/back/{{invoiceNumber}}?api_key=k"}, "carries a secret"),
        ({"url": "https://api.qa.optty.com/back/{{invoiceNumber}}/s3cret-9"}, "carries a secret"),
        (
            {"url": "https://api.qa.optty.com/back/{{invoiceNumber}}/{{client_secret}}"},
            "carries a secret",
        ),
        ({"method": "FETCH"}, "method must be"),
        ({"method": 7}, "the method of request 3 is no text"),
        ({"url": 7}, "the address of request 3 is no text"),
        ({"body": raw('{"n": {{invoiceNumber}}}')}, "body must be a JSON object"),
        ({"body": raw('{"access_token": "x"}')}, "carries a secret"),
        ({"body": raw('{"a": [{"password": "x"}]}')}, "carries a secret"),
        ({"body": raw('{"a": "{{{{b}}}}"}')}, "needs a value for b;"),
        ({"body": form(invoiceNumber="{{invoiceNumber}}")}, "a form or a file"),
        ({"body": {"mode": "file", "file": {"src": "/etc/passwd"}}}, "a form or a file"),
        (
            {
                "url": {
                    "raw": "https://api.qa.optty.com/{{invoiceNumber}}",
                    "host": ["x"],
                    "path": ["{{invoiceNumber}}"],
                }
            },
            "two different addresses",
        ),
    ],
)
def test_a_route_that_cannot_be_said_exactly_is_refused(tmp_path: Path, changes: Any, reason: str) -> None:
    told = variables(a="{{b}}", b="{{a}}", up="..", client_secret="s3cret-9")
    assert reason in problem(tmp_path, collection(token(), create(), back(**changes), variable=told))


BOMB = variables(**{f"v{level}": f"{{{{v{level + 1}}}}}" * 9 for level in range(9)})
"""Each variable holds the next one nine times."""


def deep(levels: int) -> str:
    return '{"item":' + "[" * levels + "]" * levels + "}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"[]", "no Postman collection"),
        (b"{}", "neither a Postman collection nor"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("{}".encode("utf-16"), "byte order mark"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b"{\x00}", "NUL"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"a": 1, "a": 2}', "a key stands twice"),
        (b'{"a": NaN}', "NaN is no number"),
        (deep(40), "deeper than 32"),
        (deep(100_000), "not JSON"),
        (b" " * (LARGEST_FILE + 1), "larger than 5 MB"),
        (collection(schema="https://schema.getpostman.com/json/collection/v3.0.0/collection.json"), "another version"),
        ({"requests": [], "order": []}, "version 1"),
        ({"values": [], "_postman_variable_scope": "globals"}, "neither a Postman"),
        (environment(a="b"), "takes one Postman collection"),
        (collection(), "none of its requests"),
        (collection(request("Hello", "GET", "https://api.qa.optty.com/")), "none of its requests"),
        (collection({"name": "neither"}), "neither a folder nor a request"),
        (collection({"name": "x", "item": 7}), "no list of requests"),
        (collection({"name": "x", "request": 7}), "neither a text nor an object"),
        (collection({"name": 7, "request": "https://x"}), "the name of a request is no text"),
        (collection(*[back()] * 501), "more than 500 requests"),
        (usual(variable=[{"key": "a", "value": 7}]), "a variable of the collection is no text"),
        (usual(variable=[{"key": 7, "value": "a"}]), "has no name"),
        (usual(variable={"a": "b"}), "are no list"),
        (collection(token(), token("https://auth.test.optty.com/token")), "token requests to different addresses"),
        (collection(back("{{v0}}"), variable=BOMB), "grow out of all proportion"),
        (collection(back("x" * 70_000)), "longer than 64 KiB"),
        (collection(back({"raw": "https://x", "host": 7})), "neither a text nor a list"),
        (collection(back(body=7)), "is no object"),
        (collection(back(header=7)), "is no list"),
        (collection(back(auth="bearer")), "is no object"),
    ],
)
def test_a_hostile_or_foreign_file_is_refused(tmp_path: Path, content: Any, reason: str) -> None:
    told = problem(tmp_path, content)
    assert reason in told


def test_only_files_are_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.json", tmp_path / "a\0b"):
        with pytest.raises(CollectionProblem, match=r"is not a file|cannot be read"):
            read_export([path], NOON)


@pytest.mark.skipif(os.name != "posix", reason="pipes have names only here")
def test_a_pipe_does_not_hold_up_the_till(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CollectionProblem, match="is not a file"):
        read_export([tmp_path / "pipe"], NOON)


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024 * 1024)
    with pytest.raises(CollectionProblem, match="larger than 5 MB"):
        read_export([path], NOON)


def test_only_one_collection_and_one_environment_are_taken(tmp_path: Path) -> None:
    beside = environment(client_id="m-1")
    assert "one Postman collection" in problem(tmp_path, usual(), usual())
    assert "one Postman collection" in problem(tmp_path, usual(), beside, beside)
    assert "export-2.json cannot be used: a variable of the environment" in problem(tmp_path, usual(), environment(a=1))
