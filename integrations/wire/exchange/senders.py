"""Cache of partners from the signed access list, valid until the list changes (security.md 4.3, step 3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from integrations.wire.exchange.profile import ProfileError
from models.row_mac import RowTampered
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.door import Door
from services.partners.partner_cache import Believed, NotBelieved, believed, registry_mark, report_forged

#: What was believed of a partner is looked up again after this long even while the list is unchanged.
_BELIEVED_FOR = timedelta(seconds=5)
_LOOKERS = 16


@dataclass(frozen=True)
class Known:
    """A cached partner, with the time and the version of the access list."""

    mark: int
    at: datetime
    partner: Believed | None

    @property
    def fresh(self) -> bool:
        return system_now() - self.at < _BELIEVED_FOR


class Senders:
    """The partners that this process has read; safe to share between threads.

    Whether the list has changed is not asked for every request: taking its nonce shows it (`partners.keep`), and a
    refusal
    asks `changed`.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._known: dict[str, Known] = {}
        self._looking = [Lock() for _ in range(_LOOKERS)]

    def known(self, app_id: str) -> Known:
        """Return the cached partner, or read it; simultaneous requests of an app read it only once."""
        known = self._known.get(app_id)
        if known is not None and known.fresh:
            return known
        with self._looking[hash(app_id) % _LOOKERS]:
            known = self._known.get(app_id)
            return known if known is not None and known.fresh else self.look(app_id)

    def look(self, app_id: str) -> Known:
        """A partner as the signed list has it now."""
        at = system_now()
        try:
            with self._door.database.read() as session:
                # Before the rest: a change in between leaves an old mark behind, and is looked at once more.
                mark = registry_mark(session.connection())
                found = believed(session, app_id)
                # What is kept outlives the session.
                session.expunge_all()
        except NotBelieved as forged:
            self._door.perform(report_forged, SYSTEM, forged.partner_id)
            raise ProfileError("E1004") from None
        except RowTampered as broken:
            self._door.lock(SYSTEM, broken)
            raise ProfileError("E1004") from None
        known = Known(mark, at, found)
        if found is not None:
            # Names that are not registered are not kept: there is no end of them.
            self._known[app_id] = known
        return known

    def changed(self, known: Known) -> bool:
        """Return whether the access list changed since this partner was read."""
        with self._door.database.read() as session:
            return registry_mark(session.connection()) != known.mark
