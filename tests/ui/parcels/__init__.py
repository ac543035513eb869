"""Pages of parcels and of what follows a transfer."""
