"""知识库: found while talking, written, reviewed and renewed (field-facts 10.13)."""

from console.services.knowledge.desk import KnowledgeBase

__all__ = ["KnowledgeBase"]
