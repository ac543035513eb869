"""Handbooks of an export: that a project had a version, and when (issue 17)."""

import json

from models.handbooks import Handbook, HandbookCause
from models.land_codes import ProjectStage
from models.sealing import sm3_hex
from services.engine.past_records import PastRecords
from services.legacy.market_export import Export, Line, moment_of

_CAUSES = {"AUTO_COMPILE": HandbookCause.COMPILED, "AUTO_UPDATE": HandbookCause.CHANGED}


def handbook(export: Export, line: Line, into: PastRecords) -> None:
    """Store a version as the export has it; its chapters were never in our form."""
    project = export.one("projects", line["project_id"]) or {}
    same = export.of("handbooks", "project_id", line["project_id"])
    cover = {"project": project.get("name", ""), "record_no": "", "company": "", "head": "", "district": ""}
    text = json.dumps({"cover": cover, "chapters": {}}, ensure_ascii=False, sort_keys=True).encode()
    own = export.id(line["id"])
    into.row(
        Handbook,
        id=own,
        project_id=export.id(line["project_id"]),
        major=1,
        minor=int(line["version_no"]) - 1,
        latest=line["id"] == max(same, key=lambda one: int(one["version_no"]))["id"],
        cause=_CAUSES.get(line["cause"], HandbookCause.WRITTEN),
        stage=ProjectStage.LAND,
        digest=sm3_hex(text),
        content=into.work.sealer.seal_file(text, str(own)),
        compiled_at=moment_of(line["effective_from"]),
        **{key: value for key, value in export.owners[line["project_id"]].keys.items() if key != "project_id"},
    )
