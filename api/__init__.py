"""HTTP: REST `v1` and the review console. Holds no rules of its own."""
