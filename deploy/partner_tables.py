"""The handbook's pages that follow from the contracts: endpoints, their fields, and sample messages (`docs/partners/`)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from models.codes import Code
from models.partners import PartnerKind
from services.engine.findings import Rule, Severity

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "partners"
SAMPLES = ROOT / "tests" / "partner" / "samples"
_KINDS = {"string": "文本", "integer": "整数", "number": "数", "boolean": "真/假", "object": "对象", "array": "数组"}
_FORMATS = {"date": "日期", "date-time": "时刻"}


def rows(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """The fields of a message as rows of a table, those of what it is made of below them.

    A name is the whole way to the field, `items[].bill_no`.
    """
    shapes = model.model_json_schema(by_alias=True)["properties"]
    for name, field in model.model_fields.items():
        wire = field.alias or name
        shape = _plain_shape(shapes[wire])
        inner, many, codes = _made_of(field)
        whole, needed = f"{before}{wire}", "是" if field.is_required() else "否"
        kind, told = _kind(shape, inner, many, codes), _told(field, shape, codes)
        yield f"| `{whole}` | {field.title or ''} | {kind} | {needed} | {told} |\n"
        if inner is not None:
            yield from rows(inner, f"{whole}[]." if many else f"{whole}.")


def table(model: type[BaseModel]) -> str:
    """The field table of a message."""
    return "| 字段 | 名称 | 类型 | 必填 | 说明 |\n|---|---|---|---|---|\n" + "".join(rows(model))


def _made_of(field: FieldInfo) -> tuple[type[BaseModel] | None, bool, type[Code] | None]:
    """Return what a field holds: a model, whether several, a dictionary's codes."""
    many = False
    waiting = [field.annotation]
    while waiting:
        kind = waiting.pop()
        origin = get_origin(kind)
        if origin in (list, tuple):
            many = True
        if origin in (list, tuple, Union, UnionType) or hasattr(kind, "__metadata__"):
            waiting += [part for part in get_args(kind) if part not in (type(None), Ellipsis)]
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind, many, None
        elif isinstance(kind, type) and issubclass(kind, Code):
            return None, many, kind
    return None, many, None


