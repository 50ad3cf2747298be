"""The engine's rules in Python: preprocessing and the three methods, exactly as docs/packs.md says."""
