"""Tests of the audit's proof: checkpoints, verification, the write stop, the console, evidence packages."""
