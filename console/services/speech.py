"""Reading aloud (pyttsx3: SAPI5 on Windows, espeak-ng on Linux). Made and used on one thread only."""

import logging
import threading
from typing import Any

from console.domain.errors import Unavailable

log = logging.getLogger(__name__)


class Speech:
    """Says one text at a time. `say` runs on the speech lane; `stop` may be called from any thread."""

    def __init__(self, rate: int = 200, voice: str = "") -> None:
        self._rate, self._voice = rate, voice
        self._engine: Any = None
        self._silence = threading.Event()

    def say(self, text: str) -> None:
        """Speak, sentence by sentence so that `stop` is quick. Raises Unavailable without a voice."""
        self._silence.clear()
        engine = self._ready()
        for sentence in _sentences(text):
            if self._silence.is_set():
                return
            engine.say(sentence)
            engine.runAndWait()

    def stop(self) -> None:
        """Fall silent at the next sentence, or at once where the engine can."""
        self._silence.set()
        engine = self._engine
        if engine is not None:
            engine.stop()

    def voice_name(self) -> str:
        """Which voice would speak. Raises Unavailable without one."""
        self._ready()
        return self._voice

    def close(self) -> None:
        self._engine = None

    def _ready(self) -> Any:
        if self._engine is None:
            self._engine = self._make()
        return self._engine

    def _make(self) -> Any:
        try:
            import pyttsx3

            engine = pyttsx3.init()
        except (
            Exception
        ) as error:  # its drivers raise what their platform does: COM errors, KeyError, ImportError
            raise Unavailable(
                "本机不能朗读", "其他操作不受影响；请联系管理员安装中文语音"
            ) from error
        engine.setProperty("rate", self._rate)
        self._voice = self._voice or _chinese_voice(engine)
        if not self._voice:
            raise Unavailable("本机没有中文朗读声音", "其他操作不受影响；请联系管理员安装中文语音")
        engine.setProperty("voice", self._voice)
        return engine


def _chinese_voice(engine: Any) -> str:
    for voice in engine.getProperty("voices"):
        languages = " ".join(str(language) for language in voice.languages or ())
        if any(
            word in f"{voice.id} {voice.name} {languages}".lower()
            for word in ("cmn", "zh", "chinese", "huihui")
        ):
            return str(voice.id)
    return ""


def _sentences(text: str) -> list[str]:
    for mark in "。！？；\n":
        text = text.replace(mark, mark + "\0")
    return [part.strip() for part in text.split("\0") if part.strip()]
