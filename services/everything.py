"""Every action, query, job and visibility rule, found in the packages of the areas and imported so that the registry is whole."""

import importlib
import pkgutil

import services

for _module in pkgutil.walk_packages(services.__path__, "services."):
    importlib.import_module(_module.name)
