"""Every table, found in the package and imported so that the metadata is whole."""

import importlib
import pkgutil

import models

for _module in pkgutil.iter_modules(models.__path__, "models."):
    if not _module.ispkg:
        importlib.import_module(_module.name)
