"""What reviewers may do with cases: the queue, claims, decisions, approvals. A person decides."""
