"""The contrast promised for every pair of colours, recomputed from the tokens."""

import pytest

from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Theme

PAIRS = """
text surface 7 16.43 13.78 21.00|danger surface 4.5 6.54 8.12 10.50
text window 7 14.37 15.43 21.00|danger danger_tint 4.5 5.58 7.62 10.50
text selection 7 13.79 10.53 13.29|danger selection 4.5 5.48 6.21 6.64
text_muted surface 4.5 7.39 8.22 21.00|on_danger danger 4.5 6.54 8.70 10.50
text_muted window 4.5 6.46 9.21 21.00|on_danger danger_held 4.5 10.48 6.69 21.00
text_muted selection 4.5 6.20 6.29 13.29|success success_tint 4.5 6.16 7.69 15.02
text_muted surface_alt 4.5 6.94 7.36 21.00|success surface 4.5 7.11 9.08 15.02
text_muted warning_tint 4.5 6.62 6.88 21.00|warning warning_tint 4.5 6.64 9.04 15.18
text_disabled surface 4.5 5.61 6.15 12.55|warning surface 4.5 7.41 10.81 15.18
text_disabled surface_alt 4.5 5.27 5.51 12.55|info info_tint 4.5 6.44 7.34 15.00
control_border surface 3 3.92 5.17 21.00|refund refund_tint 4.5 7.24 7.42 12.25
control_border window 3 3.43 5.79 21.00|neutral neutral_tint 4.5 6.93 6.99 21.00
control_border surface_alt 3 3.68 4.63 21.00|text_disabled neutral_tint 4.5 4.73 4.79 12.55
accent surface 4.5 7.94 8.07 12.76|accent surface_alt 4.5 7.46 7.22 12.76
accent window 4.5 6.94 9.03 12.76|warning surface_alt 4.5 6.96 9.68 15.18
accent selection 4.5 6.66 6.16 8.07|on_training training_band 7 12.32 12.32 19.56
on_accent accent 4.5 7.94 8.24 12.76|on_sandbox sandbox_band 4.5 7.49 8.94 15.00
on_accent accent_hover 4.5 10.29 9.86 14.99|text warning_tint 7 14.72 11.52 21.00
on_accent accent_pressed 4.5 13.21 6.58 10.69|text danger_tint 7 14.02 12.93 21.00
focus surface 3 6.39 11.49 19.56|text info_tint 7 14.12 11.52 21.00
focus window 3 5.58 12.87 19.56|text success_tint 7 14.23 11.67 21.00
focus selection 3 5.36 8.79 12.37|paid_screen_text paid_screen 7 7.11 7.11 7.11
"""
ROWS = [row.split() for line in PAIRS.strip().splitlines() for row in line.split("|")]
THEMES = (LIGHT, DARK, HIGH_CONTRAST)


def channel(value: int) -> float:
    """Linear light of one sRGB channel, as WCAG 2.2 defines it."""
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(color: str) -> float:
    """Relative luminance of `#RRGGBB`."""
    red, green, blue = (channel(int(color[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-on-{row[1]}")
def test_pairs_keep_their_contrast(theme: Theme, row: list[str]) -> None:
    ink, ground, least, *expected = row
    found = contrast(getattr(theme, ink), getattr(theme, ground))
    assert found >= float(least)
    assert found == pytest.approx(float(expected[THEMES.index(theme)]), abs=0.006)


def test_a_code_to_scan_is_black_on_white_in_every_theme() -> None:
    assert {(theme.qr_dark, theme.qr_light) for theme in THEMES} == {("#000000", "#FFFFFF")}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_colour_is_written_in_full(theme: Theme) -> None:
    colours = {name: value for name, value in theme._asdict().items() if name not in ("name", "is_dark", "border")}
    assert len(colours) == 37
    assert all(len(value) == 7 and value.startswith("#") for value in colours.values())
