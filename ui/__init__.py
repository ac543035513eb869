"""Shell, workspaces, pages and plain public pages."""

import sys
from types import ModuleType
from typing import cast

# For its own clients, of which the product has none, the socket library loads two HTTP libraries where it finds them:
# 13 MB and a tenth of a second of the web process. While it is loaded it finds neither.
_UNSEEN = [name for name in ("aiohttp", "requests") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_UNSEEN, cast(ModuleType, None)))
import socketio  # noqa: E402, F401

for _name in _UNSEEN:
    del sys.modules[_name]
