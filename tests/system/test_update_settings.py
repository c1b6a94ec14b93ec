"""The table ``[updates]`` of the till's file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.updates import UpdateMode, Updates
from optty_desktop.system.till_settings import TillSettings, load_till_settings

KEY = "/CM5KZka8ayZxJ3eBF8iWvH8TjvhfiZuvvinSazc5gM="
URL = "https://shop.example/links/updates.json"


def load(folder: Path, text: str) -> TillSettings:
    file = folder / "till.toml"
    file.write_text(text, encoding="utf-8")
    return load_till_settings(file)


def table(mode: str = "notice", url: str = URL, key: str = KEY) -> str:
    return f'[updates]\nmode = "{mode}"\nmanifest_url = "{url}"\npublic_key = "{key}"\n'


def test_without_the_table_nobody_looks(tmp_path: Path) -> None:
    assert load(tmp_path, 'shop = "Corner Store"').updates is None


def test_a_whole_table(tmp_path: Path) -> None:
    assert load(tmp_path, 'shop = "Corner Store"\n' + table()).updates == Updates(UpdateMode.NOTICE, URL, KEY)


@pytest.mark.parametrize("text", ['[updates]\nmode = "off"', table("off"), table("off", "http://anything", "?")])
def test_switched_off_the_rest_does_not_matter(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).updates == Updates(UpdateMode.OFF)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("updates = 7", "updates must be a table"),
        ("[updates]", 'updates.mode must be "off" or "notice"'),
        (table("install"), 'updates.mode must be "off" or "notice"'),
        (table() + "install = true", "unknown key updates.install"),
        (table(url="http://shop.example/updates.json"), "updates.manifest_url must be https"),
        (table(url="http://127.0.0.1:8000/updates.json"), "updates.manifest_url must be an https address"),
        (table(url="https://shop.example"), "updates.manifest_url must be an https address"),
        (table(url="https://u:p@shop.example/x"), "updates.manifest_url must be a plain address"),
        (table(url="https://shop.example/x?y=z"), "updates.manifest_url must be a plain address"),
        (table(url=""), "updates.manifest_url must be a plain address"),
        (table(key=""), "updates.public_key must be the line"),
        (table(key=KEY[:-4]), "updates.public_key must be the line"),
        (table(key="not Base64 at all!"), "updates.public_key must be the line"),
        ('[updates]\nmode = "notice"', "updates.manifest_url must be"),
    ],
)
def test_a_wrong_table_is_told_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProfileProblem, match="^till.toml: " + re.escape(said)):
        load(tmp_path, text)
