"""From what a forge tells, page by page, to rows of the recorded tables: pure, stateless, tolerant."""

from asbuilt.facts.forge.page import ForgePage, Projection, Projector, Row
from asbuilt.facts.forge.projecting import project_page, projectors

__all__ = ["ForgePage", "Projection", "Projector", "Row", "project_page", "projectors"]
