"""密钥管理: which keys there are, when they end, how far a rotation has come, and whether the provider is well."""

from collections.abc import Awaitable, Callable

from nicegui import ui as web

from models.access import Role
from models.codes import Toned
from models.keys import KeyRotation
from services.engine.listings import Line
from services.keys.families import FAMILY_LABELS, PREPARED_FIRST, STATE_LABELS
from services.keys.life import Inventory, MoveKey, count_key, inventory, move_key
from services.keys.rotation import RotateKey, rotate_key
from services.ports.crypto import Health, KeyState
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.modules import Module
from ui.shell.parts import draw_key, empty, facts, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown

#: Families whose public key is given to every partner.
_OF_PARTNERS = {"sig.api", "enc.api"}
_MODES = {"local": "软件密码模块（未经认证）", "http": "密码服务"}


def days_text(days: int | None) -> str:
    """Return how long a key in use has left."""
    if days is None:
        return ""
    return Toned(f"已过期{-days}天", "bad") if days < 0 else f"{days}天"


class KeysPage:
    """Every key on the left; the key in hand, the provider and the rotations on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chosen = place.params.get("kid", "")
        self.known: Inventory | None = None
        self.rotating = place.command("轮换", self.rotate, icon="autorenew", key="f8", needs="请先选择一把在用的密钥")
        self.counting = place.command("清点使用", self.count, icon="tag", key="f6", needs="请先选择一把可以清点的密钥")
        place.command("刷新", self.load, icon="refresh", key="f3")
        with web.element("div").classes("sf-split"):
            self.keys = Rows(
                (
                    Column("family", "用途", width=150, show=lambda family: FAMILY_LABELS.get(family, family)),
                    Column("id", "密钥", width=110),
                    Column("state", "状态", width=80, show=lambda state: STATE_LABELS[state]),
                    Column("made_at", "生成时间", width=130),
                    Column("expires_at", "到期时间", width=130),
                    Column("days_left", "剩余", number=True, width=80, show=days_text),
                ),
                label="密钥",
                on_pick=lambda line: self.choose(line.id),
                on_enter=lambda line: self.choose(line.id),
                empty="密码服务没有返回密钥",
            )
            with web.element("section").props("aria-label=密钥详情"):
                self.detail = web.element("div")
                head("轮换记录")
                self.rotations = Rows(
                    (
                        Column("family", "用途", width=130, show=lambda family: FAMILY_LABELS.get(family, family)),
                        Column("change", "版本", width=60, value=_versions),
                        Column("stage", "进度", width=80),
                        Column("done", "改写数", number=True, width=80, value=_rewritten),
                        Column("prepared_at", "日期", width=100, show=lambda at: shown(at)[:10]),
                    ),
                    label="轮换记录",
                    empty="尚未轮换过密钥",
                )

    async def choose(self, kid: str) -> None:
        self.chosen = kid
        self.place.keep(kid=kid)
        self.draw()
        self.place.reveal(self.detail)

    def draw(self) -> None:
        """The provider's health, and the key in hand with what may be done with it."""
        self.detail.clear()
        if self.known is None:
            return
        with self.detail:
            head("密码服务")
            _draw_health(self.known.health)
            line = self.line
            self.rotating.enable(line is not None and "rotate" in line.ways)
            self.counting.enable(line is not None and "count" in line.ways)
            head(f"密钥 {line.id}" if line else "密钥")
            if line is None:
                empty("请在列表中选择一个密钥")
                return
            self._draw_key(line)

    def _draw_key(self, line: Line) -> None:
        facts(
            {
                "用途": FAMILY_LABELS.get(line.family, line.family),
                "状态": STATE_LABELS[line.state],
                "生成时间": line.made_at,
                "到期时间": line.expires_at,
                "使用数据": "未清点" if line.carried is None else f"{line.carried:,}项",
                "清点时间": line.counted_at,
            }
            | ({"环境标识": self.known.environment} if self.known and line.family in _OF_PARTNERS else {}),
            columns=1,
        )
        if line.public:
            draw_key(line.public)
        with web.element("div").classes("sf-buttons sf-pad"):
            if "compromised" in line.ways:
                plain_button("登记泄露", self._move(line, "compromised")).mark("compromise")
            if "destroyed" in line.ways:
                danger_button("销毁", self._move(line, "destroyed")).mark("destroy")
            if "count" in line.ways:
                plain_button("清点使用", self.count).mark("count")
            if "rotate" in line.ways:
                main_button("轮换此类密钥", self.rotate).mark("rotate")

    @property
    def line(self) -> Line | None:
        """The key in hand."""
        found: Line | None = self.keys.lines.get(self.chosen)
        return found

    async def load(self) -> None:
        """Ask for the keys and show them, with the rotations and the key in hand."""
        self.known = done = (await call(inventory)).or_end()
        self.keys.show(done.lines)
        self.chosen = self.chosen or next(iter(self.keys.lines), "")
        self.keys.table.choose(self.chosen)
        self.rotations.show(done.rotations)
        self.draw()

    async def rotate(self) -> None:
        """Order a new key for the family of the key in hand."""
        line = self.line
        if line is None or "rotate" not in line.ways:
            return
        reason = await ask_reason(
            "轮换后新数据使用新密钥，原有数据由后台逐批改写，期间业务照常办理。",
            summary={"用途": FAMILY_LABELS.get(line.family, line.family), "现用密钥": line.id},
        )
        (await call(rotate_key, RotateKey(line.family, reason))).or_end()
        prepared = line.family in PREPARED_FIRST
        self.place.say("已生成新密钥" + ("，后台稍后启用并改写数据" if prepared else "并启用"), "good")
        await self.load()

    async def count(self) -> None:
        """Count what still uses the key in hand."""
        line = self.line
        if line is None or "count" not in line.ways:
            return
        done = (await call(count_key, line.id)).or_end()
        self.place.say(f"{line.id}：{done:,}项数据使用该密钥", "good")
        await self.load()

    def _move(self, line: Line, state: KeyState) -> Callable[[], Awaitable[None]]:
        destroy = state == "destroyed"

        async def act() -> None:
            question = (
                "销毁后不能恢复，以该密钥加密的备份也将无法打开。"
                if destroy
                else "登记泄露后，该密钥的签名和校验不再被承认。"
            )
            summary = {"用途": FAMILY_LABELS.get(line.family, line.family), "密钥": line.id}
            if destroy:
                await confirm(question, summary=summary, yes="继续", danger=True, typed=line.id)
            reason = await ask_reason("请说明销毁的理由" if destroy else question, summary=summary, danger=True)
            answer = await call(move_key, MoveKey(line.id, state, reason))
            if answer.ok:
                self.place.say("已销毁" if destroy else "已登记", "good")
                await self.load()

        return act


def _versions(row: KeyRotation) -> str:
    return f"{row.old_kid.rpartition('.')[2]} → {row.new_kid.rpartition('.')[2]}"


def _rewritten(row: KeyRotation) -> str:
    return f"{row.rewritten:,}" + (f"，余{row.still_old:,}" if row.still_old else "")


def _draw_health(health: Health | None) -> None:
    if health is None:
        facts({"状态": "无应答：登录和涉及个人信息的业务暂停办理"}, columns=1)
        return
    facts(
        {
            "方式": _MODES.get(health.mode, health.mode),
            "签名用时": f"{health.latency_ms:.1f} 毫秒",
            "启动自检": f"通过（{shown(health.self_tested_at)}）",
            "连接": "正常" if health.breaker == "closed" else "暂停访问",
        },
        columns=1,
    )


async def build(place: Place) -> None:
    await KeysPage(place).load()


KEYS = Module("keys", "密钥管理", "key", "manage", frozenset({Role.SEC_ADMIN}), build)
