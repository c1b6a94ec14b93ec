"""The sounds of the program: made by the project, the same everywhere, short and quiet."""

from __future__ import annotations

import array
import io
import sys
import wave

import chimes
import pytest

from optty_desktop.core.news import News
from tests.source_tree import ROOT

FOLDER = ROOT / "resources" / "sounds"
MILLISECONDS = {News.PAID: 400, News.DECLINED: 300, News.NEEDS_CHECK: 400, News.BECAME_REFUND: 600}


def kept(news: News) -> bytes:
    return (FOLDER / f"{news}.wav").read_bytes()


def heard(content: bytes) -> array.array[int]:
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, chimes.RATE)
        found = array.array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        found.byteswap()
    return found


def test_there_is_one_sound_for_each_kind_of_news_and_no_other() -> None:
    names = {f"{news}.wav" for news in News}
    assert {file.name for file in FOLDER.iterdir()} == names == {f"{name}.wav" for name in chimes.SOUNDS}


@pytest.mark.parametrize("news", News)
def test_the_files_are_what_the_program_makes_of_its_notes(news: News) -> None:
    assert kept(news) == chimes.sound(chimes.SOUNDS[news])


@pytest.mark.parametrize("news", News)
def test_a_sound_is_as_long_as_designed_quiet_and_without_a_click(news: News) -> None:
    found = heard(kept(news))
    assert abs(len(found) * 1000 / chimes.RATE - MILLISECONDS[news]) < 1
    assert chimes.LOUDEST // 2 < max(found) <= chimes.LOUDEST
    assert abs(found[0]) < 20
    assert abs(found[-1]) < 20


def test_no_two_sounds_are_alike() -> None:
    assert len({kept(news) for news in News}) == len(News)


@pytest.mark.parametrize(("phase", "height"), [(0, 0), (1 << 14, 1 << 15), (1 << 15, 0), (3 << 14, -(1 << 15))])
def test_a_wave_rises_falls_and_comes_back(phase: int, height: int) -> None:
    assert chimes.sine(phase) == chimes.sine(phase + (1 << 16)) == height
