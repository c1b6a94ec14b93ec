"""What staff have chosen about the sounds of this till."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoundChoice:
    """``volume`` is 0 to 100, of the loudness the sounds were made with. Raises ValueError for any other."""

    is_on: bool = True
    volume: int = 80

    def __post_init__(self) -> None:
        if not 0 <= self.volume <= 100:
            raise ValueError(f"a volume of {self.volume}")

    @property
    def is_silent(self) -> bool:
        """Whether nothing is to be heard."""
        return not self.is_on or self.volume == 0
