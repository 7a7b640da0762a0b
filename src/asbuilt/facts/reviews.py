"""When is a review a review?

An approval named in a commit counts when all of this holds; each failing test is named:

1. it is of a kind that approves (``Reviewed-by``, ``Acked-by``, ``Approved-by``, bors' ``r=``): a sign-off, a test
   or a link to a review is none;
2. a person gave it: no bot, app or agent (``bot``);
3. the person had no part in the change: neither author (``author``), co-author (``co-author``), committer of a
   commit in it (``committer``), nor the driver of the agent that wrote it (``drives-the-agent``);
4. it covers the whole change: it stands in the message that landed, or in every commit that wrote something
   (``covers-part``).

Who merges the work of others may review it. When it was given, and for which content, git cannot tell.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from asbuilt.model.attribution import Attribution, Authorship
from asbuilt.model.change import Change, Landing, Mention
from asbuilt.model.commit import Commit, Person

APPROVING = frozenset({"reviewed-by", "acked-by", "approved-by", "r"})
PARTY = frozenset({"author", "co-author", "drives-the-agent"})
_AI = frozenset({Authorship.AI_TRACKED, Authorship.AI_DECLARED})


class Reviews(msgspec.Struct, frozen=True):
    """The approvals of one change: independent ones that cover it, and the others with the reason.

    ``covered`` of ``written`` commits carry an independent approval. ``claims_whole``: the approvals named,
    whoever gave them, speak for the whole change.
    """

    approvals: tuple[Mention, ...] = ()
    rejected: tuple[tuple[str, Mention], ...] = ()
    covered: int = 0
    written: int = 0
    claims_whole: bool = False

    @property
    def approvers(self) -> tuple[Person, ...]:
        """The persons whose approval counts, once each."""
        return tuple(dict.fromkeys(mention.person for mention in self.approvals if mention.person is not None))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the rejected ones do not count, once each, in order of appearance."""
        return tuple(dict.fromkeys(reason for reason, _ in self.rejected))

    @property
    def only_by_parties(self) -> bool:
        """Whether all of it is said to be approved, and only by people who wrote it or drove what wrote it."""
        reasons = set(self.reasons)
        return self.claims_whole and not self.approvals and bool(reasons & PARTY) and reasons <= PARTY | {"bot"}


NO_REVIEWS = Reviews()


def nobody(_: Person) -> bool:
    """Take no account for a bot."""
    return False


def judge_reviews(
    change: Change,
    *,
    same_person: Callable[[Person, Person], bool],
    is_bot: Callable[[Person], bool] = nobody,
    attributions: Mapping[str, Attribution] | None = None,
    commits: Mapping[str, Commit] | None = None,
) -> Reviews:
    """Judge the approvals that the messages of a change name.

    Args:
        change: whose reviews.
        same_person: whether two spellings are one human.
        is_bot: whether no human types with an account.
        attributions: by commit; who answers for AI work is its driver.
        commits: by id; without them a merge inside the change counts as a commit that needs an approval too, and a
            co-author is called author.
    """
    named = [mention for mention in change.reviews if mention.kind in APPROVING and mention.person is not None]
    if not named:
        return NO_REVIEWS
    drivers = [
        known.answers
        for own in change.commits
        if attributions and (known := attributions.get(own)) and known.authorship in _AI and known.answers
    ]
    work = _work(change, commits)
    writers = [commits[own].author for own in work if own in commits] if commits else list(change.authors)
    parties = (
        ("author", writers),
        ("co-author", change.authors),
        ("drives-the-agent", drivers),
        ("committer", change.committers),
    )
    accepted: list[Mention] = []
    rejected: list[tuple[str, Mention]] = []
    for mention in named:
        reason = _why_not(mention.person, parties, same_person, is_bot) if mention.person else None
        if reason:
            rejected.append((reason, mention))
        else:
            accepted.append(mention)
    covered = _covered(change, work, accepted)
    whole = _covered(change, work, named) == len(work)
    if accepted and covered < len(work):
        rejected.extend(("covers-part", mention) for mention in accepted)
        accepted = []
    return Reviews(tuple(accepted), tuple(rejected), covered, len(work), whole)


def _covered(change: Change, work: Sequence[str], mentions: Sequence[Mention]) -> int:
    """How many of the commits that wrote something the mentions speak for; the landing message speaks for all."""
    seen = {mention.commit for mention in mentions}
    if change.id in seen and change.landing is not Landing.REBASE:
        return len(work)
    return sum(own in seen for own in work)


def _work(change: Change, commits: Mapping[str, Commit] | None) -> Sequence[str]:
    """The commits that wrote something: not the merge that landed them, nor merges among them."""
    if commits:
        plain = [own for own in change.commits if own not in commits or len(commits[own].parents) < 2]
        return plain or change.commits
    return change.commits[:-1] or change.commits if change.landing is Landing.MERGE else change.commits


def _why_not(
    person: Person,
    parties: Sequence[tuple[str, Sequence[Person]]],
    same_person: Callable[[Person, Person], bool],
    is_bot: Callable[[Person], bool],
) -> str | None:
    """The first test that an approval fails, or None; ``parties`` lists who had which part in the change."""
    if is_bot(person):
        return "bot"
    if person.name == "me" and not person.email:
        return "author"  # bors' `r=me`: whoever wrote it lets it in
    for reason, persons in parties:
        if any(same_person(person, party) or _might_be(person, party) for party in persons):
            return reason
    return None


def _might_be(person: Person, party: Person) -> bool:
    """Whether a reviewer without an address bears a party's name or login: too near to call independent."""
    if person.email:
        return False
    name = person.name.casefold().lstrip("@")
    login = party.email.casefold().partition("@")[0].rpartition("+")[2]
    return name in {party.name.casefold(), login}
