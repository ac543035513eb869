"""Libraries that few requests need, loaded when something of theirs is first used: 30 MB of every process."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as numpy
    import shapely as shapely
    import shapely.affinity
    import shapely.ops

    #: Typed as Any: its objects are written to by attributes that its types do not declare.
    openpyxl: Any
else:

    class _Late(ModuleType):
        def __getattr__(self, name: str) -> Any:
            """Return an attribute of the library and keep it; import a submodule of this name."""
            library = import_module(self.__name__)
            if not hasattr(library, name):
                try:
                    import_module(f"{self.__name__}.{name}")
                except ModuleNotFoundError as missing:
                    raise AttributeError(f"{self.__name__} has no {name}") from missing
            found = self.__dict__[name] = getattr(library, name)
            return found

    numpy, openpyxl, shapely = map(_Late, ("numpy", "openpyxl", "shapely"))
