"""The encoder: a post rendered as text, cut into pieces, read by ONNX Runtime."""
