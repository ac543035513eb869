"""Documents of the acceptance (`main.py handover`): generated from code, catalogue, tests and handbooks, as Word and PDF."""
