"""Tests of services/broker_pushes."""
