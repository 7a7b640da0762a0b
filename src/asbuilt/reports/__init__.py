"""Results turned into documents; no judgement."""
