"""What every partner package is made of: one bounded HTTP client, wire types, and the base of the simulators."""
