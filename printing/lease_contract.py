"""住房租赁合同 (D1, rows 7 and 9): the full text in the order the law lists its contents."""

import base64
from collections.abc import Iterator

from PIL import Image

from printing.cards import UnreadablePicture, on_white, picture
from printing.labelled import rows_of, write_list
from printing.lease_clauses import FEES, Article, articles
from printing.lease_parts import LeaseContract, Party, Signature
from printing.page import BODY, CLAUSE, Paper
from printing.table import ENTRY, LABEL, Cell, Row, field, form, pair, table
from printing.text import Align, filled

__all__ = ["LeaseContract", "render"]

AWAITING = "待备案"


def render(contract: LeaseContract) -> bytes:
    """The contract as PDF, complete: masking is for those who are no party, and done by the caller."""
    return laid_out(contract).pdf()


def laid_out(contract: LeaseContract) -> Paper:
    """The contract with everything in its place, not yet drawn."""
    paper = Paper(contract.TITLE, contract.issue, code_in_foot=True, number_label="合同编号")
    form(
        paper,
        [
            pair("合同编号", contract.contract_no, "示范文本版本", contract.template_version),
            pair("备案编号", contract.filing_no or AWAITING, "签约渠道", contract.channel),
        ],
    )
    paper.gap(8)
    paper.write(
        "根据民法典以及住房租赁管理的有关法律、法规，出租人与承租人在平等、自愿、公平和诚实信用的基础上，就住房租赁事宜协商一致，订立本合同。",
        CLAUSE,
    )
    write_parties(paper, contract)
    write_residents(paper, contract)
    write_house(paper, contract)
    write_rooms(paper, contract)
    for number, article in enumerate(articles(contract), 5):
        paper.heading(f"第{NUMERALS[number]}条　{article.title}")
        write_clauses(paper, article, contract)
    write_signatures(paper, contract)
    write_annexes(paper, contract)
    return paper


#: What a drawing of the signature pad begins with.
STROKE = "data:image/png;base64,"
NUMERALS = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"] + [f"十{n}" for n in "一二三四五六七八九"]


def write_clauses(paper: Paper, article: Article, contract: LeaseContract) -> None:
    """The paragraphs of an article, numbered when it has several, and the fees in their place."""
    number = 0
    for clause in article.clauses:
        if clause == [FEES]:
            if contract.fees:
                write_list(paper, contract.fees)
                paper.gap(6)
            else:
                # An application of the case library carries no fees.
                paper.write("各项费用的承担方式以双方签订的合同原件为准。", CLAUSE)
            continue
        number += 1
        paper.write([f"（{NUMERALS[number]}）" if len(article.clauses) > 1 else "", *clause], CLAUSE)


def write_parties(paper: Paper, contract: LeaseContract) -> None:
    paper.heading("第一条　当事人", follows=110)
    for label, parties in (("出租人", contract.lessors), ("承租人", contract.lessees)):
        for number, party in enumerate(parties, 1):
            order = f"（{number}）" if len(parties) > 1 else ""
            paper.keep(100)
            form(paper, list(party_rows(f"{label}{order}", party)))
            paper.gap(6)


def party_rows(label: str, party: Party) -> Iterator[Row]:
    yield pair(label, party.name, "联系电话", party.phone)
    yield pair("证件类型", party.id_kind, "证件号码", party.id_no)
    if party.legal_rep:
        yield pair("法定代表人", party.legal_rep, "国家（地区）", party.nationality or "—")
        yield field("住所／通讯地址", party.address)
    elif party.nationality:
        yield pair("国籍（地区）", party.nationality, "通讯地址", party.address)
    else:
        yield field("通讯地址", party.address)
    if party.agent:
        agent = party.agent
        yield pair("代理人", agent.name, "授权方式", agent.mandate)
        yield pair("代理人证件", agent.id_kind, "证件号码", agent.id_no)


