"""工程款曲线: output, payable and paid of a permit by month, beside its payments (row 71)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web

from models.records import RevisionState
from services.engine.cycle_orders import RevisionView
from services.progress.curves import payment_curve
from ui.records.beside import beside
from ui.records.record_page import RecordPage
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.chart import Chart, Series
from ui.shell.parts import head


@beside("engineering_payment")
def open_curve(page: RecordPage, view: RevisionView) -> None:
    """A payment has the curve of its permit."""
    if view.state is not RevisionState.DRAFT:
        page.place.command("支付曲线", partial(_show, page, view.record_id), icon="show_chart")


async def _show(page: RecordPage, record_id: UUID) -> None:
    with page.root:
        curve = (await call(payment_curve, record_id)).or_end()
        with web.dialog(value=True) as dialog, web.card().classes("sf-dialog").style("min-width: min(720px, 90vw)"):
            head(f"施工许可证{curve.permit}：累计产值、应付与实付（万元）")
            chart = Chart(f"{curve.permit}累计产值、应付与实付（万元）", height=300)
            names = {"累计产值": curve.output, "累计应付": curve.payable, "累计实付": curve.paid}
            chart.show(curve.months, [Series(name, [float(one) for one in values]) for name, values in names.items()])
            with web.element("div").classes("sf-buttons"):
                plain_button("关闭", dialog.close).props("autofocus")
        dialog.on("hide", dialog.delete)
