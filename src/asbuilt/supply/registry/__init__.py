"""What registries say of packages: their answers read into facts, probed for lies, kept in a store."""
