"""Write the next Alembic revision from the difference between the tables and the newest revision.

Usage: python deploy/new_revision.py "why the schema changes"
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from alembic import command

from models.dialect import Database, alembic_config

REVISIONS = Path(__file__).resolve().parent / "alembic" / "versions"


def main() -> None:
    """Bring an empty database to head, compare, and write the revision file."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/compare.db")
        database.upgrade()
        with database.engine.connect() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            number = max(int(path.name[:4]) for path in REVISIONS.glob("[0-9]*.py")) + 1
            command.revision(config, sys.argv[1], autogenerate=True, rev_id=f"{number:04}")
        database.dispose()


if __name__ == "__main__":
    main()
