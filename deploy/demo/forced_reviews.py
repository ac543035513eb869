"""Forced reviews in the demo: waiting, overdue, agreed with its home on the shelf, refused (rows 28-30)."""

from sqlmodel import col, select

from deploy.demo.stories import caller_named, left_out, on_past_days, picture, there
from deploy.demo.verifications import DemoFlat, Story, free_flats
from models.house import House
from models.verification import ForcedVerification, ListingVerification, VerificationCode
from models.verification_codes import ShelfState
from services.documents.attachments import KeepAttachment, keep_attachment
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.work import Work
from services.verification.forced_materials import Capacity, wanted
from services.verification.forced_review import ApplyForced, DecideForced, apply_forced, decide_forced, flag_overdue
from services.verification.forced_shelf import ForceShelf, force_on
from services.verification.submission import check_verification

_DISTRICT, _WINDOW, _BUREAU, _FIRM = "310115", "pudong01", "pdju01", "anju01"
_WHY = "权利人已依法更名，户籍证明已核对，登记信息尚未更新"


def load_forced_reviews(door: Door) -> None:
    """Applications on the days past, each left where it is shown."""
    if there(door, ForcedVerification):
        return
    with left_out("房源强制核验"), on_past_days(door) as stand:
        story = Story(door, door.look(SYSTEM, _flats_of_district))
        story.mandates = 500
        window, bureau, firm = (caller_named(door, login) for login in (_WINDOW, _BUREAU, _FIRM))
        for days, ending in ((12, "agree"), (10, "refuse"), (8, ""), (1, ""), (0, "")):
            stand(days)
            flat = story.flats.pop()
            asked = story.asked(firm, flat, owner_name=f"{flat.owner[:1]}更名")
            told = door.perform(check_verification, firm, asked)
            scan = door.perform(
                keep_attachment, window, KeepAttachment("强制核验材料", "户籍证明.png", picture("paper.png"))
            )
            made = door.perform(
                apply_forced,
                window,
                ApplyForced(
                    asked,
                    Capacity.OWNER,
                    f"{flat.owner[:1]}更名",
                    flat.owner_id,
                    wanted(told.codes, Capacity.OWNER),
                    (scan.id,),
                    _WHY,
                ),
            )
            if ending == "refuse":
                door.perform(
                    decide_forced, bureau, DecideForced(made.id, False, "户籍证明不能证明与登记权利人为同一人")
                )
            elif ending == "agree":
                done = door.perform(decide_forced, bureau, DecideForced(made.id, True, "更名证明属实"))
                code = door.look(SYSTEM, lambda work, no=done.code_no: _code(work, no))  # type: ignore[misc]
                door.perform(force_on, window, ForceShelf(code.id, "经强制核验通过，予以上架", ShelfState.NONE))
        stand(0)
        door.perform(flag_overdue, SYSTEM, 100)


def _code(work: Work, code_no: str) -> VerificationCode:
    return work.session.exec(select(VerificationCode).where(VerificationCode.code_no == code_no)).one()


def _flats_of_district(work: Work) -> list[DemoFlat]:
    """Free flats of the district that had no verification yet."""
    used = select(House.house_code).where(col(House.id).in_(select(ListingVerification.house_id)))
    taken = set(work.session.exec(used).all())
    own = set(work.session.exec(select(House.house_code).where(House.district_code == _DISTRICT)).all())
    return [flat for flat in free_flats(work, 400) if flat.code in own - taken][:8]
