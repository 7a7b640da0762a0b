"""What landed in the simulated company's year, when, by whom and how: the changes themselves, before they are told.

The first ``FIXED`` changes are the same in every year, however large; the others come by chance. Class, repository,
way of landing and what a change touches follow from its number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from tests.company_year.world import DAY, END, HOUR, SEEN_UNTIL, START, Person, World, at, sha

# Changes, reviews, checks and deployments are collected since then; who wrote a change is recorded since a while later.
COLLECTED_FROM = at("2025-09-01")
MINUTE = timedelta(minutes=1)

FIXED = 80
_IN_WINDOW = 66  # the first of them land in the window, five and a half days apart
_BEFORE = range(67, 77)  # these before it
IMPORT = 77  # the first commit of a new repository
AFTER = 78  # after the window's end

CHECKS = {
    "tests": "tests",
    "static-analysis": "static-analysis",
    "isolation": "tenant-isolation",
    "secrets": "secret-scan",
}
BOT = "dependency-bot[bot]"
PIPELINE = "deploy-pipeline"
ORGANIZATION = "acme"


@dataclass(frozen=True, slots=True)
class Landing:
    """One change; ``reviewers`` approved it, of an emergency after it had landed."""

    number: int
    landed: datetime
    repository: str
    attribution: str
    way: str
    author: Person | None
    beside: Person | None
    reviewers: tuple[Person, ...]

    @property
    def id(self) -> str:
        """The commit on the branch."""
        return change_id(self.number)

    @property
    def head(self) -> str:
        """The commit that was reviewed and checked."""
        return self.id if self.is_direct else head_of(self.number)

    @property
    def is_direct(self) -> bool:
        """Whether no pull request brought it."""
        return self.way in {"direct", "initial"}

    @property
    def is_emergency(self) -> bool:
        """Whether it was pushed in an emergency, by two who were on call."""
        return self.way == "direct"

    @property
    def is_deployed(self) -> bool:
        """Whether a deployment is of this very change."""
        return self.number % 5 == 0 or self.is_emergency

    @property
    def deployed(self) -> datetime:
        """When, if it was."""
        return self.landed + 40 * MINUTE

    @property
    def is_ai(self) -> bool:
        """Whether AI is known to have had a part in it."""
        return self.attribution.startswith("ai-")

    def touches(self, what: str) -> bool:
        """Whether it touches ``prompts``, ``infrastructure``, ``migrations``, ``dependencies`` or ``guarded`` paths."""
        if self.is_direct:
            return False
        match what:
            case "prompts":
                return self.repository == "acme/assistant" and self.author is not None and self.number % 2 == 0
            case "infrastructure":
                return self.repository == "acme/infrastructure"
            case "migrations":
                return self.repository == "acme/ledger" and self.number % 3 == 0
            case "dependencies":
                return self.attribution == "automation" or self.number % 25 == 4
        return self.number % 20 == 9


def change_id(number: int) -> str:
    """The commit of a change, by its number."""
    return sha("change", number)[:40]


def head_of(number: int) -> str:
    """The head of its pull request."""
    return sha("head", number)[:40]


def request_of(number: int) -> int:
    """The number of that pull request."""
    return 1000 + number


def landed_at(number: int) -> datetime:
    """When one of the first ``FIXED`` changes landed."""
    if number in _BEFORE:
        return _working(COLLECTED_FROM + (number - _BEFORE.start) * 3 * DAY) + (9 + number % 8) * HOUR
    if number == IMPORT:
        return at("2026-01-12T10:00")
    if number == AFTER:
        return END + 8 * HOUR
    place = number if number <= _IN_WINDOW else number - 50
    return _working(START + (place - 1) * 11 * DAY / 2) + (9 + number % 8) * HOUR


@cache
def landings(world: World) -> tuple[Landing, ...]:
    """All changes of a year, by number."""
    chance = world.random("changes")
    weekdays = [own for own in (START + number * DAY for number in range((END - START).days)) if own.weekday() < 5]
    writers = _Writers(world)
    return tuple(
        _landing(number, _moment(number, weekdays, chance), writers, chance)
        for number in range(1, world.changes + 1)
    )


def _moment(number: int, weekdays: Sequence[datetime], chance: Random) -> datetime:
    if number <= FIXED:
        return landed_at(number)
    return chance.choice(weekdays) + timedelta(seconds=chance.randrange(8 * 3600, 18 * 3600))


def _landing(number: int, landed: datetime, writers: "_Writers", chance: Random) -> Landing:
    attribution, way = attribution_of(number), way_of(number)
    count = 2 if attribution == "automation" else 1 + (number % 3 == 0)
    author, beside, *reviewers = writers.some(landed, 2 + count, chance)
    is_emergency = way == "direct"
    return Landing(
        number=number,
        landed=landed,
        repository=repository_of(number, landed),
        attribution=attribution,
        way=way,
        author=None if attribution == "automation" else author,
        beside=beside if is_emergency else None,
        reviewers=() if way == "initial" else tuple(reviewers),
    )


def attribution_of(number: int) -> str:
    """Who wrote a change: half of all is AI's; of some that landed before it was recorded nobody knows."""
    if number in _BEFORE and number % 2:
        return "unknown"
    if number in {IMPORT, AFTER} or way_of(number) == "direct":
        return "human-tracked"
    place = number * 37 % 100
    if place < 52:
        return "ai-tracked" if place % 2 else "ai-declared"
    return "human-tracked" if place < 90 else "automation"


def way_of(number: int) -> str:
    """How a change landed."""
    if number == IMPORT:
        return "initial"
    if number % 97 == 13 or number == 47:
        return "direct"
    place = number % 20
    return "squash" if place < 9 else "merge" if place < 17 else "rebase"


def repository_of(number: int, landed: datetime) -> str:
    """The repository of a change; the youngest has none before it was there."""
    if number == IMPORT:
        return "acme/assistant"
    place = number * 13 % 50
    if place < 6:
        return "acme/infrastructure"
    if place < 11 and landed > at("2026-01-14"):
        return "acme/assistant"
    return ("acme/checkout", "acme/ledger", "acme/web")[place % 3]


class _Writers:
    """Who may write and review on a day: engineers who had some days to learn, and who stay some days more."""

    def __init__(self, world: World) -> None:
        self._engineers = [own for own in world.people if "engineer" in own.role]
        self._on: dict[int, list[Person]] = {}

    def some(self, moment: datetime, count: int, chance: Random) -> list[Person]:
        day = moment.toordinal()
        if day not in self._on:
            self._on[day] = [
                own
                for own in self._engineers
                if own.is_at_work(moment - 6 * DAY) and own.is_at_work(moment + 6 * DAY)
            ]
        return chance.sample(self._on[day], count)


def first_live(changes: Sequence[Landing]) -> Iterator[tuple[Landing, Landing]]:
    """Each change that went live with the deployed one that carried it first; both by their landing."""
    for repository in {own.repository: None for own in changes}:
        waiting: list[Landing] = []
        for own in sorted((own for own in changes if own.repository == repository), key=lambda own: own.landed):
            waiting.append(own)
            if own.is_deployed:
                yield from ((one, own) for one in waiting)
                waiting = []


def _working(day: datetime) -> datetime:
    """Its midnight; at a weekend the Monday after."""
    midnight = day.replace(hour=0)
    return midnight + max(0, 7 - midnight.weekday()) % 7 * DAY * (midnight.weekday() > 4)


assert landed_at(AFTER) < SEEN_UNTIL
