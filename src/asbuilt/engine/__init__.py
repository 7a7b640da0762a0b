"""Tests controls over a window. Pure: no socket, no subprocess, no clock."""
