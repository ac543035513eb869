"""The system administrator's console: units and accounts, no rights and no business."""
