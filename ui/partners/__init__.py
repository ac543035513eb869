"""Pages of the exchange with partners: the log, resends, line tests, the registry."""
