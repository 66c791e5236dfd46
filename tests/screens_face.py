"""The screens of the frame and the shared parts."""

from functools import partial

from tests.gallery import (
    dialog,
    frame,
    gallery,
    key_sheet,
    sign_in_demo,
    sign_in_error,
    suggestions,
)
from tests.screens import register

register("parts", gallery)
register("suggestions", suggestions)
register("sign-in", sign_in_error)
register("sign-in-demo", sign_in_demo)
register("frame", frame)
register("frame-ring-1280", partial(frame, (1280, 720), "ring"))
register("frame-training-1280", partial(frame, (1280, 720), "idle", True))
register("keys", key_sheet)
register("dialog", dialog)
