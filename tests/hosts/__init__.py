"""Drills of several hosts: pgbouncer, nginx, processes, a primary and its replica, as an installation has them."""
