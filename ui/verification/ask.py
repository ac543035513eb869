"""申请核验: a firm asks for the verification of one home; a locked room plan is shown and not asked for again (rows 26, 27)."""

from typing import Any

from nicegui import ui as web

from models.normal import BadText
from models.tenancy_codes import LeaseMode
from services.access.visibility import ENTERPRISE
from services.verification.listings import plan_words
from services.verification.mandates import record_mandate
from services.verification.orders import PlannedRoom, RecordMandate, VerifyHome
from services.verification.submission import Verified, check_verification, submit_verification
from services.verification.views import AskPlan, KnownPlan, known_plan
from services.verification.workbook import PLAN_SHAPE, plan_in
from ui.shell.call import call
from ui.shell.fields import area_field, choice_field, date_field, flag_field, money_field, text_field
from ui.shell.findings import draw_findings
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import head, note, steps
from ui.shell.place import Place

_MODES = {mode.value: mode.label for mode in (LeaseMode.WHOLE, LeaseMode.ROOM)}

#: What happens with a request, shown beside the form until there is an answer.
_STEPS = (
    ("照权属证明填写", "证明编号、权利人和证件号码与证明一致；一证多户的填室号。拆间出租的填各房间，首次填写后锁定。"),
    ("提交核验", "系统向不动产登记等部门逐项核对，当场答复；未通过的一次列明全部原因和需要的材料。"),
    ("取得核验码", "通过后核验码生效，发布房源须标明核验码；到期前在房源核验码中维护。"),
    ("没有通过怎么办", "标明可以强制核验的，由权利人带材料到房屋所在区租赁服务中心申请。"),
)


