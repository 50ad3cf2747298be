"""EmojiRef: procedural scenes of emoji with unambiguous referring expressions."""
