"""Results to hear with the eyes on the documents: five short sounds, made of sines."""

import io
import math
import queue
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import wave
from contextlib import suppress
from enum import StrEnum
from functools import lru_cache
from itertools import chain

RATE = 22_050
_LOUDNESS = 0.35
_FADE = 0.012


class Sound(StrEnum):
    """What a sound says."""

    OK = "ok"
    LOOK = "look"
    REFUSED = "refused"
    HELD = "held"
    SHUTTLE = "shuttle"


NOTES: dict[Sound, tuple[tuple[float, float], ...]] = {
    Sound.OK: ((1319, 0.07),),
    Sound.LOOK: ((880, 0.09), (0, 0.03), (880, 0.09)),
    Sound.REFUSED: ((233, 0.16), (0, 0.02), (185, 0.28)),
    Sound.HELD: ((784, 0.08), (1047, 0.08), (1319, 0.14)),
    Sound.SHUTTLE: ((1047, 0.09), (784, 0.16)),
}
"""Each sound as (hertz, seconds); 0 hertz is silence. Rhythm alone tells them apart, too."""


@lru_cache(maxsize=len(Sound))
def samples(sound: Sound) -> bytes:
    """A sound as a WAV file: 16 bits, one channel."""
    levels = chain.from_iterable(_tone(hertz, seconds) for hertz, seconds in NOTES[sound])
    frames = b"".join(struct.pack("<h", round(level * _LOUDNESS * 32767)) for level in levels)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(frames)
    return file.getvalue()


def _tone(hertz: float, seconds: float) -> list[float]:
    """A sine that fades in and out, so that it does not click."""
    count = round(seconds * RATE)
    fade = round(_FADE * RATE)
    return [
        math.sin(math.tau * hertz * at / RATE) * min(1.0, at / fade, (count - at) / fade)
        for at in range(count)
    ]


class Sounds:
    """Plays sounds without making anyone wait; silent where nothing can play.

    `which` is "all", "attention" (success is silent) or "none" (`staffdesk.settings.SOUNDS`).
    """

    def __init__(self, which: str) -> None:
        self.which = which
        self._next: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._player: threading.Thread | None = None

    def play(self, sound: Sound) -> None:
        """Let a sound be heard, unless the workstation wants it silent."""
        silent = ("none",) if sound is not Sound.OK else ("none", "attention")
        if self.which in silent:
            return
        if self._player is None:
            self._player = threading.Thread(target=self._run, name="sounds", daemon=True)
            self._player.start()
        self._next.put(samples(sound))

    def _run(self) -> None:
        while True:
            wav = self._next.get()
            while not self._next.empty():  # the latest result counts
                wav = self._next.get()
            _play(wav)


if sys.platform == "win32":
    import winsound

    def _play(wav: bytes) -> None:
        try:
            winsound.PlaySound(wav, winsound.SND_MEMORY | winsound.SND_NODEFAULT)
        except RuntimeError:
            return  # no device

else:

    @lru_cache(maxsize=1)
    def _command() -> tuple[str, ...] | None:
        """The system's player of a WAV file."""
        known = (("pw-play",), ("paplay",), ("aplay", "-q"))
        return next((each for each in known if shutil.which(each[0])), None)

    def _play(wav: bytes) -> None:
        if (command := _command()) is None:
            return
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            file.write(wav)
            file.flush()
            with suppress(subprocess.TimeoutExpired):
                subprocess.run([*command, file.name], capture_output=True, timeout=5, check=False)
