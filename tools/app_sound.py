"""Make static/sounds/message.wav: two soft notes, our own, a quarter of a second.

python tools/app_sound.py
"""

import math
import wave
from pathlib import Path

RATE = 22050
NOTES = ((659.25, 0.00), (987.77, 0.09))
SECONDS = 0.32
TARGET = Path(__file__).resolve().parents[1] / "static/sounds/message.wav"


def sample(moment: float) -> float:
    """The loudness at this moment, -1 to 1: each note fades away."""
    total = 0.0
    for pitch, begin in NOTES:
        since = moment - begin
        if since >= 0:
            swell = min(since / 0.006, 1) * math.exp(-since * 16)
            total += swell * math.sin(2 * math.pi * pitch * since)
    return total * 0.45 * min((SECONDS - moment) / 0.02, 1)


def main() -> None:
    """Write the file: 8 bits, one channel."""
    TARGET.parent.mkdir(exist_ok=True)
    with wave.open(str(TARGET), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        frames = [sample(number / RATE) for number in range(int(RATE * SECONDS))]
        file.writeframes(bytes(round(128 + 127 * value) for value in frames))


if __name__ == "__main__":
    main()
