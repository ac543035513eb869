"""Short message to the tenants of a let room whose number, area or layout was changed (Z07, row 36)."""

from sqlmodel import col

from models.rooms import CentralProject, CentralRoom, RoomApply, RoomApplyLine
from models.tenancy import FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import Side
from services.engine.outbox import route
from services.engine.work import Work
from services.rooms.change_rules import FIELDS
from services.tenancy.contracts import signers
from services.tenancy.short_messages import SWITCH, deliver_text, text_parties

_CHANGED = "room_changed"
route("short_messages", _CHANGED, deliver_text)


def text_tenants(work: Work, apply: RoomApply, line: RoomApplyLine, project: CentralProject, room: CentralRoom) -> None:
    """Send the change of a room to everyone who rents it by a filing in force."""
    if room.house_id is None or not work.thresholds.flag(SWITCH):
        return
    held = work.rows(
        FilingPart.filing_id,
        FilingPart.house_id == room.house_id,
        col(FilingPart.holds).is_(True),
        FilingPart.valid_to >= work.today,
    )
    contracts = work.rows(LeaseFiling.contract_id, col(LeaseFiling.id).in_(set(held)))
    for contract in work.rows(LeaseContract, col(LeaseContract.id).in_(contracts)):
        tenants = [party for party in signers(work, contract) if party.side is Side.LESSEE]
        words = (
            f"【申房】您租住的{project.name}房间，{FIELDS[line.field]}已由运营企业申请变更并经区房屋管理部门审核"
            f"（申请编号{apply.apply_no}），合同{contract.contract_no}的备案继续有效。如有疑问，请咨询运营企业或区房屋管理部门。"
        )
        text_parties(work, line, tenants, _CHANGED, words)
