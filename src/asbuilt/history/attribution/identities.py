"""Which identities can be a human being's."""

from collections.abc import Sequence

from asbuilt.catalogue.signatures import Tool
from asbuilt.history.attribution.signals import Matcher
from asbuilt.model.commit import Person

# Forges that commit for people when they merge or edit in the browser.
WEB_FLOW = frozenset({"noreply@github.com", "noreply@gitlab.com"})


class Identities:
    """Tells people from the accounts of tools, bots and forges, by the catalogue's identities alone.

    A name that a tool puts its mark behind, ``Ana Alves (aider)``, still is the person's.
    """

    __slots__ = ("_known", "_matcher")

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._matcher = Matcher(tools)
        self._known: dict[tuple[str, str], bool] = {}

    def is_person(self, person: Person) -> bool:
        """Whether an identity can be a human being's: no tool's, no bot's, no forge's, and not empty."""
        key = (person.name, person.email)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (
                bool(person.key)
                and "[bot]" not in f"{person.name}{person.email}".lower()
                and person.email.casefold() not in WEB_FLOW
                and all(hit.rule.person for hit in self._matcher.author(person))
            )
        return known
