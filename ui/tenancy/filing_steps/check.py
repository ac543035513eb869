"""Step 6: would it pass? Every rule with its result, source and age; all reasons at once; nothing is written (row 6)."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.engine.findings import Finding, Item, Outcome, Result, Severity
from services.tenancy.counter_forms import Trial, try_at_counter
from services.tenancy.fact_sources import SourceAge, was_not_asked
from services.tenancy.rules.catalogue import BY_CODE
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.parts import badge, head, note, warning
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import as_of_text
from ui.tenancy.filing_form import Step

_WORDS = {
    Outcome.PASS: ("核验通过，可以由双方确认合同。", "good"),
    Outcome.PENDING: (
        "有数据来源暂时没有应答。可以继续办理，提交后系统会自动核验，既不会直接通过，也不会直接退回。",
        "info",
    ),
    Outcome.INTERCEPT: ("按现有信息会被系统拦截，请核对下列各项。", "warn"),
    Outcome.ROUTE: ("该业务应转其他渠道办理，见下列各项。", "warn"),
    Outcome.CORRECT: ("有需要补正的内容，请按下列各项处理。", "bad"),
    Outcome.REFUSE: ("按现有信息不能备案，原因如下。", "bad"),
}


#: Result of a rule that has nothing to look at.
NOT_APPLICABLE = Toned("不适用", "muted")
_PLACES = {Result.PASS: 1, NOT_APPLICABLE: 2}


class CheckStep(Step):
    key, title, primary = "check", "核验", "核验"

    async def draw(self) -> None:
        self.trial: Trial | None = None
        self.passed = False
        self.result = web.element("div").props("aria-live=polite")
        self.button = self.form.buttons("核验")
        await self.run()

    def focus(self) -> None:
        self.form.focus_in(".sf-reasons button", ".sf-next")

    async def act(self) -> None:
        """Run it, or go on when it was run and nothing has changed since."""
        if self.trial is None:
            await self.run()
            return
        outcome = self.trial.judgement.outcome
        if outcome not in {Outcome.PASS, Outcome.PENDING}:
            await confirm("核验没有通过。仍要由双方确认并提交的，系统会出具告知书。是否继续？", yes="继续")
        await self.form.turn(1)

    async def run(self) -> None:
        """Ask every source and judge by every rule."""
        reading = self.sheet.reading()
        self.result.clear()
        if not reading.clean:
            with self.result:
                head(f"还有{len(reading.findings)}处没有填好")
                draw_reasons(reading.findings, self.form.go_to_field)
            self.form.place.say(f"还有{len(reading.findings)}处没有填好，不能核验", "bad")
            return
        with self.result:
            note("正在向各数据来源核验……")
        answer = await call(try_at_counter, reading.form)
        self.result.clear()
        if not answer.ok:
            with self.result:
                warning(answer.message)
            return
        self.trial = answer.value
        with self.result:
            self._draw(answer.value)
        self.sheet.told = {finding.field: [finding] for finding in answer.value.judgement.stopping}
        self.button.text = "双方确认（F8）"
        self.form.name_primary("双方确认")
        self.focus()

    def _draw(self, trial: Trial) -> None:
        judgement = trial.judgement
        words, tone = _WORDS[judgement.outcome]
        with web.element("div").classes("sf-verdict").props("role=status"):
            TextElement(tag="strong", text=judgement.outcome.label).classes(f"sf-badge sf-{tone}")
            TextElement(tag="span", text=words)
        if judgement.outcome in {Outcome.PASS, Outcome.PENDING}:
            self.form.place.say(f"{words}按 F8 进入双方确认", "good" if judgement.outcome is Outcome.PASS else "info")
        else:
            self.form.place.say(words, "bad")
        stopping = judgement.stopping
        if stopping:
            head(f"未通过的原因（{len(stopping)}项）")
            draw_reasons(stopping, self.form.go_to_field)
        warnings = [finding for finding in judgement.findings if finding.severity is Severity.WARN]
        if warnings:
            head(f"提示（{len(warnings)}项，不影响办理）")
            draw_reasons(warnings, self.form.go_to_field)
        head("数据来源")
        self._draw_sources(trial.sources)
        head(f"全部核验项（{len(judgement.items)}项）")
        self._draw_items(trial)

    def _draw_sources(self, sources: Sequence[SourceAge]) -> None:
        now = self.form.place.desk.door.clock.now()
        with web.element("div").classes("sf-row"):
            for source in sources:
                words = "没有应答" if source.silent else as_of_text(source.at, now)
                text = f"{source.source}：{source.state} · {words} · {source.milliseconds}毫秒"
                badge(text, "warn" if source.silent else "muted")

    def _draw_items(self, trial: Trial) -> None:
        spent = {source.source: f"{source.milliseconds}毫秒" for source in trial.sources}
        # What stops comes first, what does not apply last.
        ordered = sorted(trial.judgement.items, key=lambda item: _PLACES.get(_result(item, spent), 0))
        Rows(
            (
                Column("code", "规则", width=60, value=lambda item: item.rule.code),
                Column("label", "核验内容", width=280, value=lambda item: item.rule.label),
                Column("result", "结果", width=80, value=lambda item: _result(item, spent)),
                Column("source", "数据来源", width=140, value=lambda item: item.rule.source),
                Column("ms", "用时", width=80, value=lambda item: spent.get(item.rule.source, "—")),
                Column("words", "说明", value=_found),
            ),
            label="全部核验项",
            lines=ordered,
            id_of=lambda item: item.rule.code,
        )


def _result(item: Item, asked: Collection[str]) -> Toned | Result:
    """Return the result of a rule; a rule whose source was not asked does not apply."""
    return NOT_APPLICABLE if item.result is Result.PASS and was_not_asked(item.rule.source, asked) else item.result


def _found(item: Item) -> str:
    return "；".join(dict.fromkeys(finding.message for finding in item.findings))


def draw_reasons(findings: Sequence[Finding], go: Callable[[str], object]) -> None:
    """Draw each reason with what helps; choosing it leads to its field."""
    with web.element("ul").classes("sf-reasons").props("aria-label=原因"):
        for finding in findings:
            with web.element("li"):
                badge(finding.severity)
                link = TextElement(tag="button", text=sentence_of(finding)).classes("sf-link").props("type=button")
                link.on("click", partial(go, finding.field))
                if helps := helps_with(finding):
                    TextElement(tag="small", text=helps)


def sentence_of(finding: Finding) -> str:
    return (
        f"{finding.message}（{finding.found}）"
        if finding.found and finding.found not in finding.message
        else finding.message
    )


def helps_with(finding: Finding) -> str:
    if finding.code == "FORM":
        return ""
    advice = BY_CODE[finding.code]
    parts = (
        f"需带：{advice.bring}" if advice.bring else "",
        f"办理：{advice.where}" if advice.where else "",
        f"依据：{advice.basis}" if advice.basis else "",
        f"规则 {finding.code}",
    )
    return "　".join(part for part in parts if part)
