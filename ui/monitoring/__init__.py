"""企业监测 as people look at it: changes, the registry's answers, and how companies belong together (rows 51, 52, 54)."""
