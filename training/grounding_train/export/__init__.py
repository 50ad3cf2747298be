"""Networks to ONNX files with the tensor names of docs/packs.md."""
