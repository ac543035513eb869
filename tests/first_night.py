"""Load the demo and do what its first night does, for products that begin on a copy of it: each would do it by itself.

`python -m tests.first_night` with the settings of the installation in its environment.
"""

from contextlib import closing

import main
from deploy.logs import set_up_logging
from deploy.settings import read_settings
from services.documents.rendition import render_waiting
from services.engine.jobs import run_due


def load_first_day() -> None:
    """Prepare an installation, run its daily jobs that are due, and make its papers."""
    settings = read_settings()
    set_up_logging(settings.log_level, settings.log_format)
    with closing(main.open_house(settings)) as house:
        main.prepare(house)
        while run_due(house.door):
            pass
        render_waiting(house.door)


if __name__ == "__main__":
    load_first_day()
