"""``python chimes.py FOLDER``: the sounds of the program, the same bytes wherever this runs.

Whole numbers only: sines and powers of floats differ from one system's mathematics to the next in their last bit.
"""

from __future__ import annotations

import io
import sys
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

RATE = 22_050
LOUDEST = 10_000
"""Of 32,767: a till stands beside people, and the volume of the computer is theirs."""
TURN = 1 << 16
"""One turn of a wave."""
ONE = 1 << 15
ATTACK = RATE // 125
"""Eight milliseconds to full strength, so that no note begins with a click."""


class Note(NamedTuple):
    """A tone in hundredths of a hertz, for so many milliseconds."""

    pitch: int
    length: int


E5, A5, B4, D4, C4 = 65_926, 88_000, 49_388, 29_366, 26_163

SOUNDS: dict[str, Sequence[Note]] = {
    "paid": (Note(E5, 160), Note(A5, 240)),
    "declined": (Note(D4, 300),),
    "needs_check": (Note(B4, 200), Note(B4, 200)),
    "became_refund": (Note(C4, 200), Note(C4, 200), Note(C4, 200)),
}
"""What each piece of news sounds like. The names are those of ``core.news.News``."""


def sine(phase: int) -> int:
    """Return the sine of ``phase`` (of ``TURN``) on a scale of ``ONE``, true to a thousandth."""
    half, within = divmod(phase % TURN, TURN // 2)
    # Bhaskara: with x from 0 to 1 over half a turn, sin is 16 x (1 - x) / (5 - 4 x (1 - x)).
    bow = within * (TURN // 2 - within)
    height = ONE * 16 * bow // (5 * (TURN // 2) ** 2 - 4 * bow)
    return -height if half else height


def strength(place: int, count: int) -> int:
    """Return how strong a note of ``count`` samples is at ``place``, on a scale of ``ONE``: struck, then dying away."""
    left = count - place
    dying = ONE * left * left // (count * count)
    return dying * min(place, ATTACK) // ATTACK


def samples(notes: Sequence[Note]) -> Iterator[int]:
    """Yield the samples of notes one after the other: the tone, and its octave at a quarter of the strength."""
    for note in notes:
        count = RATE * note.length // 1000
        for place in range(count):
            phase = TURN * note.pitch * place // (100 * RATE)
            tone = (4 * sine(phase) + sine(2 * phase)) // 5
            yield LOUDEST * tone * strength(place, count) // (ONE * ONE)


def sound(notes: Sequence[Note]) -> bytes:
    """Return a WAV file: one channel of 16 bits."""
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples(notes)))
    return memory.getvalue()


def main(folder: Path) -> None:
    """Write every sound."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, notes in SOUNDS.items():
        (folder / f"{name}.wav").write_bytes(sound(notes))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
