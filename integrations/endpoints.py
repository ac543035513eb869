"""Every endpoint of the partner API, found in the packages and imported so that the list of relays is whole."""

import importlib
import pkgutil

import integrations

for _file in pkgutil.walk_packages(integrations.__path__, "integrations."):
    if _file.name.endswith((".ping", "endpoints")) and _file.name != __name__:
        importlib.import_module(_file.name)
