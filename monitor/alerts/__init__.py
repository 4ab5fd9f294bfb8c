"""What other systems are told: an outbox written with its cause, a feed numbered without gaps."""
