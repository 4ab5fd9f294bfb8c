"""Text understanding, inference only: a post in, a prediction out."""
