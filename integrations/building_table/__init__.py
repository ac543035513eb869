"""楼盘表 of the property register: natural buildings, storeys and units (row 70)."""
