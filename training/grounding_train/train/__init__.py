"""One training program per network."""
