"""Tables, column types, codes, identity numbers, state tables; no behaviour beyond their own columns."""
