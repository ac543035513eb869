"""Every route of the real application, outer and inner, written as JSON; run in a process of its own."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from deploy.settings import Settings
from integrations.systems import system_names

WRITTEN = "routes.json"


def routes_of(app: Any) -> list[str]:
    """`METHODS path` of each route; what is mounted is named by its class."""
    found = []
    for route in app.routes:
        if hasattr(route, "original_router"):
            found += routes_of(route.original_router)
        elif getattr(route, "methods", None):
            found.append(f"{','.join(sorted(route.methods))} {route.path}")
        else:
            found.append(f"{type(route.app).__name__} {route.path}")
    return found


def main(folder: Path, database_url: str) -> None:
    """Write what the product answers into a folder, which has its keys."""
    os.environ["NICEGUI_USER_SIMULATION"] = "true"
    import main as product

    urls = json.dumps({system: f"http://127.0.0.1:9/{system}" for system in system_names()})
    settings = Settings(mode="demo", data_dir=folder, system_urls=urls, database_url=database_url)
    house = product.open_house(settings)
    house.door.prepare()
    outer = product.create_app(house)
    from nicegui import app as inner

    told = json.dumps({"outer": routes_of(outer), "inner": routes_of(inner)})
    (folder / WRITTEN).write_text(told, encoding="utf-8")
    house.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
