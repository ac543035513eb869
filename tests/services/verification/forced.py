"""Forced reviews before the window and the bureau of a district, told shortly."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.verification import ForcedVerification
from services.documents.attachments import KeepAttachment, keep_attachment
from services.verification.forced_materials import Capacity, wanted
from services.verification.forced_review import (
    AppliedForced,
    ApplyForced,
    DecidedForced,
    DecideForced,
    apply_forced,
    decide_forced,
)
from services.verification.orders import VerifyHome
from services.verification.submission import Verified
from tests.files_made import png
from tests.services.tenancy.counter import Flat
from tests.services.verification.firm import Firms

WHY = "权利人姓名已依法变更，登记信息尚未更新"
#: The windows and bureaus of two districts.
WINDOW, BUREAU, OTHER_BUREAU, OTHER_WINDOW = "pudong01", "pdju01", "xhju01", "xuhui01"


@dataclass
class Forced:
    """One failed verification after the other; homes lie in 浦东新区."""

    firms: Firms

    def perform(self, act: Any, login: str, order: Any) -> Any:
        return self.firms.world.door.perform(act, self.firms.world.caller(login), order)

    def ask(self, query: Any, login: str, order: Any) -> Any:
        return self.firms.world.door.ask(query, self.firms.world.caller(login), order)

    def flat(self) -> Flat:
        return self.firms.counter.free_flat("310115")

    def failed(self, flat: Flat | None = None, **changes: Any) -> tuple[VerifyHome, Verified]:
        """A request that fails by the owner's name alone."""
        home = self.firms.home(flat or self.flat(), **{"owner_name": "别人", **changes})
        return home, self.firms.verify(home)

    def scan(self, login: str = WINDOW) -> UUID:
        kept = self.perform(keep_attachment, login, KeepAttachment("强制核验材料", "材料.png", png()))
        made: UUID = kept.id
        return made

    def order(self, home: VerifyHome, told: Verified, **changes: Any) -> ApplyForced:
        capacity = changes.get("capacity", Capacity.OWNER)
        values: dict[str, Any] = {
            "verification_id": told.id,
            "capacity": capacity,
            "applicant_name": "别人",
            "applicant_id_no": home.owner_id,
            "originals": wanted(told.codes, capacity),
            "scans": (self.scan(),),
            "reason": WHY,
        }
        return ApplyForced(**values | changes)

    def applied(self, flat: Flat | None = None) -> AppliedForced:
        home, told = self.failed(flat)
        made: AppliedForced = self.perform(apply_forced, WINDOW, self.order(home, told))
        return made

    def decide(
        self, made: AppliedForced, *, agree: bool = True, opinion: str = "", login: str = BUREAU
    ) -> DecidedForced:
        done: DecidedForced = self.perform(decide_forced, login, DecideForced(made.id, agree, opinion))
        return done

    def row(self, made: AppliedForced) -> ForcedVerification:
        wanted_row = select(ForcedVerification).where(col(ForcedVerification.id) == made.id)
        found: ForcedVerification = self.firms.world.read(lambda work: work.session.exec(wanted_row).one())
        return found
