"""Who works at the simulated company, and what it runs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def at(text: str) -> datetime:
    """The moment of ``2026-01-31`` or ``2026-01-31T12:00``, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FOUNDED = at("2024-01-08")
START, END = at("2025-10-01"), at("2026-10-01")


@dataclass(frozen=True)
class Person:
    """One person of the company; ``login`` is the account in the identity provider, the forge and everywhere else."""

    id: str
    name: str
    role: str
    team: str
    manager: str | None
    starts: datetime
    ends: datetime | None = None
    is_engineer: bool = False
    is_contractor: bool = False
    moves: tuple[
        tuple[datetime, str, str], ...
    ] = ()  # when, the job before, the new job: for its new job stands ``role``

    @property
    def login(self) -> str:
        """The account's name in every system."""
        return self.name.lower().replace(" ", "-")

    @property
    def address(self) -> str:
        """The mail address."""
        return f"{self.name.lower().replace(' ', '.')}@example.com"

    @property
    def signature(self) -> str:
        """As git names an author."""
        return f"{self.name} <{self.address}>"

    def is_at_work(self, moment: datetime) -> bool:
        """Whether the person works here then."""
        return self.starts <= moment and (self.ends is None or moment < self.ends)


@dataclass(frozen=True)
class System:
    """One system that the company uses or runs; in use since the founding, unless ``since`` says otherwise."""

    id: str
    name: str
    kind: str
    owner: str
    holds_customer_data: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class Repository:
    """One repository; in use since the founding, unless ``since`` says otherwise."""

    id: str
    owner: str
    since: datetime | None = None


@dataclass(frozen=True)
class Agent:
    """One AI agent: its account in a system, the tool behind it, and the person who answers for it."""

    account: str
    system: str
    tool: str
    owner: str
    since: datetime


# Who works here.

_ENGINEERING = (
    "Ana Lima",
    "Ben Okoye",
    "Chloe Martin",
    "Dev Patel",
    "Emil Novak",
    "Fatima Zahra",
    "Goran Ilic",
    "Hana Sato",
    "Ivan Petrov",
    "Julia Weber",
    "Kofi Mensah",
    "Lea Dubois",
    "Marco Rossi",
    "Nadia Haddad",
    "Oscar Lund",
    "Priya Nair",
    "Quentin Faure",
    "Rosa Alvarez",
    "Sven Berg",
    "Tara Singh",
    "Umar Farooq",
    "Vera Kowalski",
    "Wei Chen",
    "Ximena Torres",
)
_OTHERS = (
    ("Yusuf Demir", "support", "support"),
    ("Zoe Clarke", "support", "support"),
    ("Adam Fischer", "support", "support"),
    ("Bella Costa", "support", "support"),
    ("Carl Jensen", "sales", "sales"),
    ("Dina Moreau", "sales", "sales"),
    ("Erik Holm", "sales", "sales"),
    ("Flora Marino", "sales", "sales"),
    ("Gita Rao", "marketing", "sales"),
    ("Hugo Silva", "marketing", "sales"),
    ("Ines Ferreira", "product", "product"),
    ("Jonas Braun", "product", "product"),
    ("Kira Popova", "designer", "product"),
    ("Liam Byrne", "designer", "product"),
    ("Mona Aziz", "finance", "operations"),
    ("Nils Eriksen", "finance", "operations"),
    ("Olga Smirnova", "people-lead", "operations"),
    ("Pablo Ruiz", "legal", "operations"),
    ("Ravi Menon", "support", "support"),
    ("Signe Dahl", "sales", "sales"),
    ("Tom Keller", "product", "product"),
    ("Una Walsh", "finance", "operations"),
)
_LEADERS = (
    ("Rita Vogel", "chief-executive", "management", None, False),
    ("Sam Adeyemi", "chief-technology", "management", "rita", True),
    ("Tess Laurent", "security-lead", "security", "sam", True),
    ("Uri Katz", "platform-lead", "platform", "sam", True),
)
_TEAMS = ("checkout", "ledger", "platform")
# Who started in the year, and who left in it.
_JOINERS = (
    ("Vik Anand", "engineer", "checkout", "2025-10-20", True),
    ("Wanda Kruger", "engineer", "ledger", "2025-12-01", True),
    ("Xenia Pappas", "support", "support", "2026-02-02", False),
    ("Yara Nassif", "engineer", "platform", "2026-04-06", True),
    ("Zack Nolan", "engineer", "checkout", "2026-06-15", True),
    ("Alma Soto", "sales", "sales", "2026-08-03", False),
)
_LEAVERS = {
    "bella": "2025-11-28T17:00",
    "erik": "2026-01-30T17:00",
    "goran": "2026-03-31T17:00",
    "liam": "2026-05-29T17:00",
    "quentin": "2026-07-17T17:00",
}
_CONTRACTORS = {"hugo", "umar"}
_MOVES = {
    "hana": (at("2026-02-16T09:00"), "engineer", "senior-engineer"),
    "zoe": (at("2026-05-04T09:00"), "support", "product"),
}


