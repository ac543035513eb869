"""The auditor's workspace: events, their proof, verification, exports (A6)."""
