"""Any export is understood or refused in a sentence, and variables always come to an end."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optty_desktop.api.environments import SANDBOX
from optty_desktop.api.postman_import import propose, read_export
from optty_desktop.api.postman_variables import ShapeBroken, Variable, Variables
from optty_desktop.core.errors import CollectionProblem
from optty_desktop.core.route_import import RouteImport
from tests.api.postman import NOON, V20, V21, back, collection, create, token

NAMES = st.sampled_from(["base", "a", "b", "c", "client_secret", "invoiceNumber", "x y", "$guid"])
PIECES = st.one_of(NAMES.map(lambda name: f"{{{{{name}}}}}"), st.sampled_from(["/", "{", "}", "{{", "}}", "1", ":a"]))
TEXTS = st.lists(PIECES, max_size=6).map("".join)
LAYERS = st.lists(st.dictionaries(NAMES, TEXTS, max_size=6), max_size=3)

WORDS = st.sampled_from(
    [
        "info",
        "schema",
        "item",
        "request",
        "name",
        "url",
        "raw",
        "host",
        "path",
        "query",
        "variable",
        "key",
        "value",
        "method",
        "header",
        "body",
        "mode",
        "urlencoded",
        "auth",
        "type",
        "bearer",
        "event",
        "values",
        "disabled",
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.text(max_size=8),
    TEXTS,
    st.sampled_from([V20, V21, "raw", "urlencoded", "basic", "POST", "Cancel", "https://api.qa.optty.com/custom/hpp"]),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=25,
)


def understood(document: Any) -> RouteImport | str:
    """The proposal, or the sentence of refusal; anything else fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        try:
            return propose(read_export([path], NOON), SANDBOX)
        except CollectionProblem as refused:
            told = str(refused)
    assert told.endswith(".")
    assert told.isprintable()
    assert len(told) < 400
    return told


@given(JSON)
def test_any_json_is_refused_in_a_sentence_or_understood(document: Any) -> None:
    understood(document)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    assert isinstance(understood(content), str)


@given(st.sampled_from(["variable", "auth", "event"]), JSON, st.sampled_from(["url", "body", "header", "auth"]), JSON)
def test_any_part_of_a_collection_may_be_strange(place: str, whole: Any, part: str, strange: Any) -> None:
    document = collection(token(), create(), back(**{part: strange}), **{place: whole})
    found = understood(document)
    if isinstance(found, RouteImport) and (route := found.after.cancel_or_refund):
        assert "{invoiceNumber}" in route.path + route.body
        assert "{{" not in route.path + route.body
        assert found.after.api_url == SANDBOX.api_url


@given(TEXTS, LAYERS)
@example(
    "{{base}}" * 6,
    [{"base": "{{base}}" * 4 + "{{x y}}", "x y": "{{base}}" * 4 + "{{a}}", "a": "{{base}}" * 3}],
)
def test_variables_end_and_what_stays_open_is_named(text: str, layers: list[dict[str, str]]) -> None:
    variables = Variables([{name: Variable(value) for name, value in layer.items()} for layer in layers])
    try:
        resolved = variables.resolve(text)
    except ShapeBroken as refusal:
        # Names that multiply each other are refused before they fill the memory.
        with pytest.raises(ShapeBroken, match=str(refusal)):
            variables.resolve(text)
        return
    assert resolved == variables.resolve(text)
    assert "invoiceNumber" not in resolved.unresolved
    assert all(f"{{{{{name}}}}}" in resolved.text for name in resolved.unresolved)


@given(st.dictionaries(NAMES, TEXTS, max_size=4))
def test_a_secret_is_only_filled_in_where_it_is_asked_for(values: dict[str, str]) -> None:
    layer = {name: Variable(value) for name, value in values.items()} | {"key": Variable("canary", is_secret=True)}
    variables = Variables([layer])
    assert "canary" not in variables.resolve("{{key}}{{a}}{{b}}{{c}}{{base}}").text
    assert variables.resolve("{{key}}", with_secrets=True).text == "canary"


@given(st.integers(0, 60), st.integers(1, 9))
def test_chains_are_followed_within_bounds(length: int, width: int) -> None:
    layer = {f"v{level}": Variable(f"{{{{v{level + 1}}}}}" * width) for level in range(length)}
    variables = Variables([{**layer, f"v{length}": Variable("end")}])
    count = sum(width**level for level in range(length + 1))
    if length <= 20 and count <= 200:
        assert variables.resolve("{{v0}}").text == "end" * width**length
    else:
        with pytest.raises(ShapeBroken, match="out of all proportion"):
            variables.resolve("{{v0}}")
