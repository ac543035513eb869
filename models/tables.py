"""Every table, imported once so that the metadata is whole."""

from models import access, audit, cancellation, documents, engine, enterprise, house, tenancy

__all__ = ["access", "audit", "cancellation", "documents", "engine", "enterprise", "house", "tenancy"]
