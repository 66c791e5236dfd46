"""Errors a person can read. Anything else is a defect and goes to the fault log."""

from collections.abc import Callable


class UserError(Exception):
    """One sentence for the operator and, where there is one, the next step.

    `field` names the form field the sentence belongs beside; empty means the message strip.
    """

    def __init__(self, text: str, hint: str = "", field: str = "") -> None:
        super().__init__(text)
        self.text, self.hint, self.field = text, hint, field

    @property
    def sentence(self) -> str:
        """What is wrong and the next step as one Chinese sentence, for the place beside a field."""
        if not self.hint or self.text.endswith(("？", "！")):
            return self.text + self.hint
        return f"{self.text.rstrip('。')}，{self.hint}"


class NotAllowed(UserError):
    """The role, unit, state or moment forbids it."""


class CutOff(NotAllowed):
    """The database no longer lets this person in: nothing more can be done here; what was typed stays."""


class NotFound(UserError):
    """What was asked for does not exist, or is outside the operator's scope."""


class Conflict(UserError):
    """Somebody else changed it first; what was typed stays.

    `version` is what stands now: told of it, the operator may press again. None where that would not do.
    `by` is who changed it, where that is known.
    """

    version: int | None = None
    by: str = ""


class Invalid(UserError):
    """An input is wrong; `field` says which."""


class InvalidForm(Invalid):
    """Several inputs are wrong at once; each carries its own field."""

    def __init__(self, faults: tuple[Invalid, ...]) -> None:
        super().__init__(faults[0].text, faults[0].hint, faults[0].field)
        self.faults = faults


class Unavailable(UserError):
    """Something outside is away: database, disk, printer, voice, vault."""


class Unsure(Unavailable):
    """Something was to be saved and the answer was lost. `saved` asks what became of it; it raises
    Unavailable while nobody can say."""

    def __init__(self, text: str, hint: str, saved: Callable[[], bool]) -> None:
        super().__init__(text, hint)
        self.saved = saved


class Cancelled(UserError):
    """The operator stopped it; nothing is shown."""

    def __init__(self) -> None:
        super().__init__("已取消")
