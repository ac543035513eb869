"""The form of one person in three parts: who he is, what he does in the firm, his photo."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from nicegui.elements.mixins.text_element import TextElement

from models.identity import check_document, check_mobile
from models.normal import BadText, clean_name
from services.engine.findings import Finding
from services.engine.rule_fields import sentences_by_field
from services.practitioners.import_columns import DEGREES, ID_TYPES
from services.practitioners.orders import KNOWN, PersonData, duty_of
from services.practitioners.rules import ALL_RULES
from ui.practitioners.parts import PhotoField
from ui.shell.desk import desk
from ui.shell.fields import choice_field, date_field, flag_field, shown_field, text_field
from ui.shell.form import Form
from ui.shell.parts import head

ID_LABELS = {code: label for label, code in ID_TYPES.items()}
#: Rules whose sentence says more than that a field is to be filled in.
_ASKED = tuple(rule for rule in ALL_RULES if rule.code != "FORM")
_TAKEN = "证件号码不能改：号码不同即为另一人，请先注销原卡，再为该人员新办"


class PersonForm:
    """`person` fills it. With `fixed` name type and number stay those of the card that is changed."""

    def __init__(
        self, person: PersonData, portrait_id: UUID | None, *, fixed: bool, taken: Callable[[], object]
    ) -> None:
        self.person, self.fixed = person, fixed
        head("一、证件信息")
        with Form(columns=2) as self.identity:
            if fixed:
                shown_field("证件种类", ID_LABELS.get(person.id_type, person.id_type))
                shown_field("证件号码", person.id_no)
            else:
                self.identity.add(
                    choice_field("id_type", "证件种类", ID_LABELS, value=person.id_type or "11", required=True),
                    text_field("id_no", "证件号码", value=person.id_no, required=True, longest=40, read=self._number),
                )
            self.identity.add(
                text_field("name", "姓名", value=person.name, required=True, longest=60, read=clean_name),
                text_field("mobile", "手机号", value=person.mobile, required=True, longest=20, read=self._mobile),
            )
        if fixed:
            TextElement(tag="p", text=_TAKEN).classes("sf-note")
        head("二、从业信息")
        with Form(columns=2) as self.work:
            self.work.add(
                choice_field(
                    "post",
                    "岗位",
                    {post: post for post in KNOWN},
                    value=person.post,
                    required=True,
                    on_change=self._duty,
                ),
                text_field("store", "门店", value=person.store, longest=60),
                date_field("hired_on", "入职日期", value=person.hired_on, required=True, help="入职后30日内申办"),
                choice_field(
                    "education", "学历", {degree: degree for degree in DEGREES}, value=person.education, empty="未填写"
                ),
                date_field("contract_from", "劳动合同起", value=person.contract_from),
                date_field("contract_to", "劳动合同止", value=person.contract_to),
                text_field(
                    "qualification", "职业资格", value=person.qualification, longest=40, help="如房地产经纪人协理"
                ),
                text_field("qualification_no", "资格证书号", value=person.qualification_no, longest=40),
                flag_field("insured", "已缴社保", value=person.insured),
                text_field("note", "备注", value=person.note, longest=200),
            )
        fields = {**self.identity.fields, **self.work.fields}
        for name, sentences in sentences_by_field(_ASKED, fields.keys()).items():
            fields[name].says_rules(sentences)
        self.duty = TextElement(tag="p", text="").classes("sf-note").props("role=status")
        self._duty()
        head("三、照片")
        self.photo = PhotoField(portrait_id, taken)

    @property
    def changed(self) -> bool:
        return self.identity.changed or self.work.changed or self.photo.changed

    def keep(self) -> None:
        """All of it is saved."""
        self.identity.keep()
        self.work.keep()
        self.photo.keep()

    def read(self) -> PersonData | None:
        """The person as the form says, or None with each fault beside its field."""
        identity, work = self.identity.read(), self.work.read()
        if identity is None or work is None:
            return None
        return self._person({**identity, **work})

    def typed(self) -> PersonData:
        """The person as far as the form can be read, for a draft."""
        values: dict[str, Any] = {}
        for form in (self.identity, self.work):
            for key, field in form.fields.items():
                try:
                    values[key] = field.read()
                except BadText:
                    values[key] = None if key in _DAYS else str(field.value or "")
        return self._person(values)

    def _person(self, values: dict[str, Any]) -> PersonData:
        fixed = {"id_type": self.person.id_type, "id_no": self.person.id_no} if self.fixed else {}
        known = {key: value for key, value in {**values, **fixed}.items() if value is not None}
        return PersonData(**{"name": "", "id_type": "11", "id_no": "", **known})

    def mark(self, findings: tuple[Finding, ...]) -> list[Finding]:
        """Show findings beside their fields; gives those that belong to none."""
        rest = self.photo.mark(findings)
        # The form above last: of two that stop, the keyboard is left at its field.
        return self.identity.mark(self.work.mark(rest))

    def focus(self, key: str) -> None:
        self.identity.focus(key)
        self.work.focus(key)

    def focus_first(self) -> None:
        self.focus("name" if self.fixed else "id_no")

    def _number(self, text: str) -> str:
        kind = str(self.identity.fields["id_type"].value or "11")
        found = check_document(kind, text, today=desk().door.clock.today())
        if found.problem:
            raise BadText(found.problem.sentence)
        return found.normal or text

    def _mobile(self, text: str) -> str:
        kind = self.person.id_type if self.fixed else str(self.identity.fields["id_type"].value or "11")
        found = check_mobile(text, foreign=kind != "11")
        if found.problem:
            raise BadText(found.problem.sentence)
        return found.normal or text

    def _duty(self) -> None:
        if "post" in self.work.fields:
            post = str(self.work.fields["post"].value or "")
            self.duty.text = f"卡面从业类型：{duty_of(post)}" if post else ""


_DAYS = ("hired_on", "contract_from", "contract_to")
