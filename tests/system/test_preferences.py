"""The file with what staff chose: private, forgiving to read, careful to write."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from optty_desktop.core.errors import ChoiceNotKept
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.system.preferences import Preferences
from optty_desktop.system.preferences_file import last_environment, read_preferences, theme_choice

CHOICE = SoundChoice(is_on=False, volume=35)


async def test_what_is_saved_is_read_in_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "config" / "preferences.json"
    assert await Preferences(file).load() == SoundChoice()
    assert not file.parent.exists()
    await Preferences(file).save(CHOICE)
    assert await Preferences(file).load() == CHOICE
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700


async def test_what_this_version_does_not_know_stays(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    file.write_text('{"screens": {"customer": "left"}, "sounds": {"on": true, "tune": "bell"}}', encoding="utf-8")
    await Preferences(file).save(CHOICE)
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "screens": {"customer": "left"},
        "sounds": {"on": False, "volume": 35, "tune": "bell"},
    }


@pytest.mark.parametrize(
    ("content", "choice"),
    [
        (b"", SoundChoice()),
        (b"{", SoundChoice()),
        (b"\xff\xfe", SoundChoice()),
        (b"[]", SoundChoice()),
        (b"[" * 60_000, SoundChoice()),
        (b'{"sounds": 3}', SoundChoice()),
        (b'{"sounds": {"on": "no", "volume": 101}}', SoundChoice()),
        (b'{"sounds": {"on": false, "volume": true}}', SoundChoice(is_on=False)),
        (b'{"sounds": {"volume": 0}}', SoundChoice(volume=0)),
    ],
)
async def test_a_file_that_makes_no_sense_stops_nobody(tmp_path: Path, content: bytes, choice: SoundChoice) -> None:
    file = tmp_path / "preferences.json"
    file.write_bytes(content)
    assert await Preferences(file).load() == choice
    await Preferences(file).save(CHOICE)
    assert await Preferences(file).load() == CHOICE


async def test_a_place_that_takes_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(ChoiceNotKept):
        await Preferences(tmp_path / "taken" / "preferences.json").save(CHOICE)


async def test_the_environment_used_last_is_known_to_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "config" / "preferences.json"
    assert last_environment(read_preferences(file)) is None
    await Preferences(file).keep_environment("sandbox")
    assert last_environment(read_preferences(file)) == await Preferences(file).last_environment() == "sandbox"
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


async def test_the_same_environment_again_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    await Preferences(file).keep_environment("sandbox")
    before = file.stat().st_ino
    await Preferences(file).keep_environment("sandbox")
    assert file.stat().st_ino == before


async def test_what_is_kept_at_the_same_time_does_not_displace_each_other(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "preferences.json")
    for turn in range(20):
        choice = SoundChoice(volume=turn)
        await asyncio.gather(preferences.save(choice), preferences.keep_environment(f"shop-{turn}"))
        assert await preferences.load() == choice
        assert await preferences.last_environment() == f"shop-{turn}"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"sign_in": 3}', b'{"sign_in": {"environment": 3}}'])
def test_an_environment_that_makes_no_sense_is_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "preferences.json"
    file.write_bytes(content)
    assert last_environment(read_preferences(file)) is None


@pytest.mark.parametrize("choice", list(ThemeChoice))
async def test_the_theme_somebody_chose_is_known_to_the_next_start(tmp_path: Path, choice: ThemeChoice) -> None:
    file = tmp_path / "config" / "preferences.json"
    assert theme_choice(read_preferences(file)) is None
    await Preferences(file).save(CHOICE)
    await Preferences(file).keep_theme(choice)
    assert theme_choice(read_preferences(file)) is choice
    assert await Preferences(file).load() == CHOICE


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"look": "dark"}', b'{"look": {"theme": "pink"}}', b'{"look": {"theme": ["dark"]}}']
)
def test_a_word_that_means_no_theme_is_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "preferences.json"
    file.write_bytes(content)
    assert theme_choice(read_preferences(file)) is None
