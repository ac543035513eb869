"""Pages and addresses of progress: photos from a telephone, the board (rows 74, 75)."""
