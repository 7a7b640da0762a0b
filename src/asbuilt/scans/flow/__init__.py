"""Values inside one function: which texts are put together, of what, and which calls they reach. Nothing is run."""
