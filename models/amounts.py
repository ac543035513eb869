"""Amounts in words and figures, as contracts and screens write them."""

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_CENT = Decimal("0.01")
LARGEST = Decimal("9999999999999.99")


def capital_amount(amount: Decimal) -> str:
    """Yuan in capital characters, `壹万贰仟元整`; up to ten million million, not negative, whole cents."""
    if not amount.is_finite() or not 0 <= amount <= LARGEST or amount != amount.quantize(_CENT):
        raise ValueError("only whole cents between 0 and 9,999,999,999,999.99 are written in words")
    cents = int(amount.scaleb(2))
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    if fen:
        return f"{words}{_DIGITS[fen]}分"
    return f"{words or '零元'}整"


def _whole(number: int) -> str:
    """Write a positive whole number in capitals; each run of inner zeros becomes a single 零."""
    words, gap = "", False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**place % 10_000
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _group(group) + _unit(place, number)
        gap = False
    return words


def _group(group: int) -> str:
    """Write a group of one to four digits without zeros at either end."""
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return words


def _unit(place: int, number: int) -> str:
    # 壹万亿 alone, but 壹万贰仟亿: the 亿 is said once, after the last group that it covers.
    if place == 3:
        return "万" if number // 10_000**2 % 10_000 else "万亿"
    return _GROUPS[place]


def money_text(amount: Decimal) -> str:
    """`1,234.50 元`."""
    return f"{amount.quantize(_CENT, ROUND_HALF_UP):,.2f} 元"
