"""Tests of operations: alarms, release, devices, backups, retention."""
