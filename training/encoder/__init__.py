"""The encoder: starting weights, in-domain pre-training, fine-tuning, export to ONNX int8."""
