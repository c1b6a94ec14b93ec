"""Sounds through the players of the computer: the first that can, loud as chosen, and never any trouble."""

from __future__ import annotations

import array
import io
import logging
import os
import sys
import wave
from pathlib import Path

import pytest

from optty_desktop.core.news import News
from optty_desktop.system.sound_player import CommandPlayers, FilePlayer, softened
from tests.source_tree import ROOT

SOUNDS = ROOT / "resources" / "sounds"
PLAYER = """#!/bin/sh
for file; do :; done
echo $$ > {folder}/pid
env > {folder}/environment
echo "{name} $*" >> {folder}/diary
[ {code} = 0 ] && cp -p "$file" {folder}/heard.wav
[ {seconds} = 0 ] || exec sleep {seconds}
exit {code}
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs of Linux and macOS")


class Computer:
    """A folder with players that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str, *, code: int = 0, seconds: int = 0) -> None:
        program = self.folder / name
        program.write_text(PLAYER.format(folder=self.folder, name=name, code=code, seconds=seconds), encoding="utf-8")
        program.chmod(0o700)

    def player(self, seconds: float = 10.0) -> FilePlayer:
        return FilePlayer(SOUNDS, CommandPlayers(str(self.folder), seconds))

    @property
    def calls(self) -> list[str]:
        """How the players were called, without the file."""
        diary = self.folder / "diary"
        lines = diary.read_text(encoding="utf-8").splitlines() if diary.exists() else []
        return [line.rpartition(" ")[0] for line in lines]

    @property
    def has_left_its_file(self) -> bool:
        """Whether what the last of them was given to play is still there."""
        return Path((self.folder / "diary").read_text(encoding="utf-8").split()[-1]).exists()

    @property
    def loudest(self) -> int:
        return peak((self.folder / "heard.wav").read_bytes())


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def peak(content: bytes) -> int:
    with wave.open(io.BytesIO(content)) as file:
        samples = array.array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    return int(max(samples))


async def test_the_first_player_there_is_plays_a_private_file_that_is_gone_afterwards(computer: Computer) -> None:
    computer.has("aplay")
    computer.has("paplay")
    await computer.player().play(News.PAID, 100)
    assert computer.calls == ["paplay"]
    assert (computer.folder / "heard.wav").read_bytes() == (SOUNDS / "paid.wav").read_bytes()
    assert (computer.folder / "heard.wav").stat().st_mode & 0o777 == 0o600
    assert not computer.has_left_its_file


async def test_a_player_is_told_where_the_session_is_and_nothing_else(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("OPTTY_CLIENT_SECRET", "s3cret")
    computer.has("pw-play")
    await computer.player().play(News.PAID, 100)
    told = (computer.folder / "environment").read_text(encoding="utf-8")
    assert f"XDG_RUNTIME_DIR={os.environ['XDG_RUNTIME_DIR']}" in told
    assert "LD_LIBRARY_PATH" not in told
    assert "s3cret" not in told


async def test_one_that_cannot_is_followed_by_the_next(computer: Computer) -> None:
    computer.has("pw-play", code=1)
    computer.has("aplay")
    assert await computer.player().play(News.DECLINED, 100)
    assert computer.calls == ["pw-play", "aplay --quiet"]


async def test_one_that_hangs_is_ended_and_leaves_no_process(computer: Computer) -> None:
    computer.has("pw-play", seconds=60)
    computer.has("paplay")
    await computer.player(1.0).play(News.PAID, 100)
    assert computer.calls == ["pw-play"]
    with pytest.raises(ProcessLookupError):
        os.kill(int((computer.folder / "pid").read_text()), 0)


async def test_a_computer_without_players_is_silent_and_that_is_noted_once(
    computer: Computer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "optty_desktop")
    player = computer.player()
    for news in News:
        assert not await player.play(news, 50)
    assert [record.levelname for record in caplog.records] == ["DEBUG"]


async def test_a_program_that_is_none_and_a_sound_that_is_gone_are_silence(computer: Computer) -> None:
    (computer.folder / "pw-play").write_bytes(b"\x00\x01")
    (computer.folder / "pw-play").chmod(0o700)
    await computer.player().play(News.PAID, 100)
    await FilePlayer(computer.folder, CommandPlayers(str(computer.folder))).play(News.PAID, 100)
    (computer.folder / "paid.wav").write_bytes(b"RIFF")
    await FilePlayer(computer.folder, CommandPlayers(str(computer.folder))).play(News.PAID, 100)
    assert computer.calls == []


@pytest.mark.parametrize("volume", [100, 50, 10])
async def test_the_volume_is_in_the_sound_itself(computer: Computer, volume: int) -> None:
    computer.has("aplay")
    await computer.player().play(News.NEEDS_CHECK, volume)
    full = peak((SOUNDS / "needs_check.wav").read_bytes())
    assert abs(computer.loudest - full * volume * volume / 10_000) <= 1


@pytest.mark.parametrize("news", News)
def test_softer_is_as_long_and_silence_is_silent(news: News) -> None:
    content = (SOUNDS / f"{news}.wav").read_bytes()
    assert softened(content, 100) == content
    assert len(softened(content, 40)) == len(content)
    assert peak(softened(content, 0)) == 0
