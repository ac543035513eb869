"""认领地块: a head company finds its parcel by the exact number and claims it with the deal's paper (row 55)."""

from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import HEAD_OFFICE
from models.companies import District
from services.engine.listings import Line
from services.parcels.head_links import ClaimParcel, claim_parcel
from services.parcels.link_choices import Claimable, claimable
from services.parcels.proofs import KeepProof, keep_proof
from ui.parcels.parts import share_in
from ui.records.files import TYPES
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import choice_field, number_field, text_field
from ui.shell.file_box import Accepted, FileBox
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import empty, facts, head, steps
from ui.shell.place import Place

#: How a parcel is claimed, shown until one is looked for.
_STEPS = (
    ("按编号查找", "选所在区，照成交确认书填地块编号，按F3；只有编号完全一致的才查得到。"),
    ("核对后填份额", "核对名称、坐落和面积；联合竞得的填写本公司份额，不超过可认领的份额。"),
    ("上传成交确认书", "PDF、图片或Office文件，单个不超过50MB；业务部门已推送的可以不传。"),
    ("等待确认", "业务部门在期限内确认或拒绝；在地块关联中看进展，确认后可以指派给项目公司。"),
)


class ClaimingPage:
    """The number first, then what is known of the parcel, then the claim."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.found: Line | None = None
        self.asked = Claimable("", "")
        self.proof: tuple[UUID, str] | None = None
        head("查找地块")
        TextElement(
            tag="p", text="请按成交确认书填写所在区和地块编号；全角、半角括号视为相同。查到后核对名称和面积再认领。"
        ).classes("sf-note")
        with Form(columns=2) as self.search:
            self.search.add(
                choice_field("district", "所在区", District.labels(), required=True),
                text_field("parcel_no", "地块编号", required=True, longest=60),
            )
        with web.element("div").classes("sf-buttons sf-pad"):
            main_button("查找", self._find, icon="search").mark("find-parcel")
        self.box = web.element("section").props("aria-label=认领")
        with self.box:
            steps(*_STEPS)
        place.command("查找", self._find, icon="search", key="f3")
        self.claiming = place.command("认领", self._claim, icon="back_hand", key="f8", needs="请先查找要认领的地块")

    async def _find(self) -> None:
        values = self.search.read()
        if values is None:
            return
        self.asked = Claimable(values["district"], values["parcel_no"])
        answer = await call(claimable, self.asked)
        self.found, self.proof = (answer.value if answer.ok else None), None
        self._draw("" if answer.ok else answer.message)

    def _draw(self, told: str = "") -> None:
        self.box.clear()
        found = self.found
        self.claiming.enable(found is not None and not found.mine)
        with self.box:
            if found is None:
                if told:
                    empty(told)
                return
            head("认领")
            facts(
                {
                    "地块名称": found.parcel_name,
                    "地块编号": found.parcel_no,
                    "所在区": found.district.label,
                    "坐落": found.location,
                    "出让面积": f"{found.land_area.normalize():,f} ㎡",
                    "可认领份额": f"{found.free.normalize():f}%",
                },
                columns=2,
            )
            if found.mine:
                TextElement(tag="p", text="该地块已与本公司关联，无需认领").classes("sf-callout")
                return
            if found.offered_to_me:
                words = "业务部门已向本公司推送该地块，认领后即视为双方一致，自动确认"
                TextElement(tag="p", text=words).classes("sf-callout")
            with Form(columns=1) as self.form:
                self.form.add(
                    number_field(
                        "share",
                        "份额",
                        value=f"{found.free.normalize():f}",
                        unit="%",
                        required=True,
                        help="联合竞得的填写本公司份额",
                    ),
                    text_field("words", "说明", longest=500, lines=2),
                )
            self._draw_proof(required=not found.offered_to_me)
            with web.element("div").classes("sf-buttons sf-pad"):
                main_button("认领（F8）", self._claim, icon="back_hand").mark("claim-parcel")
            self.form.focus("share")

    def _draw_proof(self, *, required: bool) -> None:
        with web.element("section").classes("sf-slot"):
            with web.element("div").classes("sf-slot-head"):
                label = TextElement(tag="strong", text="成交确认书")
                if required:
                    label.classes("sf-required")
                box = FileBox("上传成交确认书", self._take, Accepted("PDF、图片和Office文件", TYPES, 50))
                box.button("选择文件").mark("proof-file")
            self.kept = TextElement(tag="p", text="尚未上传").classes("sf-help")

    async def _take(self, name: str, content: bytes) -> None:
        answer = await call(keep_proof, KeepProof(name, content))
        if answer.ok and not self.kept.is_deleted:
            self.proof = (answer.value, name)
            self.kept.text = f"已上传：{name}"

    async def _claim(self) -> None:
        found, values = self.found, self.form.read()
        if found is None or values is None:
            return
        if (share := share_in(self.form, values)) is None:
            return
        order = ClaimParcel(
            self.asked.district,
            self.asked.parcel_no,
            self.proof[0] if self.proof else None,
            share,
            values["words"] or "",
        )
        with self.box:
            answer = await call(claim_parcel, order)
        if not answer.ok:
            self.form.mark(answer.findings)
            return
        self.found = None
        self._draw()
        self.place.say("已认领" if found.offered_to_me else "已提交认领，等待业务部门确认", "good")
        await self.place.open("parcel_links", id=answer.value)


def build(place: Place) -> None:
    ClaimingPage(place)


CLAIM = Module("parcel_claim", "认领地块", "back_hand", "parcels", frozenset(HEAD_OFFICE), build)
