"""Acts of partners' systems on codes they obtained, and the answers they get (rows 26, 32)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from models.access import Role
from models.codes import Code
from models.verification_codes import ShelfState, UncodedType, VerificationState
from services.engine.registry import action
from services.engine.work import Work
from services.partners.wire_fields import Money, Reason, WireModel
from services.verification.orders import Answered, OfCode, PublishHome
from services.verification.partner_orders import CodeNo, ItemAnswer
from services.verification.shelf import cancel_code, maintain_home, publish_home, take_off_home


class WhatToDo(Code):
    MAINTAIN = "MAINTAIN", "维护"
    TAKE_OFF = "TAKE_OFF", "下架"
    CANCEL = "CANCEL", "撤码"


@dataclass(frozen=True, kw_only=True)
class PublishCode:
    """A listing is published under a code, or under the type of a home that gets none."""

    code_no: Annotated[CodeNo | None, Field(title="核验码", description="没有核验码的房源类型不填")] = None
    rent: Annotated[Money, Field(title="发布租金")]
    area: Annotated[Money | None, Field(title="发布面积", description="平方米，两位小数")] = None
    address_public: Annotated[str, Field(title="对外地址", max_length=120, description="不含室号")] = ""
    home_type: Annotated[UncodedType | None, Field(title="房源类型", description="没有核验码的房源必填")] = None


@dataclass(frozen=True)
class CodeAct:
    """An act on a code."""

    code_no: Annotated[CodeNo, Field(title="核验码")]
    what: Annotated[WhatToDo, Field(title="事项")]
    reason: Annotated[str, Field(title="原因", max_length=100)] = ""


_PARTNERS = {Role.PARTNER}


@action("verification.partner_publish", "接口发布房源", roles=_PARTNERS)
def publish_code(work: Work, order: PublishCode) -> Answered:
    """Publish a listing under the caller's own code, or without one under its type."""
    area: Decimal | None = order.area
    return publish_home(
        work,
        PublishHome(order.code_no or "", order.rent, area, order.address_public, home_type=order.home_type),
    )


@action("verification.partner_act", "接口维护、下架和撤码", roles=_PARTNERS)
def act_on_code(work: Work, order: CodeAct) -> Answered:
    """Keep up, take off or cancel the caller's own code."""
    acts = {WhatToDo.MAINTAIN: maintain_home, WhatToDo.TAKE_OFF: take_off_home, WhatToDo.CANCEL: cancel_code}
    return acts[order.what](work, OfCode(order.code_no, reason=order.reason))


class Taken(WireModel):
    """Answer to a home of a message."""

    accepted: bool = Field(title="已受理")
    request_no: str = Field(title="请求编号", max_length=64)
    code_no: str | None = Field(None, title="核验码", max_length=18, description="待生效，核验通过后生效")
    state: VerificationState | None = Field(None, title="核验状态")
    reasons: list[Reason] = Field(title="不予受理的原因")


class Acted(WireModel):
    """Answer to an act on a code. A warning leaves `accepted` true."""

    accepted: bool = Field(title="已办理")
    shelf: ShelfState = Field(title="上架状态")
    reasons: list[Reason] = Field(title="原因，或提示")


def _reason(code: str, message: str, field: str = "", severity: str = "REFUSE") -> dict[str, str]:
    return {"code": code, "severity": severity, "field": field, "message": message}


def item_reply(answer: ItemAnswer) -> dict[str, Any]:
    """The answer to a home of a message as plain JSON."""
    body: dict[str, Any] = {"accepted": answer.accepted, "request_no": answer.number}
    if answer.accepted:
        body |= {"code_no": answer.code_no, "state": answer.state}
    body["reasons"] = [_reason(one.code, one.message, one.field, one.severity.value) for one in answer.reasons]
    return body


def acted(answer: Answered) -> dict[str, Any]:
    """The answer to an act as plain JSON."""
    passed = answer.verdict == "pass"
    severity = "WARN" if passed else "REFUSE"
    reasons = [_reason(code, str(answer.facts.get(code, "")), severity=severity) for code in answer.codes]
    return {"accepted": passed, "shelf": answer.shelf or ShelfState.NONE.value, "reasons": reasons}
