"""The walk's part for what is public of practitioners and for a firm's downloads: no table of their own."""

from typing import Any

ORACLE: dict[Any, Any] = {}
ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = {
    "cards.download": "a firm's: tried with row 42",
    "cards.publish_firm": "the worker's own",
    "public.logo": "the public pages' own: tried with row 48",
    "public.portrait": "the public pages' own: tried with row 48",
}


def furnish(city: Any) -> None:
    """Nothing to put anywhere: cards are there for the walk of the practitioners."""
