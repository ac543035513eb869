"""Tables people bring in: read whatever their layout, repaired where nothing is lost, every row judged."""