def _people() -> tuple[Person, ...]:
    found = [
        _person(name, role, team, manager, FOUNDED, is_engineer=is_engineer)
        for name, role, team, manager, is_engineer in _LEADERS
    ]
    for number, name in enumerate(_ENGINEERING):
        team = _TEAMS[number % 3]
        role = "platform-engineer" if team == "platform" else "engineer"
        manager = "uri" if team == "platform" else "sam"
        found.append(_person(name, role, team, manager, FOUNDED + (7 + 23 * number) * DAY, is_engineer=True))
    for number, (name, role, team) in enumerate(_OTHERS):
        found.append(_person(name, role, team, "rita", FOUNDED + (21 + 28 * number) * DAY, is_engineer=False))
    for name, role, team, starts, is_engineer in _JOINERS:
        manager = ("uri" if team == "platform" else "sam") if is_engineer else "rita"
        found.append(_person(name, role, team, manager, at(starts), is_engineer=is_engineer))
    return tuple(found)


def _person(name: str, role: str, team: str, manager: str | None, starts: datetime, *, is_engineer: bool) -> Person:
    own = name.split(maxsplit=1)[0].lower()
    move = _MOVES.get(own)
    return Person(
        id=own,
        name=name,
        role=move[2] if move else role,
        team=team,
        manager=manager,
        starts=starts + 9 * HOUR,
        ends=at(_LEAVERS[own]) if own in _LEAVERS else None,
        is_engineer=is_engineer,
        is_contractor=own in _CONTRACTORS,
        moves=(move,) if move else (),
    )


PEOPLE = _people()

# What it runs.

SYSTEMS = (
    System("idp", "Sign-in", "identity-provider", "tess"),
    System("forge", "The forge", "forge", "uri"),
    System("cloud", "The cloud account", "cloud", "uri", holds_customer_data=True),
    System("orders-db", "The database of orders", "database", "uri", holds_customer_data=True),
    System("production", "The production cluster", "production", "uri", holds_customer_data=True),
    System("ai-console", "The console of the AI provider", "ai-console", "sam"),
    System("devices", "Device management", "device-management", "tess"),
    System("tickets", "Tickets", "ticketing", "ines"),
    System(
        "warehouse", "The data warehouse", "database", "uri", holds_customer_data=True, since=at("2026-03-02T09:00")
    ),
)
REPOSITORIES = (
    Repository("acme/checkout", "ana"),
    Repository("acme/ledger", "ben"),
    Repository("acme/web", "chloe"),
    Repository("acme/infrastructure", "uri"),
    Repository("acme/assistant", "sam", since=at("2026-01-12T09:00")),
)
AGENTS = (
    Agent("coding-agent", "forge", "claude-code", "sam", FOUNDED + 200 * DAY),
    Agent("triage-agent", "tickets", "claude", "ines", at("2026-02-09T09:00")),
)
