"""拆间锁定, 房源委托, 限制发布主体: locked room plans, mandates and barred publishers (rows 27, 31)."""

from typing import Any

from models.verification_codes import PenaltyKind
from services.engine.listings import Line
from services.verification.listings import LOCKS, MANDATES, PENALTIES
from services.verification.mandates import RecordPenalty, record_penalty
from services.verification.split_locks import UnlockPlan, unlock_plan
from ui.shell.call import call
from ui.shell.fields import choice_field, date_field, reason_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.list_view import list_module
from ui.shell.parts import head, note


class Locks(ListDesk[Line]):
    """The bureau lifts the lock in hand with approved alteration papers."""

    listing = LOCKS
    part = "拆间信息"

    def begin(self) -> None:
        self.command(
            "解除锁定",
            self.unlock,
            icon="lock_open",
            key="f8",
            needs="请先选择一条已锁定的拆间信息",
            when=lambda line: self.place.may(unlock_plan, line),
        )

    async def unlock(self, line: Line) -> None:
        """Ask for the approval and the reason."""
        self.draw_over(lambda: self._form(line))

    def _form(self, line: Line) -> None:
        head("解除拆间锁定")
        note(f"{line.address}：{line.rooms}。解除后原方案留存，下一次按间核验通过时锁定新的方案。请勿填写个人信息。")
        with Form(columns=1) as form:
            form.add(
                text_field("reference", "改建批准文号", required=True, longest=60),
                reason_field("解除理由", least=4),
            )

        async def send(values: dict[str, Any]) -> None:
            await self.act(unlock_plan, UnlockPlan(line.id, values["reference"], values["reason"]), "已解除锁定")

        form.sends("解除锁定", send, mark="unlock-plan")


class Penalties(ListDesk[Line]):
    """The bureau records a penalty; three in two years bar its subject."""

    listing = PENALTIES
    part = "限制发布主体"

    def begin(self) -> None:
        if self.place.may(record_penalty):
            self.place.command("登记", self.record, icon="add", key="f2")

    async def record(self) -> None:
        self.draw_over(self._form)

    def _form(self) -> None:
        head("登记限制发布主体")
        with Form(columns=1) as form:
            form.add(
                text_field("subject_no", "信用代码或证件号码", required=True, longest=18),
                choice_field("kind", "类别", PenaltyKind.labels(), required=True),
                date_field("on_day", "决定日期", required=True),
                date_field("until", "整顿期止", help="停业整顿时填写"),
                text_field("reference", "文号", longest=60),
                reason_field("事由", least=4),
            )

        async def send(values: dict[str, Any]) -> None:
            order = RecordPenalty(
                values["subject_no"],
                PenaltyKind.of(values["kind"]),
                values["on_day"],
                values["reason"],
                values["until"],
                values["reference"] or "",
            )
            (await call(record_penalty, order)).or_end()
            await self.done("已登记")

        form.sends("登记", send, mark="record-penalty")


LOCK_LIST = desk_module(Locks, "split_locks", "lock", "listing")
MANDATE_LIST = list_module(MANDATES, "listing_mandates", "assignment_ind", "listing")
PENALTY_LIST = desk_module(Penalties, "publishing_penalties", "speaker_notes_off", "listing")
