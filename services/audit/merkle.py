"""Merkle trees over event digests in the shape of RFC 6962, with SM3 (security.md 6)."""

from collections.abc import Sequence

from models.sealing import sm3


def root_of(hashes: Sequence[str]) -> str:
    """The root over digests in hex, in their order; there is at least one."""
    # Pairs level by level give the same tree as splitting at the largest power of two: an odd node moves up unchanged.
    level = [leaf(one) for one in hashes]
    while len(level) > 1:
        above = [sm3(b"\x01" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


def path_of(hashes: Sequence[str], place: int) -> list[tuple[str, str]]:
    """The neighbours from leaf to root that prove the digest at `place`: (`L` or `R`, digest in hex)."""
    level, path = [leaf(one) for one in hashes], []
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            path.append(("L" if other < place else "R", level[other].hex()))
        above = [sm3(b"\x01" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level, place = above + level[len(above) * 2 :], place // 2
    return path


def root_by(digest: str, path: Sequence[tuple[str, str]]) -> str:
    """The root a digest and its path lead to."""
    node = leaf(digest)
    for side, other in path:
        pair = bytes.fromhex(other) + node if side == "L" else node + bytes.fromhex(other)
        node = sm3(b"\x01" + pair)
    return node.hex()


def leaf(digest: str) -> bytes:
    return sm3(b"\x00" + bytes.fromhex(digest))
