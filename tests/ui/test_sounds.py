import io
import wave
from collections.abc import Callable

import pytest

from staffdesk.ui import sounds
from staffdesk.ui.sounds import NOTES, Sound, Sounds, samples


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What reaches the device, played at once."""
    played: list[bytes] = []

    class Immediate:
        def put(self, wav: bytes) -> None:
            played.append(wav)

    monkeypatch.setattr(Sounds, "_run", lambda _self: None)
    monkeypatch.setattr("queue.SimpleQueue", Immediate)
    return played


@pytest.mark.parametrize("sound", Sound)
def test_a_sound_is_a_short_wav_file(sound: Sound) -> None:
    with wave.open(io.BytesIO(samples(sound))) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert 0.05 < file.getnframes() / file.getframerate() < 0.6


def test_sounds_differ_even_in_rhythm() -> None:
    assert len({samples(sound) for sound in Sound}) == len(Sound)
    assert len({tuple(seconds for _hertz, seconds in NOTES[sound]) for sound in Sound}) == 5


@pytest.mark.parametrize(
    ("which", "audible"),
    [
        ("all", set(Sound)),
        ("attention", set(Sound) - {Sound.OK}),
        ("none", set()),
    ],
)
def test_one_chooses_what_is_heard(which: str, audible: set[Sound], heard: list[bytes]) -> None:
    player = Sounds(which)
    for sound in Sound:
        player.play(sound)
    assert set(heard) == {samples(sound) for sound in audible}


def test_without_a_device_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "_command", lambda: None, raising=False)
    play: Callable[[bytes], None] = sounds._play
    play(samples(Sound.OK))
