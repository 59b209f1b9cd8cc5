"""Finished runs for the trackers that teams look at: W&B, MLflow, TensorBoard, each an extra of its own."""
