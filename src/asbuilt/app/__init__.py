"""The use cases; configuration is read here, once."""
