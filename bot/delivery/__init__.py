"""From the outbox to people: what a row means at the moment it is sent, and sending it."""
