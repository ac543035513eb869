"""Holders of accounts: name, number and telephone, checked and sealed (market 2.6), never passed on (D05)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from models.access import Account
from models.identity import check_id_number, check_mobile
from models.normal import BadText, clean_name, normal_id_no
from models.sealed import Sealed
from services.engine.refusals import Conflict, Rejected
from services.engine.words import enough_words
from services.engine.work import Work


@dataclass(frozen=True)
class Holder:
    """A holder as typed; number or telephone are empty when unknown."""

    name: str
    id_no: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)


def check_holder(work: Work, holder: Holder, *, whole: bool) -> Holder:
    """The holder in normal form; with `whole` nothing may be missing. Raises `Rejected` with everything that is wrong."""
    wrong: list[str] = []
    name = _read(wrong, lambda: _name(holder.name))
    id_no = _read(wrong, lambda: _number(work, holder.id_no)) if whole or holder.id_no.strip() else ""
    mobile = _read(wrong, lambda: _telephone(holder.mobile)) if whole or holder.mobile.strip() else ""
    if wrong:
        raise Rejected("；".join(sentence.rstrip("。") for sentence in wrong))
    return Holder(name, id_no, mobile)


def put_holder(account: Account, holder: Holder) -> None:
    """Write a checked holder into a new account."""
    account.name = Sealed.of(holder.name)
    account.id_no = Sealed.of(holder.id_no) if holder.id_no else None
    account.mobile = Sealed.of(holder.mobile) if holder.mobile else None


def want_holder(account: Account, before: str) -> None:
    """Refuse what `before` names for a company's account without number or telephone, as making one is refused."""
    missing = [word for word, there in (("身份证号码", account.id_no), ("手机号", account.mobile)) if there is None]
    if missing:
        raise Rejected(f"该账号缺{'、'.join(missing)}，请先补录证件和手机，再{before}")


def complete_holder(work: Work, account: Account, id_no: str, mobile: str, act: str, reason: str) -> None:
    """A number that was missing, a telephone that changed; another person's number is refused, for he wants an account of his own."""
    reason = enough_words(reason, "修改原因")
    changed = []
    if id_no.strip():
        number = _number(work, id_no)
        if account.id_no is None:
            account.id_no = Sealed.of(number)
            changed.append("id_no")
        elif normal_id_no(account.id_no.plain) != number:
            raise Rejected("证件号码与登记的不一致：账号不能转给他人，请停用后为新的经办人另开账号")
    if mobile.strip():
        telephone = _telephone(mobile)
        if account.mobile is None or account.mobile.plain != telephone:
            account.mobile = Sealed.of(telephone)
            changed.append("mobile")
    if not changed:
        raise Conflict("没有需要修改的内容")
    work.add(account)
    detail = {"fields": ",".join(changed)}
    work.trail.tell("DATA.UPDATE", act, about=account, reason=reason[:60], detail=detail)


def _read(wrong: list[str], read: Callable[[], str]) -> str:
    try:
        return read()
    except Rejected as problem:
        wrong.append(problem.message)
        return ""


def _name(text: str) -> str:
    try:
        found = clean_name(text, 40)
    except BadText as problem:
        raise Rejected(problem.sentence) from problem
    if len(found) < 2:
        raise Rejected("请填写本人姓名（2至40个字）")
    return found


def _number(work: Work, text: str) -> str:
    found = check_id_number(text, today=work.today)
    if found.normal is None or found.problem is not None:
        raise Rejected(found.problem.sentence if found.problem else "证件号码不正确，请按证件原样填写。")
    return found.normal


def _telephone(text: str) -> str:
    found = check_mobile(text)
    if found.normal is None or found.problem is not None:
        raise Rejected(found.problem.sentence if found.problem else "手机号码不正确，请核对。")
    return found.normal
