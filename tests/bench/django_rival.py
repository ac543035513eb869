"""The same workbook through django-import-export with the same checks of fields, committed to SQLite (a rival's figure).

Run by `tests.bench.imports` as a process of its own, with the rival's packages in front of ours.
"""

import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import django  # type: ignore[import-not-found]
import tablib  # type: ignore[import-not-found]
from django.conf import settings  # type: ignore[import-not-found]

SOURCE, STORE = Path(sys.argv[1]), sys.argv[2]
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": STORE}},
    INSTALLED_APPS=["django.contrib.contenttypes", "import_export"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.core.exceptions import ValidationError  # type: ignore # noqa: E402
from django.db import connection, models  # type: ignore # noqa: E402
from import_export import fields, resources  # type: ignore # noqa: E402

from services.engine.clock import SHANGHAI  # noqa: E402
from services.imports.sheets import Cell, ImportedRow, Says  # noqa: E402
from services.practitioners.import_columns import SHEET, checks_of  # noqa: E402
from services.practitioners.registry import FromFiles  # noqa: E402

LABELS = [column.label for column in SHEET.columns]
CHECKS = checks_of(FromFiles(), datetime.now(SHANGHAI).date())


class Person(models.Model):  # type: ignore[misc]
    """A row as read, in clear, one column for each of ours; the number is looked up as ours is."""

    for place in range(len(LABELS)):
        locals()[f"c{place}"] = models.CharField(max_length=200, blank=True, db_index=LABELS[place] == "证件号码")
    del place

    class Meta:
        app_label = "rival"


class People(resources.ModelResource):  # type: ignore[misc]
    """Checks each row by the readers of our columns and our check of a row."""

    class Meta:
        model = Person
        use_bulk = True
        batch_size = 200
        skip_diff = True
        report_skipped = False
        force_init_instance = True
        fields = tuple(f"c{place}" for place in range(len(LABELS)))

    def before_import_row(self, row: dict[str, Any], **_: Any) -> None:
        judged = ImportedRow(0)
        for column in SHEET.columns:
            value = row.get(column.label)
            cell = Cell("d", value.isoformat()) if isinstance(value, datetime) else Cell("t", str(value or ""))
            read = column.read(cell, Says(judged, column.label)) if cell.text else ""
            judged.values[column.label] = row[column.label] = read
        CHECKS.row(judged)
        if faults := [one.message for one in judged.findings if one.level == "E" and one.column != "照片文件名"]:
            raise ValidationError("；".join(faults))


for _place, _label in enumerate(LABELS):
    People.fields[f"c{_place}"] = fields.Field(column_name=_label, attribute=f"c{_place}")


def main() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Person)
    started, computed = time.perf_counter(), time.process_time()
    rows = tablib.Dataset().load(SOURCE.read_bytes(), format="xlsx")
    result = People().import_data(rows, dry_run=False, use_transactions=True, raise_errors=False)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bad = len(result.invalid_rows) + len(result.error_rows)
    computed = time.process_time() - computed
    told = {"seconds": seconds, "computed": computed, "peak": peak, "rows": Person.objects.count(), "bad": bad}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
