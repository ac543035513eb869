"""一网通办办件库: the feed of applications, and the states it is sent; the portal pushes by the signed API too (rows 1-3)."""
