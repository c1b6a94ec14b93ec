"""The window: Qt widgets, painters and models. Widgets emit what people ask for and show what they are given."""
