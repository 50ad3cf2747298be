"""Full-size networks: from their original checkpoints, or a Hugging Face folder, to roles of a model pack.

Nothing here is needed for the demo pack. `requirements-full.txt` lists what it needs beside the rest.
"""
