"""What staff chose about sounds, and one sound at a time."""

from __future__ import annotations

import asyncio

import pytest

from optty_desktop.core.errors import ChoiceNotKept
from optty_desktop.core.news import News
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.till.sounds import Sounds
from tests.fakes import FakeChoices, FakePlayer
from tests.waiting import until


async def test_a_till_that_nobody_set_up_is_heard() -> None:
    player = FakePlayer()
    await Sounds(player, FakeChoices()).ring(News.PAID)
    assert player.heard == [(News.PAID, SoundChoice().volume)]


@pytest.mark.parametrize("choice", [SoundChoice(is_on=False), SoundChoice(volume=0)])
async def test_who_wants_silence_has_it(choice: SoundChoice) -> None:
    player = FakePlayer()
    await Sounds(player, FakeChoices(choice)).ring(News.BECAME_REFUND)
    assert player.heard == []


async def test_a_choice_holds_at_once_and_in_the_next_start() -> None:
    player, choices = FakePlayer(), FakeChoices()
    sounds = Sounds(player, choices)
    await sounds.choose(SoundChoice(volume=30))
    await sounds.ring(News.DECLINED)
    await Sounds(player, choices).ring(News.PAID)
    assert player.heard == [(News.DECLINED, 30), (News.PAID, 30)]


async def test_a_choice_that_cannot_be_written_holds_until_the_end() -> None:
    player, choices = FakePlayer(), FakeChoices()
    choices.is_full = True
    sounds = Sounds(player, choices)
    with pytest.raises(ChoiceNotKept):
        await sounds.choose(SoundChoice(is_on=False))
    await sounds.ring(News.PAID)
    assert player.heard == []
    assert await sounds.choice() == SoundChoice(is_on=False)


async def test_of_many_quick_choices_the_last_one_stays() -> None:
    choices = FakeChoices()
    sounds = Sounds(FakePlayer(), choices)
    await asyncio.gather(*(sounds.choose(SoundChoice(volume=volume)) for volume in (10, 90, 50)))
    assert choices.kept == SoundChoice(volume=50)
    assert await sounds.choice() == SoundChoice(volume=50)


async def test_what_is_chosen_while_the_file_is_read_wins() -> None:
    sounds = Sounds(FakePlayer(), FakeChoices(SoundChoice(volume=10)))
    found, _ = await asyncio.gather(sounds.choice(), sounds.choose(SoundChoice(volume=70)))
    assert found == SoundChoice(volume=70)


async def test_two_sounds_never_play_into_each_other() -> None:
    player = FakePlayer()
    player.is_held = True
    sounds = Sounds(player, FakeChoices())
    first = asyncio.create_task(sounds.ring(News.PAID))
    await until(lambda: player.heard)
    await sounds.ring(News.NEEDS_CHECK)
    assert [news for news, _ in player.heard] == [News.PAID]
    player.let_go()
    await first
    await sounds.ring(News.NEEDS_CHECK)
    assert [news for news, _ in player.heard] == [News.PAID, News.NEEDS_CHECK]
