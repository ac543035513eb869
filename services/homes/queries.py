"""The home of the caller, read in the caller's scope (issue 19)."""

from models.access import Role
from services.engine.homes import HomeView, home_of, read_home
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.work import Work
from services.homes import administrators, city, counter, district, enterprise, market, spatial

#: Where each home is declared; importing them registers it.
DECLARED = (administrators, city, counter, district, enterprise, market, spatial)
USERS = set(Role) - {Role.SYSTEM, Role.PARTNER}


@query("homes.mine", "工作台", roles=USERS)
def my_home(work: Work, order: None) -> HomeView:
    """Return the tiles of the caller's home; each figure names the list and the filters it counted."""
    found = home_of(work.caller.roles)
    if found is None:
        raise NotFound
    return read_home(work, found)
