"""A changed profile in ``environments.toml``: the rest of the file stays, and half a file never exists."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.api.environments import BUILT_IN, LIVE, SANDBOX, load_environments
from optty_desktop.api.profile_writing import write_profile
from optty_desktop.core.environments import Environment, EnvironmentKind, Imported, RefundWith, RouteTemplate
from optty_desktop.core.errors import ProfileProblem

ROUTE = RouteTemplate("POST", "/x/{invoiceNumber}")
IMPORTED = Imported("Optty Direct.json", "0a" * 32, datetime(2026, 11, 22, 12, tzinfo=UTC))
OWN = Environment(
    id="own",
    name='Own "shop" \N{SNOWMAN}',
    kind=EnvironmentKind.LIVE,
    token_url="https://auth.own.example/token",
    api_url="https://api.own.example",
    link_hosts=("pay.own.example", ".optty.com"),
    refund_with=RefundWith.ORDER,
    cancel_or_refund=RouteTemplate("PUT", "/x", '{"n": "{invoiceNumber}", "w": "it\'s"}', tried=False),
    imported=IMPORTED,
)

FILE = """\
# The environments of our shop.   Ask Kim.

[[environment]] # practice
  id = "sandbox"
  link_hosts = [
    ".optty.com",   # Optty
    "pay.shop.example",
  ]

  # found by Kim
  [environment.cancel_or_refund] # by hand
  method = "PUT"   # not POST
  # the path
  path = '/old/{invoiceNumber}'
  body = '{"why": "# not a remark"}'  # a body

