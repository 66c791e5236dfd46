"""知识库: found and read out, written, reviewed and renewed."""

from console.views.knowledge.page import KnowledgePage

__all__ = ["KnowledgePage"]