class Ask:
    """The form of one home on the left, the answer on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.known = KnownPlan()
        with web.element("div").classes("sf-split"):
            with web.element("div"):
                head("申请房源核验")
                note("提交后即给出核验码（待生效），核验通过后生效；未通过的一次列明全部原因。")
                self._draw_form()
            self.answer = web.element("section").props("aria-label=核验结果")
            with self.answer:
                head("怎样核验")
                steps(*_STEPS)

    def _draw_form(self) -> None:
        with Form(columns=2) as self.form:
            self.form.add(
                text_field("cert_no", "权属证明编号", required=True, longest=80),
                text_field("flat_room", "室号", longest=30, help="一证多户时填写"),
                text_field("owner_name", "权利人", required=True, longest=60),
                text_field("owner_id", "权利人证件号码", required=True, longest=40, help="单位填统一社会信用代码"),
                text_field("owner_phone", "权利人联系电话", longest=20, help="住房租赁企业必填"),
                choice_field("mode", "出租方式", _MODES, value=LeaseMode.WHOLE.value, required=True),
                text_field("room_no", "房间号", longest=20),
                text_field("plan", "拆间信息", longest=2000, lines=4, read=_plan, help=PLAN_SHAPE),
                flag_field("n1_declared", "客厅隔间已采用轻质不燃材料隔断，采光通风符合要求"),
                flag_field("coowner_consent", "其他共有人已书面同意出租"),
                flag_field("papers", "有改建批准文件"),
                text_field("card_no", "从业信息卡编号", longest=40),
                money_field("rent", "月租金", required=True),
                area_field("area", "出租面积"),
                text_field("address_public", "对外地址", longest=120, help="模糊坐落，不含室号"),
                text_field("mandate_no", "委托合同编号", longest=60),
                date_field("mandate_from", "委托期起", help="首次使用该合同时填写"),
                date_field("mandate_to", "委托期止", help="首次使用该合同时填写"),
            )
        self.form.only_when("mode", lambda mode: mode == LeaseMode.ROOM.value, "room_no", "plan", "n1_declared")
        self.locked = web.element("div")
        self.form.fields["cert_no"].control.on("blur", self.look_at_plan)
        self.form.fields["flat_room"].control.on("blur", self.look_at_plan)
        send = self.form.sends("提交核验", self.submit, mark="submit-verification")
        self.place.command("提交核验", send, icon="send", key="f8")

    async def look_at_plan(self) -> None:
        """Show the locked room plan of the home read-only, if it has one."""
        cert = str(self.form.fields["cert_no"].value or "").strip()
        if not cert:
            return
        answer = await call(
            known_plan, AskPlan(cert, str(self.form.fields["flat_room"].value or "").strip()), quiet=True
        )
        if not answer.ok:
            return
        self.known = answer.value
        self.locked.clear()
        plan = self.form.fields["plan"]
        if not self.known.rooms:
            plan.control.props(remove="readonly")
            return
        plan.value = ";".join(_written(room) for room in self.known.rooms)
        plan.control.props("readonly")
        with self.locked:
            note(f"该房屋拆间信息已锁定，不能修改：{plan_words(self.known.rooms)}")

    async def submit(self, values: dict[str, Any]) -> None:
        """Keep the mandate if it is new, hand the request in, and judge it at once."""
        if not await self._keep_mandate(values):
            return
        order = VerifyHome(
            cert_no=values["cert_no"],
            owner_name=values["owner_name"],
            owner_id=values["owner_id"],
            mode=LeaseMode.of(values["mode"]),
            room_no=values["room_no"] or "",
            plan=_rooms(values["plan"] or ""),
            n1_declared=bool(values["n1_declared"]),
            flat_room=values["flat_room"] or "",
            owner_phone=values["owner_phone"] or "",
            mandate_no=values["mandate_no"] or "",
            coowner_consent=bool(values["coowner_consent"]),
            papers=bool(values["papers"]),
            card_no=values["card_no"] or "",
            rent=values["rent"],
            area=values["area"],
            address_public=values["address_public"] or "",
        )
        done = (await call(submit_verification, order)).or_end()
        self.place.say(f"已提交，核验码 {done.code_no}（待生效），正在核验")
        result = (await call(check_verification, done.id)).or_end()
        await self._show(result)

    async def _keep_mandate(self, values: dict[str, Any]) -> bool:
        first, last = values["mandate_from"], values["mandate_to"]
        if not (values["mandate_no"] and first and last):
            return True
        order = RecordMandate(
            values["mandate_no"],
            None,
            values["cert_no"],
            values["owner_id"],
            first,
            first,
            last,
            values["flat_room"] or "",
        )
        answer = await call(record_mandate, order, quiet=True)
        # The verification itself refuses an unknown house.
        return answer.ok or "没有查到" in answer.message

    async def _show(self, told: Verified) -> None:
        self.answer.clear()
        with self.answer:
            head(f"核验结果 {told.verify_no}", told.state)
            if told.valid_from is not None:
                note(f"核验通过。核验码 {told.code_no}，有效期 {told.valid_from} 至 {told.valid_to}。")
            elif told.findings:
                draw_findings(list(self.form.mark(told.findings)) or list(told.findings))
                if told.forceable:
                    note("以上原因均可由权利人到房屋所在区租赁服务中心申请强制核验。")
        self.place.reveal(self.answer)
        passed = told.valid_from is not None
        self.place.say("核验通过" if passed else f"核验{told.state.label}", "good" if passed else "warn")


def _plan(text: str) -> str:
    plan_in(text)
    return text


def _rooms(text: str) -> tuple[PlannedRoom, ...]:
    try:
        lines = plan_in(text)
    except BadText:
        return ()
    return tuple(PlannedRoom(one.label, one.kind, one.usable_area, one.persons, one.hall) for one in lines)


def _written(room: PlannedRoom) -> str:
    parts = [
        room.label,
        room.kind.label,
        f"{room.usable_area:.2f}",
        str(room.persons),
        *([room.hall] if room.hall else []),
    ]
    return ":".join(parts)


def build(place: Place) -> None:
    Ask(place)


ASK = Module("verification_ask", "申请房源核验", "add_home", "listing", frozenset(ENTERPRISE), build)
