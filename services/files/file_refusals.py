"""Refusals of files: a code for the audit and a sentence about what to hand in instead."""

from services.engine.findings import Finding
from services.engine.refusals import Rejected


class FileRefused(Rejected):
    """A file that is not taken; nothing of its content is in the sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, [Finding(code=code, message=message, field="file")])
        self.code = code