def _plain_shape(shape: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without the choice of leaving it out."""
    choices = [one for one in shape.get("anyOf", ()) if one.get("type") != "null"]
    return {**shape, **choices[0]} if len(choices) == 1 else shape


def _kind(shape: dict[str, Any], inner: type[BaseModel] | None, many: bool, codes: type[Code] | None) -> str:
    if many:
        return "对象数组" if inner is not None else "数组"
    if inner is not None:
        return "对象"
    if codes is not None or "enum" in shape or "const" in shape:
        return "代码"
    if shape.get("format") in _FORMATS:
        return _FORMATS[shape["format"]]
    if "12}" in shape.get("pattern", ""):
        return "金额"
    return _KINDS.get(shape.get("type", ""), "文本")


def _told(field: FieldInfo, shape: dict[str, Any], codes: type[Code] | None) -> str:
    parts = [field.description or ""]
    if codes is not None:
        chosen = [code for code in codes if code.value]
        parts.append("、".join(f"`{code.value}` {code.label}" for code in chosen))
    elif "enum" in shape or "const" in shape:
        parts.append("、".join(f"`{value}`" for value in shape.get("enum", [shape.get("const")])))
    low, high = shape.get("minLength"), shape.get("maxLength")
    if high is not None:
        parts.append(
            f"{low}–{high} 个字符" if low and low != high else f"{high} 个字符" if low else f"不超过 {high} 个字符"
        )
    low, high = shape.get("minItems"), shape.get("maxItems")
    if high is not None:
        parts.append(f"{low or 0}–{high} 项")
    low, high = shape.get("minimum"), shape.get("maximum")
    if low is not None or high is not None:
        parts.append(f"{'' if low is None else low}–{'' if high is None else high}")
    if shape.get("pattern", "").endswith("-(0[1-9]|1[0-2])$"):
        parts.append("如 `2026-11`")
    elif "pattern" in shape and shape.get("format") is None and _kind(shape, None, False, codes) != "金额":
        parts.append(f"格式 `{shape['pattern']}`".replace("|", "\\|"))
    return "；".join(part.strip("。") for part in parts if part)


#: Which of several simulated partners of a system sends a sample.
SENDERS = {
    "provident_fund": "gjj-center",
    "rental_company": "qy-huyu",
    "broker_association": "broker-assoc",
    "district_platform": "district-310115",
    "listing_platform": "pt-zhaofang",
    "citizen_portal": "ywtb-portal",
    "civil_affairs": "mz-shequ",
}


@dataclass(frozen=True)
class Sample:
    """A sample message: `situation` is its file's name, `told` the sentence in the handbook."""

    system: str
    situation: str
    path: str
    told: str
    message: dict[str, Any]
    answer: dict[str, Any] | None = None
    code: str = "0"
    #: Ways to values of the answer that another day or another order of calls makes others, `items[].case_no`.
    varies: tuple[str, ...] = ()


def samples() -> list[Sample]:
    """Every sample, as its file has it."""
    found = sorted(SAMPLES.glob("*/*.json"))
    return [Sample(path.parent.name, path.stem, **json.loads(path.read_text(encoding="utf-8"))) for path in found]


def shown(sample: Sample) -> str:
    """A sample as the handbook prints it."""
    text = f"**{sample.told}**（`{sample.situation}`）\n\n```json\n{_json(sample.message)}\n```\n\n"
    if sample.code != "0":
        return text + f"答复：错误 `{sample.code}`\n\n"
    if sample.answer is not None:
        text += f"答复 `data`：\n\n```json\n{_json(sample.answer)}\n```\n\n"
        if sample.varies:
            text += f"其中 {'、'.join(f'`{one}`' for one in sample.varies)} 由系统给出，每次可能不同。\n\n"
    return text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def endpoints_page() -> str:
    """`endpoints.md`: what partners call."""
    import integrations.endpoints  # noqa: F401
    from integrations.wire.exchange.relay import relays

    told = samples()
    text = (
        "# 接口\n\n本页由 `deploy/partner_tables.py` 从接口契约生成，请勿手改。"
        "所有接口都是 `POST`，路径前加 `/api/v1`。\n\n"
        "每一条样例都可以原样发到[沙箱](sandbox.md)，任何一天、任何次序、发几次（每次用新的幂等键），答复都与这里相同；"
        "样例里的人、房屋、编号见[测试数据](test-data.md)。\n\n| 路径 | 名称 | 权限 | 信封 | 幂等键 |\n|---|---|---|---|---|\n"
    )
    for one in relays():
        link = f"[{one.label}](#{_anchor(one.path)})"
        text += f"| `{one.path}` | {link} | {f'`{one.right}`' if one.right else '不用'} | {_must(one.encrypted)} | {_must(one.changes)} |\n"
    for one in relays():
        text += (
            f'\n<a id="{_anchor(one.path)}"></a>\n\n## {one.label}\n\n`POST /api/v1{one.path}`{_sender(one.sender)}\n\n'
        )
        text += table(one.message) + "\n"
        text += f"应答 `data`：\n\n{table(one.answer)}\n"
        text += "".join(shown(sample) for sample in told if sample.path == one.path)
    return text.rstrip() + "\n"


def pushes_page() -> str:
    """`pushes.md`: what we call at partners."""
    import services.everything  # noqa: F401
    from services.operations.systems import LABELS
    from services.partners.outgoing import passages

    told = samples()
    text = (
        "# 推送\n\n本页由 `deploy/partner_tables.py` 从接口契约生成，请勿手改。"
        "您在登记的接口基址下提供这些接口，都是 `POST`，都用信封，都带幂等键；签名、信封、应答的规则与您调用我们时相同，角色互换。\n\n"
        "应答 `data` 至少有 `accepted`；为 `false` 时在 `reasons` 里说明原因。"
        "收到即答复，不要等到内部办完；同一幂等键再次收到时答复相同，不再办理。"
        "没有值的选填字段为 `null` 或不出现，没有内容的文本字段为空字符串。\n"
    )
    for system, label in LABELS.items():
        text += f"\n## {label}\n"
        for one in passages():
            if one.system == system:
                text += f"\n### {one.label}\n\n`POST {{您的基址}}{one.path}`\n\n{table(one.message)}\n"
                text += "".join(
                    shown(sample) for sample in told if (sample.system, sample.path) == (f"{system}_pushed", one.path)
                )
    text += '\n# 线路测试\n\n`POST {您的基址}/ping`：系统管理员在页面上测试线路时调用，答复 `code` 为 `"0"` 即可。\n'
    return text


#: What each severity asks of a partner; the handbook's table of severities.
SEVERITIES = {
    Severity.REFUSE: "情况改变后换新的幂等键再报",
    Severity.CORRECT: "改正后再报：报送次数（`attempt`）加一，换新的幂等键",
    Severity.ROUTE: "不经这个渠道办理，请当事人按 `message` 到所说的渠道办理；不必再报",
    Severity.INTERCEPT: "请当事人带材料到窗口说明，由人工处理；原样再报结果相同",
    Severity.PENDING: "有来源没有应答，我们继续核验；等待推送结果，不必再报",
    Severity.WARN: "不影响办理，无需处理",
}
#: Reasons given where something is taken in and not by a rule of a catalogue.
_TOLD_AT_INTAKE = (
    ("FORM", Severity.CORRECT, "报送件逐个字段检查", "缺少、格式不对、过长或多余的字段", "按 `field` 改正"),
    ("G08", Severity.WARN, "支付金额与账单一致", "见 `message`", "核对该笔支付"),
    (
        "G11",
        Severity.REFUSE,
        "编号有对应的记录，且不用于其他内容",
        "编号已用于其他内容，或没有对应的账单、终止申请",
        "核对编号；换编号再报",
    ),
    ("NOT_YOURS", Severity.REFUSE, "核验码由本单位取得", "该核验码不是由您取得的", "只能办理本系统取得的核验码"),
    ("DUPLICATE", Severity.REFUSE, "一次报送中每套房源只有一件", "同一次报送中该房源重复", "只报一件"),
    ("M01", Severity.REFUSE, "受理中心编码有效", "没有该编码的社区事务受理服务中心", "核对受理中心编码；换幂等键再报"),
    ("M02", Severity.WARN, "原办件存在且申请人是其当事人", "没有找到原办件", "不影响接收，由中心办理网签备案"),
    ("M03", Severity.REFUSE, "受理编号有对应的办件", "没有该受理编号的办件", "核对受理编号"),
    ("M04", Severity.REFUSE, "撤回时办件尚未办结", "该办件已办结，不能撤回", "告知申请人结果；需要注销的到中心办理"),
    ("M05", Severity.REFUSE, "强制核验同意", "未同意的书面理由，见 `message`", "把理由转告申请人"),
    ("I01", Severity.PENDING, "本件能够办理", "暂时没有处理", "用原编号、新的幂等键重报"),
    ("I03", Severity.PENDING, "本件没有正在办理", "本件正在处理", "稍后重报"),
)


def reasons_page() -> str:
    """`reasons.md`: every reason a filing, a cancellation or a message about payment may be refused for."""
    import services.everything  # noqa: F401
    from services.broker_pushes.rules import PUSH_RULES
    from services.check_ins.rules import STAY_RULES
    from services.direct_pay.rules import CATALOGUE
    from services.tenancy.rules.catalogue import CANCEL_RULES, FILING_RULES
    from services.verification.rules import CATALOGUE as VERIFICATION

    text = (
        "# 原因代码\n\n本页由 `deploy/partner_tables.py` 从规则目录生成，请勿手改。"
        "`reasons` 里的 `message` 是给人看的一句话，可能比这里更具体；请按 `code` 和 `severity` 处理。"
        "从业人员的（K）见[信息卡](cards.md#原因代码)，退租的见[错误](errors.md#业务上不予受理)。\n\n"
        "## 处理（severity）\n\n没有 `severity` 的原因按 `REFUSE` 处理。一项规则平时按表中所列处理，来源没有应答时为 `PENDING`。\n\n"
        "| `severity` | 含义 | 怎么办 |\n|---|---|---|\n"
    )
    text += "".join(f"| `{one.value}` | {one.label} | {SEVERITIES[one]} |\n" for one in Severity)
    groups: tuple[tuple[str, tuple[Rule[Any], ...]], ...] = (
        ("备案核验（P 人员、H 房屋、O 居住、T 条款、F 备案）", FILING_RULES),
        ("注销核验", CANCEL_RULES),
        ("经纪行业协会报送", PUSH_RULES),
        ("入住即备案", STAY_RULES),
        ("公积金直付", CATALOGUE.rules()),
        ("房源核验与发布（V；房屋的 H、拆间的 O 见上）", VERIFICATION.rules()),
    )
    for label, rules in groups:
        told = ((one.code, one.severity, one.label, one.message, _what_to_do(one)) for one in rules)
        text += _reasons(label, told)
    return text + _reasons("接收时", _TOLD_AT_INTAKE)


def _reasons(label: str, told: Iterable[tuple[str, Severity, str, str, str]]) -> str:
    head = f"\n## {label}\n\n| 代码 | 应当 | `severity` | 含义 | 怎么办 |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| {code} | {should} | `{severity.value}` | {message} | {todo} |\n"
        for code, severity, should, message, todo in told
    )


