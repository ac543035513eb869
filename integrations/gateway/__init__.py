"""The security gateway: the assertion it sends with a request, and a stand-in that makes such assertions."""
