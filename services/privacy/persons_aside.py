"""Persons in a file being made, kept in files of this process until the accesses are logged (D23)."""

import tempfile
from collections.abc import Iterable, Iterator

_FILES = 32
_IN_MEMORY = 1 << 16


class PersonsAside:
    """The keyed hashes of very many persons. Those that are alike lie in one file, so that each is given once."""

    def __init__(self) -> None:
        # They are gone with this object at the latest.
        self._files = [tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) for _ in range(_FILES)]  # noqa: SIM115

    def add(self, persons: Iterable[str]) -> None:
        """Add persons; repetitions are allowed."""
        for person in persons:
            self._files[hash(person) % _FILES].write(f"{person}\n".encode())

    def parts(self, size: int) -> Iterator[tuple[str, ...]]:
        """Yield every person once, at most `size` together, and forget them."""
        left: list[str] = []
        for file in self._files:
            file.seek(0)
            left += sorted(set(file.read().decode().split()))
            file.close()
            while len(left) > size:
                yield tuple(left[:size])
                left = left[size:]
        yield tuple(left)
