"""Makes the EmojiRef demo dataset and the small models that are trained on it."""

__version__ = "1.0.0"
