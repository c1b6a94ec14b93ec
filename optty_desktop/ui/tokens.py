"""Design tokens: every colour, text size, distance and duration the window uses, by name.

Colours are written `#RRGGBB`. Sizes are device-independent pixels, durations milliseconds.
Plain classes and tuples on purpose: they are loaded before the first window, where enumerations cost too much.
"""

from typing import ClassVar, Final, NamedTuple


class Theme(NamedTuple):
    """One set of colours. The field names are the only way code speaks of a colour."""

    name: str
    is_dark: bool
    border: int
    window: str
    surface: str
    surface_alt: str
    divider: str
    control_border: str
    text: str
    text_muted: str
    text_disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    selection: str
    focus: str
    danger: str
    on_danger: str
    danger_held: str
    danger_tint: str
    success: str
    success_tint: str
    warning: str
    warning_tint: str
    info: str
    info_tint: str
    refund: str
    refund_tint: str
    neutral: str
    neutral_tint: str
    training_band: str
    on_training: str
    sandbox_band: str
    on_sandbox: str
    scrim: str = "#0C121A"
    paid_screen: str = "#14653A"
    paid_screen_text: str = "#FFFFFF"
    qr_dark: str = "#000000"
    qr_light: str = "#FFFFFF"


# fmt: off
LIGHT = Theme(
    name="light", is_dark=False, border=1,
    window="#EDF0F3", surface="#FFFFFF", surface_alt="#F6F8FA", divider="#D5DCE3", control_border="#76828F",
    text="#17202B", text_muted="#4A5765", text_disabled="#5D6975",
    accent="#1B4F9C", accent_hover="#163F7D", accent_pressed="#102F5E", on_accent="#FFFFFF",
    selection="#E3ECF8", focus="#0B57D0",
    danger="#B3261E", on_danger="#FFFFFF", danger_held="#7D1712", danger_tint="#FBE9E7",
    success="#14653A", success_tint="#E1F3E8", warning="#7A4B00", warning_tint="#FFF1D6",
    info="#0B5C75", info_tint="#DFF1F6", refund="#5F3596", refund_tint="#F0E8FA",
    neutral="#44505D", neutral_tint="#E8ECF0",
    training_band="#FFD23F", on_training="#1F1700", sandbox_band="#0B5C75", on_sandbox="#FFFFFF",
)

DARK = Theme(
    name="dark", is_dark=True, border=1,
    window="#11161C", surface="#1A2129", surface_alt="#212A34", divider="#33404D", control_border="#8593A1",
    text="#E8EDF2", text_muted="#AEBAC6", text_disabled="#94A1AD",
    accent="#8DB8FF", accent_hover="#A9C9FF", accent_pressed="#6FA4F7", on_accent="#0A1E3D",
    selection="#203552", focus="#FFD54A",
    danger="#FF9D94", on_danger="#3A0602", danger_held="#E8857B", danger_tint="#3B1D1C",
    success="#6FD698", success_tint="#16331F", warning="#FFCB66", warning_tint="#3A2C0F",
    info="#74CBE0", info_tint="#12323C", refund="#C9A9F5", refund_tint="#2E2142",
    neutral="#B7C2CD", neutral_tint="#2A343F",
    training_band="#FFD23F", on_training="#1F1700", sandbox_band="#74CBE0", on_sandbox="#06222B",
)

HIGH_CONTRAST = Theme(
    name="contrast", is_dark=True, border=2,
    window="#000000", surface="#000000", surface_alt="#000000", divider="#FFFFFF", control_border="#FFFFFF",
    text="#FFFFFF", text_muted="#FFFFFF", text_disabled="#C8C8C8",
    accent="#7FD4FF", accent_hover="#A8E2FF", accent_pressed="#5CC4F7", on_accent="#000000",
    selection="#00334D", focus="#FFFF00",
    danger="#FF9D94", on_danger="#000000", danger_held="#FFFFFF", danger_tint="#000000",
    success="#7CF29A", success_tint="#000000", warning="#FFD84D", warning_tint="#000000",
    info="#7FE9FF", info_tint="#000000", refund="#D9B8FF", refund_tint="#000000",
    neutral="#FFFFFF", neutral_tint="#000000",
    training_band="#FFFF00", on_training="#000000", sandbox_band="#7FE9FF", on_sandbox="#000000",
)


