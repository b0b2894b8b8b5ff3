"""How long an import takes and how much memory it needs.

Run: .venv/bin/python bench/roster_import.py [--keep FOLDER]

Makes OneRoster 1.2 zips of invented people, imports each with `flask school import --apply` in a
process of its own on an empty SQLite database, imports it again, and prints seconds and peak
memory. The last line compares the memory of N and 4N people.
"""

import argparse
import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUBJECTS = ("Русский язык", "Литература", "Алгебра", "Физика", "История", "Биология", "Химия")
FAMILIES = ("Иванов", "Смирнов", "Кузнецов", "Попов", "Соколов", "Лебедев", "Козлов", "Новиков")
GIVEN = ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Ирина", "Кирилл")
MIDDLE = ("Петрович", "Ивановна", "Олегович", "Сергеевна", "Юрьевич", "Павловна")


@dataclass(frozen=True)
class Size:
    """How big a school is."""

    name: str
    pupils: int
    guardians: int
    teachers: int
    classes: int

    @property
    def people(self):
        return self.pupils + self.guardians + self.teachers


SCHOOL = Size("school", 1200, 2000, 90, 45)
TEN_THOUSAND = Size("10,000", 3600, 6100, 300, 135)
FOUR_TIMES = Size("40,000", 14_400, 24_400, 1200, 540)


