"""Reading GitHub."""
