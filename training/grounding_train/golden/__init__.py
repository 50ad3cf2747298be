"""Golden cases: what the Python reference computes, for the engine's tests to compare with."""
