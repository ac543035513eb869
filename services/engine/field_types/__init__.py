"""Types of fields: one class for each type of column, with everything forms, lists, workbooks, papers and the API ask of it.

A new type is one file in this package (or anywhere that is imported before the first form is read):

    class Month(Field, sql=MonthType): ...

`sql` is the SQLAlchemy type of its columns, `info` what `column.info` must hold besides; `Field` has a default for all the
rest, so that a class says only what is special about it. What `Field` offers, by who asks:

- forms and workbooks: `read` (normal form or a refusal in a sentence), `raw` and `parsed` (JSON of a version and back)
- pages and papers: `shown`, `text`, `words`; grids, child tables and sheets: the widths, `number`, `grouped`
- forms: `control`, the name of a control in `ui/records/form.py`, and `options` where the value is chosen
- lists: `asked` (the filter above the grid), `test` (the filter in SQL and on drafts), `sorts`
- workbooks: `hint`, `cell`, `agrees`; the API: `schema` and `json`

Rows are covered by a MAC over `str` of the value as Python has it, which must therefore say all of it (models/row_mac.py).

A geometry is such a file too: `sql` its column type, `read` and `raw` the text form, `asked = ""` and `sorts = False`, and
`test` returning a `Test` of its own; only a control that draws a map adds an entry to `CONTROLS` of `ui/records/form.py`.
A period is `sql`, `read`, `raw`, `parsed` and a `test` returning `Between`.
"""

import importlib
import pkgutil

for _found in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_found.name}")