# The second shop.
[[environment]]
id = "second"
name = "Second shop"
kind = "live"
token_url = "https://auth.second.example/token"
api_url = "https://api.second.example"
link_hosts = ["pay.second.example"]
# the end
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file that a person has written."""
    path = tmp_path / "environments.toml"
    path.write_text(FILE)
    return path


def profile(file: Path, environment_id: str) -> Environment:
    return next(one for one in load_environments(file) if one.id == environment_id)


def remarks(text: str) -> list[str]:
    return re.findall(r"# (?!not a remark).*", text)


def lines_besides(text: str, *changed: str) -> list[str]:
    return [line for line in text.splitlines() if not any(part in line for part in changed)]


def test_without_a_file_one_is_made(tmp_path: Path) -> None:
    file = tmp_path / "environments.toml"
    changed = replace(SANDBOX, cancel_or_refund=ROUTE, imported=IMPORTED)
    write_profile(file, changed)
    assert load_environments(file) == (changed, LIVE)
    assert set(tomllib.loads(file.read_text())["environment"][0]) == {"id", "cancel_or_refund", "imported"}
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["environments.toml"]


def test_a_route_is_put_where_the_old_one_stands(file: Path) -> None:
    file.chmod(0o644)
    changed = replace(profile(file, "sandbox"), cancel_or_refund=ROUTE, imported=IMPORTED)
    second = profile(file, "second")
    write_profile(file, changed)
    assert profile(file, "sandbox") == changed
    assert profile(file, "second") == second
    text = file.read_text()
    assert sorted(remarks(text)) == sorted(remarks(FILE))
    assert 'method = "POST"   # not POST' in text
    assert text.index("[environment.imported]") < text.index("# The second shop.") < text.index('id = "second"')
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


def test_only_the_lines_that_change_are_touched(file: Path) -> None:
    moved = replace(profile(file, "second"), token_url="https://auth.second.example/v2/token")
    write_profile(file, moved)
    assert profile(file, "second") == moved
    assert lines_besides(file.read_text(), "token_url") == lines_besides(FILE, "token_url")
    again = file.read_bytes()
    write_profile(file, moved)
    assert file.read_bytes() == again


def test_an_entry_is_added_behind_the_others(file: Path) -> None:
    before = load_environments(file)
    write_profile(file, OWN)
    assert load_environments(file) == (*before, OWN)
    assert file.read_text().startswith(FILE)
    live = replace(LIVE, refund_with=RefundWith.ORDER)
    write_profile(file, live)
    assert profile(file, "live") == live


def test_a_route_that_was_tried_says_so(file: Path) -> None:
    write_profile(file, OWN)
    tried = replace(OWN, cancel_or_refund=replace(OWN.cancel_or_refund or ROUTE, tried=True))
    write_profile(file, tried)
    assert profile(file, "own") == tried
    assert "tried" not in file.read_text()


@pytest.mark.parametrize("is_inline", [False, True])
def test_what_was_imported_can_be_retyped_and_taken_out(tmp_path: Path, is_inline: bool) -> None:
    file = tmp_path / "environments.toml"
    route = replace(ROUTE, tried=False)
    imported = replace(LIVE, cancel_or_refund=route, imported=IMPORTED)
    if is_inline:
        file.write_text(
            '[[environment]]\nid = "live"\n'
            'cancel_or_refund = { method = "POST", path = "/x/{invoiceNumber}", tried = false }\n'
            f'imported = {{ file = "{IMPORTED.file}", sha256 = "{IMPORTED.sha256}", '
            "at = 2026-11-22T12:00:00Z }  # Kim\n",
            encoding="utf-8",
        )
    else:
        write_profile(file, imported)
    assert load_environments(file)[1] == imported
    retyped = replace(LIVE, cancel_or_refund=replace(route, path="/y/{invoiceNumber}"))
    write_profile(file, retyped)
    assert load_environments(file)[1] == retyped
    write_profile(file, LIVE)
    assert load_environments(file) == BUILT_IN
    assert ("# Kim" in file.read_text(encoding="utf-8")) is is_inline


def test_remarks_beside_a_table_that_goes_stay(file: Path) -> None:
    sandbox = load_environments(file)[0]
    write_profile(file, replace(sandbox, cancel_or_refund=None))
    text = file.read_text(encoding="utf-8")
    assert load_environments(file)[0].cancel_or_refund is None
    assert all(remark in text for remark in ("# found by Kim", "# by hand", "# not POST", "# the path", "# a body"))
    assert "environment.cancel_or_refund" not in text.partition("# The second shop.")[0]


def test_an_inline_route_stays_inline(tmp_path: Path) -> None:
    file = tmp_path / "environments.toml"
    inline = 'cancel_or_refund = { method = "PUT", path = "/{invoiceNumber}" } # x'
    file.write_text(f'[[environment]]\nid = "live"\n{inline}')
    write_profile(file, replace(LIVE, cancel_or_refund=ROUTE))
    assert profile(file, "live").cancel_or_refund == ROUTE
    assert file.read_text().splitlines()[2].endswith('path = "/x/{invoiceNumber}" } # x')


def test_lines_keep_their_ends(file: Path) -> None:
    file.write_bytes(FILE.replace("\n", "\r\n").encode())
    write_profile(file, replace(SANDBOX, cancel_or_refund=ROUTE, link_hosts=profile(file, "sandbox").link_hosts))
    write_profile(file, OWN)
    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "environment = [{id = 'live'}]\n",
        "environment = []\n",
        "[[environment]]\nid = 'live'\ncancel_or_refund.method = 'PUT'\ncancel_or_refund.path = '/{invoiceNumber}'\n",
        '[[environment]]\nid = "live"\nname = """\\\n[[environment]]\\\n"""\n',
        "[['environment']]\nid = 'live'\n",
    ],
)
def test_what_cannot_be_changed_safely_is_left_to_a_person(tmp_path: Path, text: str) -> None:
    file = tmp_path / "environments.toml"
    file.write_text(text)
    with pytest.raises(ProfileProblem, match=r"^environments\.toml: .*by hand"):
        write_profile(file, replace(profile(file, "live"), cancel_or_refund=ROUTE))
    assert file.read_text() == text
    assert list(tmp_path.iterdir()) == [file]


def test_remarks_inside_a_list_are_not_lost(file: Path) -> None:
    with pytest.raises(ProfileProblem, match="by hand"):
        write_profile(file, replace(profile(file, "sandbox"), link_hosts=(".optty.com",)))
    assert file.read_text() == FILE


@pytest.mark.parametrize(
    "wrong",
    [
        replace(SANDBOX, token_url="http://auth.qa.optty.com/token"),
        replace(SANDBOX, api_url="https://api.optty.com"),
        replace(SANDBOX, cancel_or_refund=RouteTemplate("POST", "/x")),
        replace(SANDBOX, kind=EnvironmentKind.LIVE),
        replace(OWN, id="Own shop"),
        replace(SANDBOX, cancel_or_refund=None, name=""),
    ],
)
def test_a_profile_that_could_not_be_read_again_is_not_written(file: Path, wrong: Environment) -> None:
    with pytest.raises(ProfileProblem):
        write_profile(file, wrong)
    assert file.read_text() == FILE
    assert list(file.parent.iterdir()) == [file]


def test_a_broken_file_is_named_and_left_alone(file: Path) -> None:
    file.write_text("[[environment]\n")
    with pytest.raises(ProfileProblem, match=r"^environments\.toml: not TOML"):
        write_profile(file, replace(SANDBOX, cancel_or_refund=ROUTE))
    assert file.read_text() == "[[environment]\n"


def test_a_link_to_the_file_stays_one(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    write_profile(link, OWN)
    assert link.is_symlink()
    assert profile(file, "own") == OWN


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProfileProblem, match=r"^environments\.toml: cannot be written"):
        write_profile(tmp_path / "absent" / "environments.toml", OWN)


def test_a_change_by_somebody_else_is_not_lost(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_sync = os.fsync

    def sync_slowly(handle: int) -> None:
        plain_sync(handle)
        file.write_text(FILE + "# by Kim, just now\n")

    monkeypatch.setattr(os, "fsync", sync_slowly)
    with pytest.raises(ProfileProblem, match="changed by another program"):
        write_profile(file, OWN)
    assert file.read_text().endswith("# by Kim, just now\n")


def test_a_full_disk_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProfileProblem, match="No space left"):
        write_profile(file, OWN)
    assert file.read_text() == FILE
    assert list(file.parent.iterdir()) == [file]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
BODIES = TEXTS.map(lambda text: '{"n": "{invoiceNumber}", "t": ' + json.dumps(text, ensure_ascii=False) + "}")
ROUTES = st.builds(
    RouteTemplate,
    st.sampled_from(["POST", "DELETE"]),
    st.sampled_from(["/a/{invoiceNumber}", "/b?c='{invoiceNumber}'"]),
    st.one_of(st.just(""), BODIES),
    st.booleans(),
)
CHANGES = st.lists(st.tuples(st.sampled_from(["sandbox", "live", "second", "own"]), ROUTES), min_size=1, max_size=4)


@given(CHANGES)
def test_any_run_of_changes_keeps_every_remark_and_every_other_profile(
    tmp_path_factory: pytest.TempPathFactory, changes: Sequence[tuple[str, RouteTemplate]]
) -> None:
    file = tmp_path_factory.mktemp("profiles") / "environments.toml"
    file.write_text(FILE)
    for environment_id, route in changes:
        before = {one.id: one for one in (OWN, *BUILT_IN, *load_environments(file))}
        changed = replace(before[environment_id], cancel_or_refund=route)
        write_profile(file, changed)
        known = {one.id: one for one in load_environments(file)}
        assert known[environment_id] == changed
        assert all(known[one.id] == one for one in before.values() if one.id not in {environment_id, "own"})
    text = file.read_text()
    assert all(remark in text for remark in remarks(FILE))
