"""The engine every area stands on: door, facts, findings, numbering, outbox, jobs. It knows no area."""
