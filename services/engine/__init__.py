"""The engine below every area: door, facts, findings, numbering, outbox, jobs. It knows no area."""
