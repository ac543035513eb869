"""审计查询: search the trail, see one event to the letter with its proof, verify, export, print the duty sheet (A6)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.audit.checkpoints import MakeCheckpoint, make_checkpoint
from services.audit.console import EVENTS, RESULTS, AuditState, EventView, Proof, audit_event, audit_state
from services.audit.event_export import duty_sheet, export_audit
from services.audit.verification_runs import VerifyAudit, verify_audit
from services.audit.words import act_label, event_label, kind_label, roles_label
from services.engine.clock import shanghai_text
from services.tenancy.evidence_package import ExportEvidence, export_evidence
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import shown_field
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import empty, facts, head

_SIDES = {"L": "左", "R": "右"}


def state_text(state: AuditState) -> str:
    """Return a line about the state of the audit."""
    signed = f"签名至第 {state.signed:,} 条（{shanghai_text(state.signed_at)}）" if state.signed_at else "尚未签名"
    beat = f"，最近心跳 {shanghai_text(state.beat_at)}" if state.beat_at else "，未见心跳"
    stopped = "；审计无法签名，系统已暂停办理业务" if state.stopped else ""
    return f"共 {state.seq:,} 条，{signed}{beat}{stopped}"


class Audit(ListDesk[EventView]):
    """The events on the left, the one in hand with its proof on the right."""

    listing = EVENTS
    look = audit_event
    part = "事件详情"
    classes = ""

    def above(self) -> None:
        self.words = TextElement(tag="p", text="").classes("sf-note").mark("audit-state")

    def begin(self) -> None:
        place = self.place
        place.command("核验", self.verify, icon="verified", key="f6")
        place.command("导出", self.export, icon="download", key="f8")
        place.command("证据包", self.evidence, icon="inventory_2")
        place.command("值班表", self.sheet, icon="print", key="f9")
        place.command("立即签署", self.sign, icon="draw")

    async def load(self) -> None:
        await super().load()
        await self._show_state()

    async def _show_state(self) -> None:
        done = (await call(audit_state)).or_end()
        self.words.text = state_text(done)

    def draw(self, view: EventView) -> None:
        draw_event(view)

    async def verify(self) -> None:
        """Walk the whole chain; with a million events that takes some tens of seconds."""
        self.place.say("正在核验审计链，请稍候")
        done = (await call(verify_audit, VerifyAudit())).or_end()
        self.place.say(done.sentence, "good" if done.ok else "bad")
        await self._show_state()

    async def export(self) -> None:
        """Export the found events, signed and logged."""
        summary = {"范围": f"按当前查询条件的 {self.grid.total:,} 条", "内容": "事件原文、检查点和签名清单"}
        await confirm("导出当前查询结果？导出本身记入审计。", summary=summary, yes="导出")
        done = (await call(export_audit, self.grid.open_filters())).or_end()
        web.download.content(done.content, done.name, "application/zip")
        self.place.say(f"已导出 {done.events:,} 条，SM3 {done.digest[:16]}", "good")

    async def evidence(self) -> None:
        """The masked evidence package of one filing."""
        number = await ask_reason("导出哪一份备案的证据包？", yes="导出", label="备案编号或合同编号")
        (await call(make_checkpoint, MakeCheckpoint())).or_end()
        done = (await call(export_evidence, ExportEvidence(number))).or_end()
        web.download.content(done.content, done.name, "application/zip")
        self.place.say(f"已导出证据包（已脱敏），SM3 {done.digest[:16]}", "good")

    async def sheet(self) -> None:
        """Today's duty sheet; an earlier day is the one the list begins with."""
        day = self.grid.view.day("since") or self.place.desk.door.clock.today()
        done = (await call(duty_sheet, day)).or_end()
        web.download.content(done, f"duty-{day:%Y%m%d}.pdf", "application/pdf")
        self.place.say(f"{day:%Y-%m-%d} 的值班表已生成，请打印后由值班人签名", "good")

    async def sign(self) -> None:
        done = (await call(make_checkpoint, MakeCheckpoint())).or_end()
        told = f"已签署，覆盖 {done} 条" if done else "没有待签署的事件"
        self.place.say(told, "good")
        await self.load()


def draw_event(view: EventView) -> None:
    """Draw an event: what it says in short, its text to the letter, its digests, its proof."""
    line = view.line
    head(f"第 {line.seq:,} 条")
    facts(
        {
            "时间": shanghai_text(line.at),
            "事件": f"{event_label(line.event)}（{line.event}）",
            "动作": act_label(line.act),
            "结果": RESULTS.get(line.result, line.result),
            "主体": "系统" if line.who == "system" else line.who,
            "角色": roles_label(line.role),
        },
        columns=1,
    )
    kind, _, number = line.object.partition(" ")
    _long("对象", f"{kind_label(kind)} {number}".strip())
    head("事件正文")
    _text(view.row.body)
    _long("摘要", view.row.hash)
    _long("前一摘要", view.row.prev)
    head("签名证明")
    if view.proof is None:
        empty("尚未签名，检查点每5分钟或每1000条签署一次")
    else:
        draw_proof(view.proof)


def draw_proof(proof: Proof) -> None:
    good, kept = proof.signature_good and proof.reaches_root, proof.checkpoint
    sentence = "本事件在检查点之内，签名有效" if good else "本事件与检查点不一致，请立即核验审计链"
    TextElement(tag="p", text=sentence).classes(f"sf-badge sf-{'good' if good else 'bad'}").style("margin: 6px 12px")
    covered = f"第 {kept.first:,} 至 {kept.last:,} 条"
    facts({"检查点": covered, "签署时间": shanghai_text(kept.at), "密钥": kept.key}, columns=1)
    _long("签名", kept.signature)
    head("检查点正文")
    _text(kept.statement)
    head(f"默克尔路径（{len(proof.path)} 级）")
    _text("\n".join(f"{_SIDES[side]} {digest}" for side, digest in proof.path) or "检查点只有本事件一条")
    with web.element("div").classes("sf-buttons sf-pad"):
        plain_button("复制检查点", lambda: web.clipboard.write(kept.statement), icon="content_copy")


def _long(label: str, value: str) -> None:
    with web.element("div").classes("sf-form").style("--columns: 1"):
        shown_field(label, value).style("overflow-wrap: anywhere; height: auto")


def _text(text: str) -> None:
    """A text to the letter, broken where the room ends."""
    TextElement(tag="pre", text=text).style(
        "margin: 6px 12px; padding: 8px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12px; "
        "background: var(--soft, rgba(128, 128, 128, .08)); border-radius: 4px"
    ).props("tabindex=0")


AUDIT = desk_module(Audit, "audit", "policy", "search")
