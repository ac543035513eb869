"""Citizens' pages below /bl: plain forms rendered on the server, phone first, without script and socket (rows 3, 4)."""
