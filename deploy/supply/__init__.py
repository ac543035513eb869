"""The supply chain: lock, licences, bill of materials, known vulnerabilities, and the gates of a release
(security.md 8).
"""