def table(archive, name, header, rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    archive.writestr(f"{name}.csv", text.getvalue())


def person(rng):
    return rng.choice(GIVEN), rng.choice(FAMILIES) + str(rng.randrange(10)), rng.choice(MIDDLE)


def write_roster(path, size):
    """A homeroom class for every teacher-leader, and a group a subject for every class."""
    rng = random.Random(size.people)
    stamp = "2026-09-01T00:00:00Z"
    pupils = [f"p{n}" for n in range(size.pupils)]
    guardians = [f"g{n}" for n in range(size.guardians)]
    teachers = [f"t{n}" for n in range(size.teachers)]
    kids = {g: [pupils[n % size.pupils]] for n, g in enumerate(guardians)}
    parents = {}
    for guardian, children in kids.items():
        for child in children:
            parents.setdefault(child, []).append(guardian)
    users, roles, enrolments = [], [], []
    for role, people in (("student", pupils), ("guardian", guardians), ("teacher", teachers)):
        for who in people:
            given, family, middle = person(rng)
            agents = ",".join(parents.get(who, ()))
            users.append(
                (who, "active", stamp, "true", f"user{who}", given, family, middle, agents)
            )
            roles.append((f"r-{who}", "active", stamp, who, "primary", role, "", "", "s1"))
    classes = []
    for n in range(size.classes):
        classes.append(
            (
                f"c{n}",
                "active",
                stamp,
                f"{n % 11 + 1}{chr(1040 + n // 11 % 28)}",
                str(n % 11 + 1),
                "home",
                "homeroom",
                "s1",
            )
        )
        enrolments.append((f"c{n}", teachers[n], "teacher", "true"))
        for m in range(len(SUBJECTS)):
            group = f"c{n}-{m}"
            classes.append(
                (
                    group,
                    "active",
                    stamp,
                    f"{SUBJECTS[m]} {n}",
                    str(n % 11 + 1),
                    f"k{m}",
                    "scheduled",
                    "s1",
                )
            )
            enrolments.append((group, teachers[(n * 7 + m) % size.teachers], "teacher", "true"))
    for n, pupil in enumerate(pupils):
        home = n % size.classes
        enrolments.append((f"c{home}", pupil, "student", "false"))
        enrolments.extend((f"c{home}-{m}", pupil, "student", "false") for m in range(len(SUBJECTS)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        names = ("orgs", "users", "roles", "courses", "classes", "enrollments")
        table(
            archive,
            "manifest",
            ("propertyName", "value"),
            [("manifest.version", "1.0"), ("oneroster.version", "1.2")]
            + [(f"file.{name}", "bulk") for name in names],
        )
        table(
            archive,
            "orgs",
            ("sourcedId", "status", "dateLastModified", "name", "type"),
            [("s1", "active", stamp, "Школа № 1", "school")],
        )
        table(
            archive,
            "users",
            (
                "sourcedId",
                "status",
                "dateLastModified",
                "enabledUser",
                "username",
                "givenName",
                "familyName",
                "middleName",
                "agentSourcedIds",
            ),
            users,
        )
        table(
            archive,
            "roles",
            (
                "sourcedId",
                "status",
                "dateLastModified",
                "userSourcedId",
                "roleType",
                "role",
                "beginDate",
                "endDate",
                "orgSourcedId",
            ),
            roles,
        )
        table(
            archive,
            "courses",
            ("sourcedId", "status", "dateLastModified", "title", "orgSourcedId"),
            [("home", "active", stamp, "Классный час", "s1")]
            + [(f"k{m}", "active", stamp, name, "s1") for m, name in enumerate(SUBJECTS)],
        )
        table(
            archive,
            "classes",
            (
                "sourcedId",
                "status",
                "dateLastModified",
                "title",
                "grades",
                "courseSourcedId",
                "classType",
                "schoolSourcedId",
            ),
            classes,
        )
        table(
            archive,
            "enrollments",
            (
                "sourcedId",
                "status",
                "dateLastModified",
                "classSourcedId",
                "schoolSourcedId",
                "userSourcedId",
                "role",
                "primary",
            ),
            [
                (f"e{n}", "active", stamp, school_class, "s1", who, role, primary)
                for n, (school_class, who, role, primary) in enumerate(enrolments)
            ],
        )
    return len(enrolments)


def environment(folder):
    return os.environ | {
        "SVYAZKA_MODE": "testing",
        "SVYAZKA_INSTANCE": str(folder),
        "SVYAZKA_LOG_LEVEL": "ERROR",
        "FLASK_APP": "wsgi",
    }


CHILD = """
import json, resource, subprocess, sys, time
start = time.monotonic()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"code": done.returncode, "seconds": time.monotonic() - start,
                  "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024,
                  "out": done.stdout[-3000:] + done.stderr[-3000:]}))
"""


def measure(folder, *command):
    """Seconds and peak memory of one `flask` command, measured by a parent of its own."""
    flask = str(Path(sys.executable).with_name("flask"))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, flask, *command],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)
    if result["code"]:
        raise SystemExit(result["out"])
    return result


def bench(folder, size):
    place = folder / size.name.replace(",", "")
    place.mkdir()
    path = place / "roster.zip"
    enrolments = write_roster(path, size)
    measure(place, "db", "upgrade")
    first = measure(place, "school", "import", str(path), "--apply", "--region", "77")
    again = measure(place, "school", "import", str(path), "--apply")
    dry = measure(place, "school", "import", str(path))
    print(
        f"{size.name:>8}: {size.people:>6} people, {size.classes:>4} classes, {enrolments:>7} "
        f"enrolments | first {first['seconds']:5.1f} s, {first['mb']:4.0f} MB | "
        f"again {again['seconds']:5.1f} s, {again['mb']:4.0f} MB | dry {dry['seconds']:5.1f} s"
    )
    return first


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", type=Path, help="leave the files in this folder")
    options.add_argument("--slips", action="store_true", help="also time the school's slips")
    chosen = options.parse_args()
    resource.getrusage(resource.RUSAGE_SELF)
    with tempfile.TemporaryDirectory() as made:
        folder = chosen.keep or Path(made)
        idle = folder / "idle"
        idle.mkdir(parents=True)
        base = measure(idle, "school", "--help")
        print(f"    idle: the program alone {base['seconds']:5.1f} s, {base['mb']:4.0f} MB")
        bench(folder, SCHOOL)
        if chosen.slips:
            start = time.monotonic()
            sheet = folder / "slips.pdf"
            used = measure(folder / "school", "school", "slips", "--out", str(sheet))
            print(f"   slips: {time.monotonic() - start:5.1f} s, {used['mb']:4.0f} MB")
        small, large = bench(folder, TEN_THOUSAND), bench(folder, FOUR_TIMES)
        print(f"memory of 4N people / N people: {large['mb'] / small['mb']:.2f}")


if __name__ == "__main__":
    main()