def _what_to_do(rule: Rule[Any]) -> str:
    """The way out that a rule's catalogue names, or what its severity asks."""
    bring, where = rule.bring and f"备齐{rule.bring}", rule.where and f"由{rule.where}办理"
    way = "，".join(part for part in (bring, where) if part)
    return way or ("无需处理" if rule.severity is Severity.WARN else f"核对{rule.source}，{SEVERITIES[rule.severity]}")


def test_data_page() -> str:
    """`test-data.md`: what the sandbox holds for the samples."""
    from deploy.demo.tables import cells_of
    from deploy.sandbox.test_data import CARDS, LEASES, SANDBOX_DAY, earlier_homes, earlier_messages

    text = (
        "# 测试数据\n\n本页由 `deploy/partner_tables.py` 从沙箱装载的文件生成，请勿手改。人名、证件号码、房屋均为虚构。\n\n"
        f"沙箱的业务日期固定为 {SANDBOX_DAY:%Y-%m-%d}，不随日历变化；请求头里的时间戳仍用真实时间。"
        "样例改变的只是沙箱自己的数据，删除沙箱目录重新启动即恢复。\n\n## 企业与账户\n\n"
        "| 企业 | 统一社会信用代码 | 说明 |\n|---|---|---|\n"
        "| 沪寓公寓管理有限公司 | `91310115MA1K000016` | 直付试点，账户 `31050161364000000116`；密钥 `E-1-VALID-1`；"
        "从业信息卡 `沪租赁2024000104`；项目 `XM3101150001`（房号 `0101` 至 `1012`） |\n"
        "| 安居经纪有限公司 | `91310104MA7A000029` | 协会会员；从业信息卡 `沪经纪2024000101` |\n\n"
        "## 租约\n\n出租人均为沪寓公寓管理有限公司，整租。\n\n"
        "| 备案编号 | 合同编号 | 承租人 | 证件号码 | 租期 | 月租金 | 说明 |\n|---|---|---|---|---|---|---|\n"
    )
    for one in cells_of(LEASES):
        term = f"{one['start']} 至 {one['end']}"
        numbers = f"`{one['filing_no']}` | `{one['contract_no']}` | {one['tenant']} | `{one['tenant_no']}`"
        text += f"| {numbers} | {term} | {one['rent']} | {one['told']} |\n"
    text += "\n## 信息卡\n\n均属安居经纪有限公司。\n\n| 卡号 | 姓名 | 证件号码 | 说明 |\n|---|---|---|---|\n"
    told = earlier_messages()
    for sent in told:
        what = sent["told"].partition("：")[2]
        for person in sent["message"].get("items", ()):
            text += f"| `{CARDS[person['name']]}` | {person['name']} | `{person['id_no']}` | {what} |\n"
    text += "\n## 房源\n\n" + _homes_table(earlier_homes())
    told += [sent for sent in earlier_homes() if "items" not in sent["message"]]
    text += "\n## 对接方此前已报送的\n\n| 对接方 | 接口 | 内容 |\n|---|---|---|\n"
    text += "".join(f"| `{sent['app_id']}` | `{sent['path']}` | {sent['told']} |\n" for sent in told)
    return text


