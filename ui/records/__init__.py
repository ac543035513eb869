"""Pages of kept records: list, form, history, comparison and review, drawn from the declaration of each kind."""
