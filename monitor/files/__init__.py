"""Reads posts from files: JSONL, CSV and XLSX. Below collectors and pipeline, which both use it."""
