"""A process that changes keys of one store, the root key among them, until somebody kills it."""

import sys
from pathlib import Path

from integrations.cloud_crypto.local import LocalProvider


def main(directory: Path) -> None:
    """Say when a change begins and when it is over."""
    provider = LocalProvider(directory, mode="test")
    while True:
        for family in ("kek.root", "dek.pii", "sig.audit"):
            for word in ("begin", "over"):
                sys.stdout.write(word + "\n")
                sys.stdout.flush()
                if word == "begin":
                    provider.rotate(family)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
