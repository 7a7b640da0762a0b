"""A simulated forge: it speaks as GitHub's REST and GraphQL do, in memory or on the loopback."""