def write_residents(paper: Paper, contract: LeaseContract) -> None:
    paper.heading("第二条　共同居住人", follows=70)
    if contract.residents:
        write_list(paper, contract.residents)
        paper.gap(5)
    else:
        paper.write("除承租人外，无其他共同居住人。", CLAUSE)
    rule = (
        contract.add_resident_rule or "承租人增加共同居住人的，应当事先征得出租人同意，并符合居住人数和人均面积的规定。"
    )
    paper.write(rule, CLAUSE)
    paper.write("增加共同居住人的，应当依法申报居住信息；备案内容因此变化的，按照规定办理变更。", CLAUSE)


def write_house(paper: Paper, contract: LeaseContract) -> None:
    house = contract.house
    paper.heading("第三条　房屋基本情况", follows=110)
    write_list(paper, [house])
    form(paper, rows_of(house))
    paper.gap(5)
    paper.write(
        "出租人已向承租人出示上述权属证明原件，并如实告知房屋的抵押等权利限制情况。房屋平面图见附件一。", CLAUSE
    )


def write_rooms(paper: Paper, contract: LeaseContract) -> None:
    paper.heading("第四条　出租房间、居住人数与设施", follows=70)
    if contract.rooms:
        write_list(paper, contract.rooms)
        paper.gap(5)
    paper.write(
        "共用部位及其使用条件见附件二；附属设施、设备清单见附件三。上述附件同时作为交付和返还时验收的依据。", CLAUSE
    )


def write_signatures(paper: Paper, contract: LeaseContract) -> None:
    number = 5 + len(articles(contract))
    paper.heading(f"第{NUMERALS[number]}条　签署", follows=130)
    paper.write("各方确认已阅读并理解本合同全部条款，自愿签署。", CLAUSE)
    rows: list[Row] = [
        (Cell(one.role, style=LABEL, shaded=True), Cell(one.name, style=LABEL), signed_cell(one))
        for one in contract.signatures
    ]
    table(paper, (0.178, 0.322, 0.5), rows)
    paper.gap(8)
    if contract.broker is None:
        paper.write("本合同由租赁当事人自行订立，未经经纪机构居间。", CLAUSE)
        return
    paper.keep(120)
    form(paper, [*rows_of(contract.broker), field("签名、盖章", "\n\n")])


def signed_cell(signature: Signature) -> Cell:
    """Return the drawn signature, or the page signed on paper and a line to sign; a blank where nothing is signed yet."""
    stroke = stroke_of(signature.stroke)
    told = [f"签署方式：{signature.way}", f"签署时间：{signature.time}"] if signature.way else []
    if signature.page:
        told.append(f"签字页：{signature.page}")
    if stroke is not None:
        return Cell("\n".join([*told, "签名：", "", ""]), drawing=stroke)
    day = "" if told else "日期：　　　　年　　月　　日"
    return Cell("\n".join([*told, "签名（盖章）：", "", day]))


def stroke_of(url: str) -> Image.Image | None:
    """Return the drawing of a signature pad; None where there is none that can be read."""
    try:
        return on_white(picture(base64.b64decode(url.removeprefix(STROKE), validate=True), "签名")).convert("L")
    except (ValueError, UnreadablePicture):
        return None


def write_annexes(paper: Paper, contract: LeaseContract) -> None:
    paper.turn()
    paper.heading("附件一　房屋平面图")
    space, words = "\n" * 7, "（当事人未提供房屋平面图；如需附图，粘贴于此并由双方签字）"
    table(paper, (1,), [[Cell(f"{space}{words}{space}", style=ENTRY.but(align=Align.CENTER))]])
    paper.gap(8)
    paper.heading("附件二　共用部位及其使用条件")
    paper.write("整套出租，无与他人共用的部位。", CLAUSE)
    paper.heading("附件三　附属设施、设备清单", follows=60)
    if contract.facilities:
        write_list(paper, contract.facilities, number=0.08)
    else:
        paper.write("无附属设施、设备。", CLAUSE)
    paper.gap(10)
    paper.keep(60)
    gap = filled("　　　　")
    day = filled("　　　　年　　月　　日")
    paper.write(["房屋及上述设施、设备于", day, "交付；交付人：", gap, "接收人：", gap], BODY.but(before=4))
