"""Step 1: the certificate, and the registered facts that arrive for it, read-only (row 6)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.house import HouseCategory, ProofKind
from models.places_data import districts, streets_of
from models.tenancy_codes import FilingWay
from services.engine.findings import Finding
from services.tenancy.counter_house import CATEGORY_OF, FormHouse, HouseQuestion, house_for_form
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.parts import badge, facts, head, note
from ui.shell.values import as_of_text
from ui.tenancy.elements import head_box
from ui.tenancy.filing_form import Step

_WAYS = {way.value: way.label for way in (FilingWay.COMBINED, FilingWay.FILING_ONLY, FilingWay.REFILE)}
_PAPER_ONLY = {ProofKind.B1.value, ProofKind.B2.value}


class HouseStep(Step):
    key, title = "house", "房屋与权属"
    owns = ("house", "way", "previous_filing_no", "paper_lease")

    async def draw(self) -> None:
        sheet = self.sheet
        head("权属证明")
        with web.element("div").classes("sf-form"):
            sheet.choice(
                "house.proof_kind", "证明种类", ProofKind.labels(), required=True, on_change=self._kind_changed
            )
            cert = sheet.line("house.cert_no", "证明编号", required=True, span=2, help="按证件填写，全角半角括号均可")
            room = sheet.line("house.room_no", "室号", help="证件含多套房屋，或实际室号与登记不符时填写")
            sheet.choice("way", "办理方式", _WAYS, required=True, on_change=self._way_changed)
            sheet.line("previous_filing_no", "原备案编号", span=2, help="变更、重新备案的填写；备案后原备案即被替代")
        cert.control.on("blur", self.look_up)
        room.control.on("blur", self.look_up)
        sheet.spot("house.house_code")
        self.facts = web.element("section").props("aria-label=登记信息 aria-live=polite")
        with self.facts:
            self._draw_facts()
        self.form.buttons()
        # Also when only the landlords changed meanwhile: whether they agree with the register is asked anew.
        await self.look_up()

    def focus(self) -> None:
        """Return where everything has arrived from the register, the cursor waits on the button."""
        house = self.form.draft.house
        if house is not None and house.known:
            self.form.focus_in(".sf-next")
        else:
            super().focus()

    def faults(self) -> list[Finding]:
        if self.sheet.text("house.cert_no").strip():
            return []
        return [Finding("FORM", "请填写权属证明编号", "house.cert_no")]

    async def settle(self) -> None:
        await self.look_up()

    def _asked(self) -> str:
        return self.sheet.text("house.cert_no").strip()

    async def ask_again(self) -> None:
        """Return what the draft keeps may be from yesterday."""
        self.form.draft.asked = []
        await self.look_up()

    async def look_up(self) -> None:
        """Ask the register when the certificate is another one than was asked for."""
        sheet, draft = self.sheet, self.form.draft
        lessors = [str(party.get("id_no") or "") for party in sheet.raw["lessors"] if party.get("id_no")]
        asked = [self._asked(), sheet.text("house.proof_kind"), sheet.text("house.room_no"), *lessors]
        if not asked[0] or asked == draft.asked:
            return
        if draft.asked and draft.asked[0] != asked[0]:
            # Another certificate: what was known of the first house does not belong to it.
            sheet.put("house.house_code", "")
            sheet.put("rooms", [])
        draft.asked = asked
        question = HouseQuestion(
            cert_no=asked[0],
            proof_kind=ProofKind.of(asked[1]),
            room_no=asked[2] if not sheet.text("house.house_code") else "",
            house_code=sheet.text("house.house_code"),
            lessors=tuple(lessors),
        )
        answer = await call(house_for_form, question)
        if not answer.ok:
            draft.asked = []
            return
        draft.house = house = answer.value
        if house.known:
            self._take_over(house)
        self.form.changed()
        if self.form.step == self.key and not self.facts.is_deleted:
            self.facts.clear()
            with self.facts:
                self._draw_facts()
            sheet.show()

    def _take_over(self, house: FormHouse) -> None:
        sheet = self.sheet
        for key, value in {
            "house_code": house.house_code,
            "category": house.category.value,
            "district_code": house.district_code,
            "street_code": house.street_code,
            "address": house.address,
            "build_area": house.build_area,
        }.items():
            sheet.put(f"house.{key}", value)
        if not sheet.text("house.room_no").strip():
            sheet.put("house.room_no", house.room_no)
            sheet.refill("house.room_no")
            self.form.draft.asked[2] = house.room_no
        if house.category is HouseCategory.PUBLIC:
            sheet.put("lessor_capacity", "PUBLIC_TENANT")
        self.form.name_tab()
        sheet.put("mortgaged_told", "已设定抵押" if house.mortgaged else "未设定抵押")

    def _draw_facts(self) -> None:
        house = self.form.draft.house
        with head_box("登记信息"):
            if house is not None:
                plain_button("重新查询", self.ask_again, icon="refresh")
        if house is None:
            note("填写证明编号后，登记信息会自动带出，无需手工填写。")
            return
        now = self.form.place.desk.door.clock.now()
        with web.element("div").classes("sf-source"):
            TextElement(tag="span", text=f"来源：{house.source}")
            TextElement(tag="span", text=f"{as_of_text(house.at, now)}，用时{house.milliseconds}毫秒")
        if house.note:
            TextElement(tag="p", text=house.note).classes("sf-callout").props("role=status")
        if not house.known:
            self._draw_by_hand()
            return
        facts(
            {
                "坐落": house.place + house.address,
                "室号": house.room_no,
                "建筑面积": f"{house.build_area} ㎡",
                "规划用途": house.use,
                "房屋类别": house.category,
                "户型楼层": "　".join(part for part in (house.layout, house.floor) if part),
                "登记日期": house.registered_on,
                "抵押情况": "已设定抵押" if house.mortgaged else "未设定抵押",
            }
        )
        with web.element("div").classes("sf-row"):
            self._draw_owners(house)
            for words in house.restrictions:
                badge(f"权利限制：{words}", "bad")
            if not house.restrictions:
                badge("未登记限制出租的情形", "good")
            if not house.in_library:
                badge("房屋基础信息未入库", "warn")

    def _draw_owners(self, house: FormHouse) -> None:
        named = [party for party in self.sheet.raw["lessors"] if party.get("id_no")]
        if not named or not house.agree:
            badge("权利人：填写出租人后核对", "muted")
        for party, agrees in zip(named, house.agree, strict=False):
            badge(
                f"出租人{party.get('name') or ''}：{'与登记一致' if agrees else '与登记信息不一致'}",
                "good" if agrees else "bad",
            )
        if house.others and house.agree:
            word = "凭证另有同住人" if house.category is HouseCategory.PUBLIC else "另有登记的共有人"
            badge(f"{word}{house.others}人", "warn")

    def _draw_by_hand(self) -> None:
        sheet = self.sheet
        chosen = sheet.text("house.district_code")
        with web.element("div").classes("sf-form"):
            sheet.choice(
                "house.district_code",
                "区",
                {one.code: one.name for one in districts()},
                on_change=self._district_changed,
            )
            sheet.choice("house.street_code", "街镇", {one.code: one.name for one in streets_of(chosen)})
            sheet.area("house.build_area", "建筑面积")
            sheet.line("house.address", "坐落", span=3)

    def _district_changed(self) -> None:
        code = self.sheet.text("house.district_code")
        self.sheet.field("house.street_code").control.set_options({one.code: one.name for one in streets_of(code)})

    async def _kind_changed(self) -> None:
        sheet = self.sheet
        kind = sheet.text("house.proof_kind")
        if kind not in ProofKind.labels():
            return
        sheet.put("house.category", CATEGORY_OF[ProofKind.of(kind)].value)
        if kind in _PAPER_ONLY and sheet.text("way") == FilingWay.COMBINED.value:
            sheet.field("way").control.set_value(FilingWay.FILING_ONLY.value)
            self.form.place.say("该类证明不办理网签，已改为“仅备案”，请收取纸质合同", "warn")
        await self.look_up()

    def _way_changed(self) -> None:
        self.sheet.put("paper_lease", self.sheet.text("way") == FilingWay.FILING_ONLY.value)
