"""Every action, query, job and visibility rule, found in the packages of the areas and imported so that the registry is whole."""

import gc
import importlib
import pkgutil

import services

# What is imported stays until the process ends: looking through it for garbage took a tenth of the import.
_collects = gc.isenabled()
gc.disable()
for _module in pkgutil.walk_packages(services.__path__, "services."):
    importlib.import_module(_module.name)
gc.freeze()
if _collects:
    gc.enable()
