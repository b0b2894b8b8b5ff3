"""What is wrong or doubtful in a roster, named so that a secretary can find and mend it."""

from __future__ import annotations

from dataclasses import dataclass, field

KEPT = 500


@dataclass(frozen=True)
class Fault:
    """One thing wrong at `file`, `line` (None: the file as a whole) and `column`.

    A fault that is not fatal is a notice: the importer says what it did and goes on.
    """

    file: str
    line: int | None
    column: str
    reason: str
    is_fatal: bool = True


class CannotRead(Exception):
    """The source cannot be read any further; carries the fault."""

    def __init__(
        self, file: str, reason: str, *, line: int | None = None, column: str = ""
    ) -> None:
        super().__init__(reason)
        self.fault = Fault(file, line, column, reason)


@dataclass
class Report:
    """Faults in the order they were found; past `KEPT` they are counted, not kept."""

    faults: list[Fault] = field(default_factory=list)
    fatal_count: int = 0
    notice_count: int = 0
    headers: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Nothing fatal was found."""
        return self.fatal_count == 0

    def add(
        self, file: str, line: int | None, column: str, reason: str, *, is_fatal: bool = True
    ) -> None:
        """Name a fault. `column` may be a record's field: the file's own header is shown."""
        if is_fatal:
            self.fatal_count += 1
        else:
            self.notice_count += 1
        if len(self.faults) < KEPT:
            shown = self.headers.get((file, column), column)
            self.faults.append(Fault(file, line, shown, reason, is_fatal))

    def add_fault(self, fault: Fault) -> None:
        """Take over a ready fault."""
        self.add(fault.file, fault.line, fault.column, fault.reason, is_fatal=fault.is_fatal)
