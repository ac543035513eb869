"""The partners' sandbox: a page that shows keys, endpoints and exchanges, sends samples and orders faults."""
