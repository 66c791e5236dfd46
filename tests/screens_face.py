"""The screens of the frame and the shared parts."""

from tests.gallery import gallery, suggestions
from tests.screens import register

register("parts", gallery)
register("suggestions", suggestions)
