"""Step 5: what must be handed in; what the licence library holds is not asked for (rows 3 and 6)."""

from dataclasses import dataclass
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.tenancy_codes import AgentKind, DealKind
from services.tenancy.counter_forms import MaterialLine, materials_for
from services.tenancy.predicates import residential
from ui.shell.call import call
from ui.shell.parts import head, note
from ui.tenancy.elements import Tick, TickList
from ui.tenancy.filing_form import Step
from ui.tenancy.filing_steps.parties import SIDES


@dataclass(frozen=True)
class Proof:
    """A paper that only some applications need; `path` is its flag on the form."""

    path: str
    name: str


class MaterialsStep(Step):
    key, title = "materials", "申请材料"
    owns = (
        "materials",
        "house.co_owner_consent",
        "house.public_consent",
        "house.handover_paper",
        "house.conversion_papers",
        "house.mandate_chain",
        "family_proof",
        "head_lease_consent",
    )

    waiting = 0

    async def draw(self) -> None:
        head("应当提交的材料")
        self.sheet.spot("materials")
        reading = self.sheet.reading()
        answer = await call(materials_for, reading.form, quiet=True)
        if answer.ok:
            self._draw_needed(answer.value)
        else:
            note(f"材料清单暂时不能取得：{answer.message}")
        head("其他证明材料")
        note("收到原件的请打钩；没有涉及的不用处理。")
        proofs = self._proofs()
        ticked = [proof.path for proof in proofs if self.sheet.get(proof.path)]
        lines = [Tick(proof.path, proof.name) for proof in proofs]
        with web.element("div").classes("sf-form sf-form-1"):
            TickList("其他证明材料", lines, value=ticked, on_change=self._take_proofs)
        for proof in proofs:
            self.sheet.spot(proof.path)
        self.form.buttons()

    def owns_finding(self, finding: Any) -> bool:
        last = finding.field.rpartition(".")[2]
        return super().owns_finding(finding) or last in {"agent_mandate", "guardian_proof", "translation"}

    def focus(self) -> None:
        self.form.focus_in(*(("input:not(:disabled)",) if self.waiting else ()), ".sf-next")

    def _draw_needed(self, lines: list[MaterialLine]) -> None:
        """Draw a line for each kind of document, with its holder."""
        by_name: dict[str, list[MaterialLine]] = {}
        for line in lines:
            by_name.setdefault(line.name, []).append(line)
        ticks, had = [], set(self.sheet.get("materials") or [])
        for name, same in by_name.items():
            open_ones = [line for line in same if line.state.tone != "good"]
            state = (open_ones or same)[0].state
            whose = "、".join(line.whose for line in (open_ones or same) if line.whose)
            done = not open_ones
            ticks.append(
                Tick(
                    name,
                    cells=(name, whose or "房屋"),
                    badge="已收原件" if name in had and not done else state.label,
                    tone=state.tone,
                    off=done,
                )
            )
        value = [name for name in by_name if name in had]
        columns = ("材料名称", "持有人")
        with web.element("div").classes("sf-form sf-form-1"):
            TickList("应当提交的材料", ticks, value=value, columns=columns, on_change=self._take)
        waiting = self.waiting = sum(not tick.off and tick.value not in had for tick in ticks)
        self.left = TextElement(tag="p", text="").classes("sf-callout").props("role=status")
        self.left.text = f"还有{waiting}种材料待收取，查看原件后打钩。" if waiting else "材料已齐全。"
        self._asked = {tick.value for tick in ticks if not tick.off}

    def _take(self, names: list[str]) -> None:
        others = [name for name in self.sheet.get("materials") or [] if name not in self._asked]
        self.sheet.put("materials", [*others, *names])
        waiting = len(self._asked - set(names))
        self.left.text = f"还有{waiting}种材料待收取，查看原件后打钩。" if waiting else "材料已齐全。"

    def _take_proofs(self, paths: list[str]) -> None:
        for proof in self._proofs():
            self.sheet.put(proof.path, proof.path in paths)
        self.sheet.show()

    def _proofs(self) -> list[Proof]:
        """Only what this house and these people may need."""
        raw, proofs = self.sheet.raw, []
        kind, house = raw["house"].get("proof_kind"), self.form.draft.house
        if house is not None and house.others:
            public = kind == "A4"
            proofs.append(
                Proof("house.public_consent", "公房同住人同意材料")
                if public
                else Proof("house.co_owner_consent", "其他共有人同意出租的材料")
            )
        elif kind == "A4":
            proofs.append(Proof("house.public_consent", "公有住房出租同意材料"))
        if kind in {"A2", "A3"}:
            proofs.append(Proof("house.handover_paper", "房屋交接书"))
        if house is not None and house.use and not residential(house.use):
            proofs.append(Proof("house.conversion_papers", "非居住房屋改建批准文件"))
        if raw.get("lessor_capacity") in {"CUSTODIAN", "OPERATOR", "OTHER"}:
            proofs.append(Proof("house.mandate_chain", "权利人委托出租的材料"))
        if raw.get("deal") == DealKind.SUBLET.value or raw.get("lessor_capacity") == "SUBLESSOR":
            proofs.append(Proof("head_lease_consent", "原出租人同意转租的书面材料"))
        proofs.append(Proof("family_proof", "法定赡养、抚养、扶养关系证明"))
        for side, word in SIDES.items():
            for place, party in enumerate(raw[side]):
                proofs.extend(_proofs_of(f"{side}.{place}", f"{word}{party.get('name') or place + 1}", party))
        return proofs


def _proofs_of(path: str, who: str, party: dict[str, Any]) -> list[Proof]:
    proofs = []
    if party.get("agent_kind") == AgentKind.ENTRUSTED.value:
        proofs.append(Proof(f"{path}.agent_mandate", f"{who}的委托书"))
    if party.get("agent_kind") == AgentKind.STATUTORY.value:
        proofs.append(Proof(f"{path}.guardian_proof", f"{who}的监护证明"))
    if party.get("id_type") in {"31", "55"}:
        proofs.append(Proof(f"{path}.translation", f"{who}证件的中文译本"))
    return proofs
