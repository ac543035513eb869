"""The matrix and the signed access list as data for an assessor: no names, no logins, nothing that is a person's."""

import json
from dataclasses import dataclass
from typing import Any

from models.access import Role
from models.sealing import sm3_hex
from services.access.access_list_signature import check_list
from services.access.matrix import KIND_LABELS, matrix, matrix_digest
from services.engine.door import Door, Gathering
from services.engine.registry import action
from services.engine.sheets import write_xlsx
from services.engine.work import Work


def matrix_rows() -> list[tuple[str, ...]]:
    """The matrix as rows of a sheet, its headings first."""
    head = ("岗位代码", "岗位", "类别", "功能代码", "功能", "数据范围")
    return [
        head,
        *(
            (str(line.role), line.role.label, KIND_LABELS[line.kind], line.name, line.label, "/".join(line.scopes))
            for line in matrix()
        ),
    ]


@dataclass(frozen=True)
class MatrixFile:
    """The matrix as a workbook, and its digest from the signed access list."""

    content: bytes
    lines: int
    digest: str


def _workbook(gathering: Gathering, order: None) -> MatrixFile:
    head, *rows = matrix_rows()
    return MatrixFile(write_xlsx("权限矩阵", head, rows), len(rows), matrix_digest())


@action(
    "access.export_matrix",
    "导出权限矩阵",
    roles={Role.SEC_ADMIN, Role.AUDITOR},
    gather=_workbook,
    event="AUDIT.EXPORT",
)
def export_matrix(work: Work, order: None, file: MatrixFile) -> MatrixFile:
    """Export the matrix as a workbook and log it; it names roles and functions, no persons."""
    work.trail.tell(
        "AUDIT.EXPORT",
        "access.export_matrix",
        kind="access_list",
        detail={"lines": file.lines, "matrix_sm3": file.digest},
        digest=sm3_hex(file.content),
    )
    return file


def access_export(door: Door) -> dict[str, Any]:
    """Return the matrix with its digest, every entry, and the newest signature over both."""
    checked = check_list(door)
    newest = checked.newest
    return {
        "matrix": [
            {
                "role": str(line.role),
                "role_label": line.role.label,
                "kind": line.kind,
                "name": line.name,
                "label": line.label,
                "scopes": list(line.scopes),
            }
            for line in matrix()
        ],
        "matrix_sm3": matrix_digest(),
        "entries": {key: json.loads(entry) for key, entry in sorted(checked.entries.items())},
        "list": None
        if newest is None
        else {
            "body": newest.body,
            "sm3": newest.digest,
            "signature": newest.signature,
            "kid": newest.signature_key,
            "public_key": door.house.crypto.public_key(newest.signature_key),
        },
        "problems": [{"code": problem.code, "object": problem.key} for problem in checked.problems],
    }
