"""Fingers on a touch screen, as Chromium's own protocol moves them."""


class Fingers:
    """`touch`, `move`, `lift`: each with the places (x, y) of all the fingers."""

    def __init__(self, page):
        self._wire = page.context.new_cdp_session(page)

    def _tell(self, kind, *places):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self._wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def touch(self, *places):
        self._tell("touchStart", *places)

    def move(self, *places):
        self._tell("touchMove", *places)

    def lift(self):
        self._tell("touchEnd")

    def draw(self, start, end, *, steps=6):
        """One finger from here to there, and up."""
        self.touch(start)
        for step in range(1, steps + 1):
            part = step / steps
            self.move(
                (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            )
        self.lift()
