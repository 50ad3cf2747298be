"""Pictures and what is said of them, from wherever they are: EmojiRef scenes, a REFER folder, a workspace."""
