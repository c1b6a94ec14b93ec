"""Which of the files hold the secret, and that only those go, and only as they were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from optty_desktop.api.environments import BUILT_IN, SANDBOX
from optty_desktop.api.postman_exports import PostmanExports
from optty_desktop.api.secret_files import delete_file, files_with
from optty_desktop.core.errors import CollectionProblem, FileKept
from tests.api.postman import NOON, Json, environment, usual, variables, written

SECRET = "synthetic-s3cret"


def names(folder: Path, secret: str, *documents: Json) -> list[str]:
    return [file.path.name for file in files_with(written(folder, *documents), secret)]


def test_only_the_file_that_holds_it_is_named(tmp_path: Path) -> None:
    assert names(tmp_path, SECRET, usual(), environment(client_secret=SECRET)) == ["export-2.json"]


def test_both_are_named_when_both_hold_it(tmp_path: Path) -> None:
    both = [usual(variable=variables(client_secret=SECRET)), environment(client_secret=f" {SECRET} ")]
    assert names(tmp_path, SECRET, *both) == ["export-1.json", "export-2.json"]


def test_a_secret_in_pieces_may_be_in_any_of_them(tmp_path: Path) -> None:
    pieces = environment(one="synthetic-", two="s3cret", client_secret="{{one}}{{two}}")
    assert names(tmp_path, SECRET, usual(), pieces) == ["export-1.json", "export-2.json"]


def test_a_short_secret_is_not_found_inside_other_texts(tmp_path: Path) -> None:
    assert names(tmp_path, "auth", usual(), environment(client_secret="auth")) == ["export-2.json"]


def test_the_file_goes_for_good_and_its_neighbour_stays(tmp_path: Path) -> None:
    first, second = written(tmp_path, usual(), environment(client_secret=SECRET))
    (file,) = files_with([first, second], SECRET)
    delete_file(file)
    assert (first.exists(), second.exists()) == (True, False)
    delete_file(file)


def test_a_file_that_has_changed_since_stays(tmp_path: Path) -> None:
    (path,) = written(tmp_path, environment(client_secret=SECRET))
    (file,) = files_with([path], SECRET)
    path.write_text('{"name": "something else"}', encoding="utf-8")
    with pytest.raises(FileKept) as kept:
        delete_file(file)
    assert kept.value.name == "export-1.json"
    assert path.exists()


def test_behind_a_link_lies_what_is_deleted(tmp_path: Path) -> None:
    (path,) = written(tmp_path, environment(client_secret=SECRET))
    link = tmp_path / "link.json"
    link.symlink_to(path)
    (file,) = files_with([link], SECRET)
    delete_file(file)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_its_place_stays(tmp_path: Path) -> None:
    (path,) = written(tmp_path, environment(client_secret=SECRET))
    (file,) = files_with([path], SECRET)
    path.unlink()
    path.mkdir()
    with pytest.raises(FileKept):
        delete_file(file)
    assert path.is_dir()


async def test_the_port_reads_proposes_and_deletes(tmp_path: Path) -> None:
    exports = PostmanExports()
    paths = written(tmp_path, usual(), environment(client_id="shop", client_secret=SECRET))
    proposal = await (await exports.read(paths, NOON)).propose(SANDBOX, BUILT_IN)
    assert proposal.credentials.client_secret == SECRET
    (file,) = await exports.with_secret(paths, SECRET)
    await exports.delete(file)
    assert [path.exists() for path in paths] == [True, False]
    with pytest.raises(CollectionProblem):
        await exports.with_secret(paths, SECRET)
