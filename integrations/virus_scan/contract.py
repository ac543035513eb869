"""clamd's words: commands end with NUL, a stream is pieces led by their length and ended by a length of zero."""

COMMAND = b"zINSTREAM\0"
VERSION = b"zVERSION\0"
PIECE = 1 << 16
CLEAN = "stream: OK"
FOUND = " FOUND"
LONGEST_REPLY = 4096
