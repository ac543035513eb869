"""The lists people read: licences of every part, and the notices their licences ask for; made from the lock."""

from __future__ import annotations

from pathlib import Path

from deploy.supply.components import Component, carried, packages, product_version
from deploy.supply.licences import register, single_licences
from deploy.supply.locks import DEVELOPMENT, EXTRAS, PRODUCT, ROOT, Locked, read_lock

LICENCES = ROOT / "docs" / "security" / "licences.md"
NOTICE = ROOT / "NOTICE"


def licence_page() -> str:
    """The licence list of docs/security."""
    shipped = _by_line(PRODUCT, *EXTRAS)
    names = {part.name for part in shipped}
    tools = [part for part in _by_line(DEVELOPMENT) if part.name not in names]
    counts: dict[str, int] = {}
    for part in (*shipped, *carried()):
        for name in single_licences(part.licence):
            counts[name] = counts.get(name, 0) + 1
    lines = [
        "# 第三方组件与许可证",
        "",
        "由 `python -m deploy.supply.pages` 按锁定文件生成，请勿手改；检查见 `make gate`。组件的摘要与依赖见软件物料清单（`main.py sbom`）。",
        "",
        f"随产品分发 {len(shipped)} 个软件包、{len(carried())} 个字体、数据与浏览器端组件；开发与测试另用 {len(tools)} 个软件包，不随产品分发。",
        "",
        "## 许可证与条件",
        "",
        "| 许可证 | 组件数 | 使用条件 |",
        "|---|---|---|",
        *(f"| {name} | {counts[name]} | {_condition(name)} |" for name in sorted(counts)),
        "",
        "## 例外",
        "",
        "| 组件 | 许可证 | 理由 |",
        "|---|---|---|",
        *(f"| {name} | {one['licence']} | {one['why']} |" for name, one in register()["exceptions"].items()),
        "",
        "## 软件包",
        "",
        *_table(shipped),
        "",
        "## 字体、数据与浏览器端组件",
        "",
        "| 组件 | 版本 | 许可证 | 说明 |",
        "|---|---|---|---|",
        *(f"| {part.name} | {part.version or '随 nicegui'} | {part.licence} | {part.note} |" for part in carried()),
        "",
        "## 开发与测试用软件包",
        "",
        *_table(tools),
        "",
    ]
    return "\n".join(lines)


def notice() -> str:
    """Return the notices that must accompany the product."""
    asks = ("LGPL-3.0-only", "MPL-2.0", "BSD-2-Clause", "OFL-1.1", "Arphic-1999", "LicenseRef-Hanazono")
    lines = [f"申房 Shenfang {product_version()}", "", "本产品包含下列第三方组件，其许可证要求在分发时声明：", ""]
    for licence in asks:
        parts = [part for part in (*_by_line(PRODUCT, *EXTRAS), *carried()) if licence in single_licences(part.licence)]
        if parts:
            lines.append(f"{licence}（{_condition(licence)}）：")
            lines += [f"  {part.name} {part.version}".rstrip() for part in parts] + [""]
    for name, one in register()["exceptions"].items():
        lines += [f"{name}（{one['licence']}）：", f"  {one['why']}", ""]
    lines += ["全部组件与许可证见 docs/security/licences.md。", ""]
    return "\n".join(lines)


def _by_line(*locks: Path) -> list[Component]:
    """Every package of the locks once, those too whose condition does not hold on this machine."""
    here = {(part.name, part.version): part for path in locks for part in packages(path)}
    lines = {(line.name, line.version): line for path in locks for line in read_lock(path)}
    return [here.get(key) or _elsewhere(lines[key], here) for key in sorted(lines)]


def _elsewhere(line: Locked, here: dict[tuple[str, str], Component]) -> Component:
    if not line.marker:
        raise SystemExit(f"本机尚未安装 {line.name} {line.version}，清单不完整；请先执行 make tools")
    # Another version of the same package is under the same licence; anything else is settled by name.
    twin = next((part.licence for (name, _), part in here.items() if name == line.name), "")
    licence = twin or register()["named"].get(line.name, "")
    return Component(
        line.name, line.name, line.version, "library", licence, line.digests, (), f"仅在 {line.marker} 时安装"
    )


def _table(parts: list[Component]) -> list[str]:
    head = ["| 组件 | 版本 | 许可证 | 说明 |", "|---|---|---|---|"]
    return head + [f"| {part.name} | {part.version} | {part.licence} | {part.note} |" for part in parts]


def _condition(licence: str) -> str:
    return str(register()["conditions"].get(licence, "保留版权与许可声明"))


if __name__ == "__main__":
    LICENCES.parent.mkdir(parents=True, exist_ok=True)
    LICENCES.write_text(licence_page(), encoding="utf-8")
    NOTICE.write_text(notice(), encoding="utf-8")