# fmt: on


class Weight:
    """Font weights of the design, on the scale of CSS."""

    REGULAR: Final = 400
    MEDIUM: Final = 500
    SEMIBOLD: Final = 600
    BOLD: Final = 700


class Type:
    """A text size: size of the letters, height of the line, usual weight. Nothing smaller than `MICRO` exists."""

    __slots__ = ("line", "px", "weight")

    DISPLAY: ClassVar["Type"]
    AMOUNT_INPUT: ClassVar["Type"]
    AMOUNT_INPUT_COMPACT: ClassVar["Type"]
    AMOUNT_DETAIL: ClassVar["Type"]
    AMOUNT_DIALOG: ClassVar["Type"]
    TITLE: ClassVar["Type"]
    TITLE_FORM: ClassVar["Type"]
    BODY: ClassVar["Type"]
    ROW: ClassVar["Type"]
    SMALL: ClassVar["Type"]
    MICRO: ClassVar["Type"]

    def __init__(self, px: int, line: int, weight: int) -> None:
        self.px = px
        self.line = line
        self.weight = weight


Type.DISPLAY = Type(44, 48, Weight.BOLD)
Type.AMOUNT_INPUT = Type(28, 36, Weight.SEMIBOLD)
Type.AMOUNT_INPUT_COMPACT = Type(24, 32, Weight.SEMIBOLD)
Type.AMOUNT_DETAIL = Type(32, 38, Weight.SEMIBOLD)
Type.AMOUNT_DIALOG = Type(26, 32, Weight.SEMIBOLD)
Type.TITLE = Type(20, 26, Weight.SEMIBOLD)
Type.TITLE_FORM = Type(18, 24, Weight.SEMIBOLD)
Type.BODY = Type(15, 20, Weight.REGULAR)
Type.ROW = Type(14, 18, Weight.SEMIBOLD)
Type.SMALL = Type(13, 18, Weight.REGULAR)
Type.MICRO = Type(12, 16, Weight.MEDIUM)


class Space:
    """Distances."""

    HAIR: Final = 2
    LABEL: Final = 3
    TIGHT: Final = 4
    CLOSE: Final = 6
    SMALL: Final = 8
    FIELD: Final = 10
    ROW: Final = 12
    PANE: Final = 16
    LARGE: Final = 20
    SECTION: Final = 24
    WIDE: Final = 32


class Height:
    """Heights of controls. `HIT` is the smallest target for a finger."""

    HIT: Final = 44
    FIELD: Final = 44
    MONEY_FIELD: Final = 56
    BUTTON: Final = 44
    MAIN_BUTTON: Final = 52
    ROW: Final = 44
    ROW_COMPACT: Final = 36
    ROW_BUTTON: Final = 34
    CHIP: Final = 26
    BAND: Final = 28
    BAND_COMPACT: Final = 24
    BANNER: Final = 56
    PIN_KEY: Final = 68
    HEADER: Final = 48
    TOOLBAR: Final = 54
    COLUMN_HEADS: Final = 30
    FOOTER: Final = 36


class Radius:
    """Corner radii."""

    CHECK: Final = 4
    HINT: Final = 4
    CHIP: Final = 5
    FIELD: Final = 6
    CARD: Final = 8
    DIALOG: Final = 10


class IconSize:
    """Icon sizes by place."""

    CHIP: Final = 16
    BUTTON: Final = 18
    TOOL: Final = 20
    DIALOG: Final = 24
    EMPTY: Final = 36


class Motion:
    """Durations. With reduced motion all are 0, and the hold fill moves in thirds."""

    HOVER: Final = 90
    PANE: Final = 150
    TOAST: Final = 150
    STATUS_FLIP: Final = 600
    HOLD: Final = 1500
    HOLD_RELEASE: Final = 120


FRAME_WIDTH = 4
"""Width of the coloured frame of Training and Sandbox windows."""
