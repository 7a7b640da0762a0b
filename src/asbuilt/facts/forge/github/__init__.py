"""GitHub's pages: GraphQL, REST, exports and webhooks; one module for each family, found by listing this folder."""
