"""The security gateway: the assertion it sends with a request, and a simulator that makes such assertions."""
