"""Arithmetic on the SM2 curve in integers: what gmssl does in hex strings, several times faster (bench: libraries.md 1)."""

import secrets
from functools import lru_cache

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)

Point = tuple[int, int]
Jacobian = tuple[int, int, int]
#: The bits of a window, and of each window every multiple it may stand for.
Table = tuple[int, list[list[Point]]]

_INFINITY: Jacobian = (1, 1, 0)
#: Bits of a window: of the table of G, of one kept for each partner, of a point that comes once.
_G_BITS, _KEPT_BITS, _Q_BITS = 8, 6, 5
_FIXED_BITS = 257


def on_curve(point: Point) -> bool:
    """Return whether both coordinates are in range and satisfy the equation; infinity has none."""
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x + A) * x - B) % P == 0


def times_g(k: int) -> Point:
    """Return k·G for a secret 1 <= k < n, with the same number of additions for every k."""
    return _times_fixed(k, _table_of_g())


def times_known(k: int, point: Point) -> Point:
    """Return k·point for our secret k and a recurring public point, such as a partner's key."""
    return _times_fixed(k, _table_of(point))


def _times_fixed(k: int, table: Table) -> Point:
    # k + n or k + 2n: the same point, always 257 bits long, so the count of windows reveals nothing.
    k += N
    if k.bit_length() < _FIXED_BITS:
        k += N
    bits, rows = table
    mask = (1 << bits) - 1
    total, spare = _INFINITY, _INFINITY
    for row in rows:
        digit = k & mask
        if digit:
            total = _add(total, row[digit - 1])
        else:
            spare = _add(spare, row[0])
        k >>= bits
    return _affine(total)


def times_secret(k: int, point: Point) -> Point:
    """k·point for a secret 1 <= k < n; k is blinded, for strangers choose the point."""
    return _affine(_times(k + (secrets.randbits(64) | 1 << 63) * N, _odd_multiples(point)))


def sum_of_products(s: int, t: int, point: Point) -> Point | None:
    """s·G + t·point of public values, or None where that is infinity."""
    total = _times(t, _known_multiples(point))
    bits, rows = _table_of_g()
    for row in rows:
        digit = s & ((1 << bits) - 1)
        if digit:
            total = _add(total, row[digit - 1])
        s >>= bits
    return _affine(total) if total[2] else None


def _double(point: Jacobian) -> Jacobian:
    x, y, z = point
    d = z * z % P
    g = y * y % P
    b = x * g % P
    a = 3 * (x - d) * (x + d) % P
    x3 = (a * a - 8 * b) % P
    return x3, (a * (4 * b - x3) - 8 * g * g) % P, ((y + z) * (y + z) - g - d) % P


def _add(point: Jacobian, other: Point) -> Jacobian:
    x1, y1, z1 = point
    x2, y2 = other
    if not z1:
        return x2, y2, 1
    zz = z1 * z1 % P
    h = (x2 * zz - x1) % P
    r = (y2 * z1 * zz - y1) % P
    if not h:
        return _INFINITY if r else _double(point)
    hh = h * h % P
    hhh = h * hh % P
    v = x1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - y1 * hhh) % P, z1 * h % P


def _affine(point: Jacobian) -> Point:
    return _all_affine([point])[0]


def _all_affine(points: list[Jacobian]) -> list[Point]:
    """Return affine forms at the cost of a single inversion."""
    product, before = 1, []
    for point in points:
        before.append(product)
        product = product * point[2] % P
    inverse = pow(product, -1, P)
    out: list[Point] = []
    for (x, y, z), earlier in zip(reversed(points), reversed(before), strict=True):
        own = inverse * earlier % P
        inverse = inverse * z % P
        square = own * own % P
        out.append((x * square % P, y * square * own % P))
    return out[::-1]


@lru_cache(maxsize=1)
def _table_of_g() -> Table:
    return _multiples(G, _G_BITS)


# Some 20 ms and half a megabyte each: more than a city has partners.
@lru_cache(maxsize=64)
def _table_of(point: Point) -> Table:
    return _multiples(point, _KEPT_BITS)


def _multiples(base: Point, bits: int) -> Table:
    rows = []
    for _ in range(-(-_FIXED_BITS // bits)):
        row, point = [], _INFINITY
        for _ in range((1 << bits) - 1):
            point = _add(point, base)
            row.append(point)
        rows.append(_all_affine(row))
        base = _affine(_add(point, base))
    return bits, rows


def _odd_multiples(point: Point) -> list[Point]:
    twice = _affine(_double((*point, 1)))
    row: list[Jacobian] = [(*point, 1)]
    for _ in range((1 << (_Q_BITS - 2)) - 1):
        row.append(_add(row[-1], twice))
    return _all_affine(row)


# Partners sign with the same few keys, so their tables are kept; they hold public points only.
_known_multiples = lru_cache(maxsize=256)(_odd_multiples)


def _times(k: int, odd: list[Point]) -> Jacobian:
    total = _INFINITY
    for digit in reversed(_signed_digits(k)):
        total = _double(total)
        if digit > 0:
            total = _add(total, odd[digit >> 1])
        elif digit < 0:
            x, y = odd[-digit >> 1]
            total = _add(total, (x, P - y))
    return total


def _signed_digits(k: int) -> list[int]:
    """The non-adjacent form of k, least significant digit first."""
    out = []
    while k:
        digit = 0
        if k & 1:
            digit = k & ((1 << _Q_BITS) - 1)
            if digit >= 1 << (_Q_BITS - 1):
                digit -= 1 << _Q_BITS
            k -= digit
        out.append(digit)
        k >>= 1
    return out
