"""Columns by the letters a spreadsheet shows."""


def letters(place: int) -> str:
    """`A` for 0, `AA` for 26."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text
