"""The networks, written once for training and for export."""
