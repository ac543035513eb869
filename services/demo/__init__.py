"""Parts of a demo that a running installation offers: the movable business clock and cards for the reader."""
