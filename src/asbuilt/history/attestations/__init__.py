"""Signed statements about code: DSSE envelopes, in-toto statements, signatures of commits; read and verified."""
