"""Every endpoint of the partner API, found in the packages and imported so that the list of relays is whole."""

import importlib
import pkgutil

import integrations
import integrations.wire.exchange.ping

for _package in pkgutil.iter_modules(integrations.__path__, "integrations."):
    if _package.ispkg:
        for _file in pkgutil.iter_modules(importlib.import_module(_package.name).__path__, f"{_package.name}."):
            if _file.name.endswith("endpoints"):
                importlib.import_module(_file.name)