def _homes_table(sent: list[dict[str, Any]]) -> str:
    """Homes that were verified earlier, then those the samples ask for anew."""
    asked = [
        (one["app_id"], item, one["told"].partition("：")[2])
        for one in sent
        for item in one["message"].get("items", ())
    ]
    known = {item["cert_no"] for _, item, _ in asked}
    for sample in samples():
        if sample.path.endswith("/verifications") and sample.code == "0":
            new = (item for item in sample.message["items"] if item["cert_no"] not in known)
            asked += [(SENDERS[sample.system], item, "没有核验过，供报送") for item in new]
    text = "| 请求编号 | 对接方 | 权属证明编号 | 权利人 | 证件号码 | 说明 |\n|---|---|---|---|---|---|\n"
    for app_id, item, what in asked:
        text += f"| `{item['request_no']}` | `{app_id}` | `{item['cert_no']}` | {item['owner_name']} | `{item['owner_id']}` | {what} |\n"
    return text


def _sender(kind: PartnerKind | None) -> str:
    from services.partners.partner_cache import SYSTEMS

    return f"，沙箱里由 `{SENDERS[SYSTEMS[kind]]}` 发送" if kind else ""


def _anchor(path: str) -> str:
    return path.strip("/").replace("/", "-")


def _must(needed: bool) -> str:
    return "必须" if needed else "不用"


def pages() -> dict[Path, str]:
    """Every generated page."""
    return {
        PAGES / "endpoints.md": endpoints_page(),
        PAGES / "pushes.md": pushes_page(),
        PAGES / "reasons.md": reasons_page(),
        PAGES / "test-data.md": test_data_page(),
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description="从接口契约生成对接手册的字段表。")
    parser.add_argument("--check", action="store_true", help="只检查是否最新")
    only_check = parser.parse_args(argv).check
    old = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if not only_check:
        for path in old:
            path.write_text(pages()[path], encoding="utf-8")
    for path in old:
        print(f"{path.relative_to(ROOT)} {'不是最新' if only_check else '已更新'}")
    return 1 if old and only_check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
