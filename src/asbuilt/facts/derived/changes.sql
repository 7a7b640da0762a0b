-- Each change with what stands around it: its request, reviews, checks, deployments, and what its own messages state.
--
-- Which request brought it: the one that the forge merged by this very commit, or by the head that this merges; where the
-- forge names no commit, the one whose number or head git tells; and the one of which git tells both. A number that git reads in a message, and of which the forge says that it landed by
-- another commit or not at all, is no request of it (request_conflicts).
-- Which reviews are of it: those on its request; and those on its head or on itself that name no request, or when its
-- own is not known. Given before the landing: before the forge merged it, else before the commit was made.
-- Who is who: two accounts are one person when they are the same after account_of, when the forge joins an address to a
-- login (request_commits) and they share one, when the people list gives both to one person, or when a login is the
-- local part of the other's address and nothing tells the two apart: too near to call independent.
--
-- An approval counts when it passes every test; each that fails is named (rejected_approvals, approvals_rejected_for):
-- bot, author, participant, drives-the-agent, not-entitled, not-active, not-covering, pushed-after, dismissed,
-- withdrawn (the same person asked for changes later, or took it back), after-landing. Three leave it open:
-- unknown-account (it is gone, shared, or nobody knows whether a person types there), unknown-right, unknown-covering.
-- not-entitled: the rights seen at that moment say so; where none were seen, what the forge tells with the review, if it
-- was read within seven days (it tells of the day it is read); unknown-right where it says no and was read later. Where
-- nothing tells of it, it is taken that the account might, and that is said (review_signals).
-- not-covering, pushed-after: what was approved is neither the merged head nor proved by git (coverings) to be what
-- landed; pushed-after where a push is known that came after it. Open where the approved commit is not known, git could
-- not tell, or git was not asked and the request holds merges.
-- independent_human_approvals: persons, each counted once, whose last word before the landing is an approval that
-- counts. NULL when the only ones that could are open. 0 when there is none and reviews are covered at the landing, or
-- when approvals are known and none counts; else what its messages state. approvals_given: the same without the tests
-- of what was approved.
-- approval_covers_merged: whether one of those given is of what was merged.
-- checks_succeeded: whether every required check's last run that ended by the landing, on the head (or, of a queue, on
-- what landed), is a success; skipped or neutral is none. A required check that did not run is FALSE where checks are
-- covered. Where it is not known which are required (or none is): all that ran, at least one, and checks must be
-- covered, for others might have run; a check that ended only later leaves it open, unless none ended before.
-- *_succeeded: of that kind, one ran and ended by the landing, and the last run of each name is a success.
-- has_*_scan: of that kind, one ran to its end by the landing, whatever it found; which, change_scans lists.
-- after_reviewed: whether a person who had no part approved it after it landed. FALSE once reviews are covered for
-- seven days from the landing, and there is none.
-- request_older: whether the oldest linked request was opened before the landing; FALSE when it names none.
-- deployed_at: the first deployment of this very commit to production.
--
-- review_signals are signs with their numbers, and no verdicts. They begin at: 50 lines read faster than 5,000 an hour;
-- 400 lines without a word; 20 approvals of one account within an hour; merged within a minute of being opened.
WITH read AS MATERIALIZED (
  -- covered_for(…), written as a join, for it is asked of every change: of each repository its own spans, which hold
  -- what is read of all; those of all where it has none. Spans of one repository do not overlap.
  SELECT named.repository, span.population, span.covers_from, span.covers_until
  FROM (SELECT DISTINCT repository FROM changes_seen) AS named
  INNER JOIN kept.part_coverage AS span ON coalesce(span.part, named.repository) = named.repository
  WHERE span.population IN ('reviews', 'checks', 'requests')
  QUALIFY (span.part IS NOT NULL) = bool_or(span.part IS NOT NULL) OVER (
    PARTITION BY named.repository, span.population
  )
),
merged AS (
  SELECT * FROM requests WHERE merged_at IS NOT NULL OR lower(state) = 'merged'
),
matches AS (
  SELECT changes_seen.position AS id, changes_seen.number AS told_number, merged.*
  FROM changes_seen
  INNER JOIN merged ON merged.repository = changes_seen.repository AND merged.merge_commit = changes_seen.change_id
  UNION ALL
  SELECT changes_seen.position, changes_seen.number, merged.*
  FROM changes_seen
  INNER JOIN merged ON merged.repository = changes_seen.repository AND merged.number = changes_seen.number
  WHERE merged.merge_commit IS DISTINCT FROM changes_seen.change_id
    AND (merged.merge_commit IS NULL OR changes_seen.landing = 'rebase' OR merged.head_commit = changes_seen.head_commit)
  UNION ALL
  SELECT changes_seen.position, changes_seen.number, merged.*
  FROM changes_seen
  INNER JOIN merged
    ON merged.repository = changes_seen.repository AND merged.head_commit = changes_seen.head_commit
  WHERE merged.merge_commit IS NULL AND merged.number IS DISTINCT FROM changes_seen.number
  UNION ALL
  -- Merged by hand and pushed, the forge finds the head on the branch, and names that.
  SELECT changes_seen.position, changes_seen.number, merged.*
  FROM changes_seen
  INNER JOIN merged
    ON merged.repository = changes_seen.repository AND merged.merge_commit = changes_seen.head_commit
  WHERE merged.merge_commit <> changes_seen.change_id
),
requested AS MATERIALIZED (
  SELECT *
  FROM matches
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY number IS DISTINCT FROM told_number, number) = 1
),
-- Numbers that git names and of which the forge says otherwise.
denied AS MATERIALIZED (
  SELECT changes_seen.position AS id, any_value(requests.merge_commit) AS merge_commit
  FROM changes_seen
  INNER JOIN requests ON requests.repository = changes_seen.repository AND requests.number = changes_seen.number
  WHERE changes_seen.position NOT IN (SELECT id FROM requested WHERE number = told_number)
  GROUP BY changes_seen.position
),
pushed AS MATERIALIZED (
  SELECT
    changes_seen.position AS id,
    -- By the first of them: a branch that is set back to a commit says nothing of how that one landed.
    arg_min(lower(pushes.kind) IN ('push', 'force-push'), (pushes.pushed_at, pushes.record)) AS directly,
    min(pushes.pushed_at) AS first_at
  FROM changes_seen
  INNER JOIN pushes ON pushes.repository = changes_seen.repository AND pushes.after_commit = changes_seen.change_id
  GROUP BY changes_seen.position
),
seen AS MATERIALIZED (
  SELECT
    changes_seen.position AS id,
    changes_seen.repository,
    change_id,
    CASE WHEN denied.id IS NULL OR requested.id IS NOT NULL THEN coalesce(requested.number, changes_seen.number) END
      AS number,
    requested.id IS NOT NULL AS is_requested,
    coalesce(changes_seen.head_commit, requested.head_commit) AS head_commit,
    coalesce(changes_seen.head_commit, requested.head_commit, change_id) AS head,
    coalesce(changes_seen.head_commit, requested.head_commit) IS NOT NULL OR landing IN ('direct', 'bot', 'initial')
      AS head_known,
    CASE
      WHEN requested.id IS NOT NULL THEN TRUE
      WHEN pushed.directly THEN FALSE
      WHEN read_requests.covers_from <= landed_at - INTERVAL 1 YEAR THEN FALSE
      WHEN denied.id IS NULL
        THEN coalesce(changes_seen.came_by_pull_request, CASE WHEN changes_seen.number IS NOT NULL THEN TRUE END)
    END AS came_by_pull_request,
    landing IN ('direct', 'bot', 'initial') AS is_plain,
    landed_at,
    coalesce(requested.merged_at, landed_at) AS merged_at,
    coalesce(len(required_checks) > 0, FALSE) AS is_required_known,
    read_reviews.covers_until IS NOT NULL AS reviews_covered,
    coalesce(landed_at + INTERVAL 7 DAY < read_reviews.covers_until, FALSE) AS reviews_covered_after,
    -- Whoever reads a forge's requests reads the checks of their heads and landings, and of what was pushed past them.
    read_checks.covers_until IS NOT NULL AND (
      read_requests.covers_until IS NULL
      OR coalesce(pushed.directly, FALSE)
      OR coalesce(
        coalesce(changes_seen.head_commit, requested.head_commit, change_id)
          IN (requested.head_commit, requested.merge_commit),
        FALSE
      )
    ) AS checks_covered,
    pushed.directly AS is_pushed_directly,
    coalesce(requested.merged_at, pushed.first_at) AS came_at,
    CASE WHEN denied.id IS NOT NULL
      THEN 'git names #' || changes_seen.number || ', which the forge '
        || coalesce('landed by ' || denied.merge_commit, 'did not merge by it') END AS other_number,
    CASE WHEN changes_seen.head_commit <> requested.head_commit
      THEN 'git merged ' || changes_seen.head_commit || ', the last head was ' || requested.head_commit END AS other_head
  FROM changes_seen
  LEFT JOIN requested ON requested.id = changes_seen.position
  LEFT JOIN denied ON denied.id = changes_seen.position
  LEFT JOIN pushed ON pushed.id = changes_seen.position
  LEFT JOIN (SELECT * FROM read WHERE population = 'reviews') AS read_reviews
    ON read_reviews.repository = changes_seen.repository AND read_reviews.covers_from <= landed_at
    AND landed_at < read_reviews.covers_until
  LEFT JOIN (SELECT * FROM read WHERE population = 'checks') AS read_checks
    ON read_checks.repository = changes_seen.repository AND read_checks.covers_from <= landed_at
    AND landed_at < read_checks.covers_until
  LEFT JOIN (SELECT * FROM read WHERE population = 'requests') AS read_requests
    ON read_requests.repository = changes_seen.repository AND read_requests.covers_from <= landed_at
    AND landed_at < read_requests.covers_until
),
-- What happened on the request by the landing.
events AS MATERIALIZED (
  SELECT
    seen.id,
    max(request_events.happened_at) FILTER (lower(kind) IN ('pushed', 'force-pushed')) AS last_push,
    coalesce(list(DISTINCT actor ORDER BY actor) FILTER (lower(kind) = 'agent-started' AND actor IS NOT NULL), [])
      AS drivers,
    coalesce(
      list(DISTINCT CASE WHEN lower(kind) = 'via-app' THEN detail ELSE 'merged' END || ' by ' || actor || ' through ' || via_app)
        FILTER (lower(kind) IN ('merged', 'auto-merge-on', 'queued', 'via-app') AND actor || via_app IS NOT NULL),
      []
    ) AS merged_through
  FROM seen
  INNER JOIN request_events ON request_events.repository = seen.repository AND request_events.number = seen.number
  WHERE request_events.happened_at <= seen.merged_at
  GROUP BY seen.id
),
work AS MATERIALIZED (
  SELECT
    seen.id,
    list_filter([own.author, own.author_login], lambda said: said IS NOT NULL) AS authors,
    list_filter([own.committer, own.committer_login], lambda said: said IS NOT NULL) AS committers,
    coalesce(own.co_authors, []) AS co_authors,
    contains(lower(coalesce(own.author_login, own.author, '')), '[bot]') AS by_bot,
    coalesce(len(own.agents), 0) > 0 AS with_agent,
    CASE
      WHEN len(own.agents) > 0 AND NOT contains(lower(coalesce(own.author_login, own.author)), '[bot]')
        THEN 'a commit by ' || own.author_login || ' names ' || array_to_string(own.agents, ', ')
    END AS agent_named,
    coalesce(len(own.parents), 0) > 1 AS is_merge,
    own.committed_at,
    own.committed_at <= seen.merged_at AS is_before
  FROM seen
  INNER JOIN request_commits AS own ON own.repository = seen.repository AND own.number = seen.number
),
worked AS MATERIALIZED (
  SELECT
    id,
    bool_or(is_merge) AS has_merges,
    bool_or(by_bot OR with_agent) AS has_agent,
    max(committed_at) FILTER (is_before) AS last_commit,
    max(committed_at) FILTER (is_before AND with_agent) AS last_agent_commit,
    list(DISTINCT agent_named) FILTER (agent_named IS NOT NULL) AS agents_named
  FROM work
  GROUP BY id
),
dismissals AS MATERIALIZED (
  SELECT
    repository,
    review_id,
    min(happened_at) AS dismissed_at,
    bool_or(contains(lower(coalesce(detail, '')), 'changes')) AS was_against
  FROM request_events
  WHERE lower(kind) = 'review-dismissed' AND review_id IS NOT NULL
  GROUP BY repository, review_id
),
judged AS (
  SELECT
    repository, number, commit, review_id, reviewer, is_bot, lower(state) AS state, submitted_at, via_app, may_push,
    observed_at <= submitted_at + INTERVAL 7 DAY AS is_of_then, body_length, line_comments
  FROM reviews
  WHERE lower(state) IN ('approved', 'changes-requested', 'dismissed')
  UNION ALL
  SELECT
    repository, number, NULL, 'event ' || event_id, actor, actor_kind <> 'user', 'withdrawn', happened_at, NULL, NULL,
    NULL, NULL, NULL
  FROM request_events
  WHERE lower(kind) = 'approval-withdrawn' AND actor IS NOT NULL
),
met AS (
  SELECT seen.id, judged.* EXCLUDE (number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.number = seen.number
  UNION ALL
  SELECT seen.id, judged.* EXCLUDE (number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.commit = seen.head
  WHERE judged.number IS NULL
  UNION ALL
  SELECT seen.id, judged.* EXCLUDE (number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.commit = seen.head
  WHERE judged.number IS NOT NULL AND seen.number IS NULL
  UNION ALL
  SELECT seen.id, judged.* EXCLUDE (number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.commit = seen.change_id
  WHERE seen.change_id <> seen.head AND judged.number IS NULL
  UNION ALL
  SELECT seen.id, judged.* EXCLUDE (number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.commit = seen.change_id
  WHERE seen.change_id <> seen.head AND judged.number IS NOT NULL AND seen.number IS NULL
),
-- What was dismissed only after the landing stood at the landing.
reviewed AS MATERIALIZED (
  SELECT
    met.* EXCLUDE (state),
    seen.change_id,
    seen.head,
    seen.head_known,
    seen.merged_at,
    CASE
      WHEN dismissals.dismissed_at <= seen.merged_at THEN 'dismissed'
      WHEN dismissals.dismissed_at IS NOT NULL AND state = 'dismissed'
        THEN CASE WHEN dismissals.was_against THEN 'changes-requested' ELSE 'approved' END
      ELSE state
    END AS state
  FROM met
  INNER JOIN seen ON seen.id = met.id
  LEFT JOIN dismissals ON dismissals.repository = met.repository AND dismissals.review_id = met.review_id
),
-- Accounts that are no person's (TRUE), and those that several share (FALSE).
machines AS (
  SELECT account, bool_or(is_machine) AS is_machine
  FROM (
    SELECT account_of(unnest(accounts)) AS account, TRUE AS is_machine FROM agents
    UNION ALL
    SELECT account_of(account), kind <> 'shared' FROM accounts WHERE kind IN ('agent', 'service', 'shared')
  )
  GROUP BY account
),
owners AS (
  SELECT account_of(unnest(accounts)) AS account, owner FROM agents
  UNION
  SELECT account_of(account), owner FROM accounts WHERE kind = 'agent' AND owner IS NOT NULL
),
wrote AS MATERIALIZED (
  SELECT id, told, part
  FROM (
    SELECT position AS id, author AS told, 'author' AS part FROM changes_seen
    UNION ALL
    SELECT position, unnest(participants), 'participant' FROM changes_seen
    UNION ALL
    SELECT id, author, 'author' FROM requested WHERE author IS NOT NULL
    UNION ALL
    SELECT id, unnest(authors), 'author' FROM work
    UNION ALL
    SELECT id, unnest(list_concat(committers, co_authors)), 'participant' FROM work
    UNION ALL
    SELECT id, unnest(co_authors), 'drives' FROM work WHERE by_bot
    UNION ALL
    -- Who started an agent drives it where it wrote something; to be asked for a review is no writing.
    SELECT events.id, unnest(events.drivers), 'drives'
    FROM events
    LEFT JOIN worked ON worked.id = events.id
    LEFT JOIN requested ON requested.id = events.id
    WHERE worked.id IS NULL OR worked.has_agent OR requested.author_kind IN ('bot', 'app')
  )
  WHERE id IN (SELECT reviewed.id FROM reviewed)
),
owned AS (
  SELECT told, owners.owner
  FROM (SELECT DISTINCT told FROM wrote)
  INNER JOIN owners ON owners.account = account_of(told)
),
parties AS MATERIALIZED (
  SELECT id, told, part FROM wrote
  UNION ALL
  SELECT wrote.id, owned.owner, 'drives' FROM wrote INNER JOIN owned ON owned.told = wrote.told
),
-- Addresses and logins that the forge says are of one account (request_commits).
joined AS (
  SELECT address, login FROM kept.joined
),
names AS MATERIALIZED (
  SELECT told, account_of(told) AS account
  FROM (SELECT told FROM parties UNION SELECT reviewer FROM reviewed WHERE reviewer IS NOT NULL)
),
near AS (
  SELECT told, account AS key FROM names
  UNION
  SELECT names.told, joined.login FROM names INNER JOIN joined ON joined.address = names.account
  UNION
  SELECT names.told, joined.address FROM names INNER JOIN joined ON joined.login = names.account
),
keys AS (
  SELECT told, key FROM near
  UNION
  SELECT near.told, joined.address FROM near INNER JOIN joined ON joined.login = near.key
),
known AS (
  SELECT
    keys.told,
    list(DISTINCT keys.key ORDER BY keys.key) AS keys,
    coalesce(list(DISTINCT own.person ORDER BY own.person) FILTER (own.person IS NOT NULL), []) AS persons
  FROM keys
  LEFT JOIN kept.identities AS own ON own.account = keys.key
  GROUP BY keys.told
),
whose AS MATERIALIZED (
  SELECT
    names.told,
    names.account,
    known.keys,
    known.persons,
    names.account IN (SELECT address FROM joined) AS is_joined,
    CASE WHEN len(known.persons) = 1 THEN 'person ' || known.persons[1] ELSE known.keys[1] END AS who,
    coalesce(machines.is_machine, FALSE) OR contains(names.account, '[bot]') AS is_machine,
    coalesce(NOT machines.is_machine, FALSE) AS is_shared
  FROM names
  INNER JOIN known ON known.told = names.told
  LEFT JOIN machines ON machines.account = names.account
),
-- Which accounts of reviewers are a party's: decided once for each two names, not for each review.
pairs AS MATERIALIZED (
  SELECT DISTINCT reviewed.reviewer, parties.told FROM reviewed INNER JOIN parties ON parties.id = reviewed.id
),
same AS MATERIALIZED (
  SELECT pairs.reviewer, pairs.told
  FROM pairs
  INNER JOIN whose AS one ON one.told = pairs.reviewer
  INNER JOIN whose AS other ON other.told = pairs.told
  WHERE list_has_any(one.keys, other.keys)
    OR list_has_any(one.persons, other.persons)
    OR (
      (len(one.persons) = 0 OR len(other.persons) = 0)
      AND (
        (
          NOT contains(one.account, '@') AND NOT other.is_joined
          AND other.account LIKE replace(replace(one.account, '_', '!_'), '%', '!%') || '@%' ESCAPE '!'
        )
        OR (
          NOT contains(other.account, '@') AND NOT one.is_joined
          AND one.account LIKE replace(replace(other.account, '_', '!_'), '%', '!%') || '@%' ESCAPE '!'
        )
      )
    )
),
had_part AS (
  SELECT
    parties.id,
    same.reviewer,
    bool_or(parties.part = 'author') AS is_author,
    bool_or(parties.part = 'participant') AS is_participant,
    bool_or(parties.part = 'drives') AS drives
  FROM parties
  INNER JOIN same ON same.told = parties.told
  GROUP BY parties.id, same.reviewer
),
-- Rights to merge that were seen at the moment of a review.
rights AS (
  SELECT
    repository,
    account_of(account) AS account,
    can_merge,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 DAY) AS until
  FROM path_rights
),
entitled AS (
  SELECT reviewed.id, reviewed.review_id, bool_or(rights.can_merge) AS may
  FROM reviewed
  INNER JOIN whose ON whose.told = reviewed.reviewer
  INNER JOIN rights ON rights.repository = reviewed.repository AND rights.account = whose.account
  WHERE rights.starts <= reviewed.submitted_at AND rights.until > reviewed.submitted_at
  GROUP BY reviewed.id, reviewed.review_id
),
employed AS (
  SELECT person, min(starts_at) AS starts_at, max(coalesce(ends_at, 'infinity'::TIMESTAMP)) AS ends_at
  FROM people
  GROUP BY person
),
trees AS (
  SELECT repository, commit, any_value(tree) AS tree
  FROM request_commits
  WHERE tree IS NOT NULL
  GROUP BY repository, commit
),
-- An approval's tests that say no, what leaves it open, and whether it is of what landed.
weighed AS MATERIALIZED (
  SELECT
    reviewed.id,
    reviewed.review_id,
    coalesce(reviewed.reviewer, '(an account that is gone)') AS login,
    coalesce(whose.who, 'review ' || reviewed.review_id) AS who,
    reviewed.state,
    reviewed.submitted_at,
    reviewed.merged_at,
    reviewed.via_app,
    reviewed.body_length + reviewed.line_comments AS said,
    coalesce(reviewed.is_bot, FALSE) OR coalesce(whose.is_machine, FALSE) AS is_bot,
    reviewed.reviewer IS NULL OR reviewed.is_bot IS NULL OR coalesce(whose.is_shared, FALSE) AS is_unknown,
    coalesce(had_part.is_author, FALSE) AS is_author,
    coalesce(had_part.is_participant AND NOT had_part.is_author, FALSE) AS is_participant,
    coalesce(had_part.drives, FALSE) AS drives,
    NOT coalesce(entitled.may, reviewed.may_push OR NOT reviewed.is_of_then, TRUE) AS lacks_right,
    coalesce(entitled.may IS NULL AND NOT reviewed.may_push AND NOT reviewed.is_of_then, FALSE) AS is_right_unknown,
    entitled.may IS NULL AND reviewed.may_push IS NULL AS is_right_untold,
    coalesce(
      reviewed.submitted_at < employed.starts_at OR reviewed.submitted_at >= employed.ends_at, FALSE
    ) AS is_away,
    CASE
      WHEN own.covers IS NOT NULL THEN own.covers
      WHEN reviewed.commit = reviewed.change_id THEN TRUE
      WHEN reviewed.commit = reviewed.head OR approved_tree.tree = head_tree.tree THEN coalesce(of_head.covers, TRUE)
      WHEN own.change_id IS NULL AND reviewed.commit IS NOT NULL AND reviewed.head_known
        AND NOT coalesce(worked.has_merges, FALSE) THEN FALSE
    END AS covers,
    coalesce(events.last_push > reviewed.submitted_at, FALSE) AS is_pushed_after
  FROM reviewed
  LEFT JOIN whose ON whose.told = reviewed.reviewer
  LEFT JOIN had_part ON had_part.id = reviewed.id AND had_part.reviewer = reviewed.reviewer
  LEFT JOIN entitled ON entitled.id = reviewed.id AND entitled.review_id = reviewed.review_id
  LEFT JOIN employed ON len(whose.persons) = 1 AND employed.person = whose.persons[1]
  LEFT JOIN coverings AS own
    ON own.repository = reviewed.repository AND own.change_id = reviewed.change_id AND own.commit = reviewed.commit
  LEFT JOIN coverings AS of_head
    ON of_head.repository = reviewed.repository AND of_head.change_id = reviewed.change_id
    AND of_head.commit = reviewed.head
  LEFT JOIN trees AS approved_tree
    ON approved_tree.repository = reviewed.repository AND approved_tree.commit = reviewed.commit
  LEFT JOIN trees AS head_tree ON head_tree.repository = reviewed.repository AND head_tree.commit = reviewed.head
  LEFT JOIN events ON events.id = reviewed.id
  LEFT JOIN worked ON worked.id = reviewed.id
),
last_words AS MATERIALIZED (
  SELECT
    id,
    who,
    max({
      'at': submitted_at, 'against': state <> 'approved', 'review': review_id, 'state': state, 'login': login,
      'covers': covers, 'pushed': is_pushed_after, 'lacks_right': lacks_right, 'right_unknown': is_right_unknown,
      'away': is_away, 'app': via_app,
      'said': said, 'right_untold': is_right_untold
    }) FILTER (submitted_at <= merged_at) AS word,
    min(submitted_at) FILTER (
      submitted_at > merged_at AND state = 'approved' AND NOT lacks_right AND NOT is_right_unknown AND NOT is_away
      AND coalesce(covers, TRUE)
    ) AS approved_after,
    min(login) AS login,
    bool_or(state <> 'changes-requested') AS named,
    bool_or(is_bot) AS is_bot,
    bool_or(is_unknown) AND NOT bool_or(is_bot) AS is_unknown,
    bool_or(is_author) AS is_author,
    bool_or(is_participant) AND NOT bool_or(is_author) AS is_participant,
    bool_or(drives) AS drives
  FROM weighed
  GROUP BY id, who
),
tested AS MATERIALIZED (
  SELECT
    id,
    who,
    coalesce(word.login, login) AS login,
    word,
    named,
    is_unknown,
    CASE WHEN NOT (is_bot OR is_author OR is_participant OR drives) THEN approved_after END AS approved_after,
    is_bot OR is_author OR is_participant OR drives AS is_barred,
    coalesce(word.state, '') = 'approved' AS approves,
    list_filter([
      CASE WHEN is_bot THEN 'bot' END,
      CASE WHEN is_author THEN 'author' END,
      CASE WHEN is_participant THEN 'participant' END,
      CASE WHEN drives THEN 'drives-the-agent' END,
      CASE
        WHEN is_bot OR is_author OR is_participant OR drives THEN NULL
        WHEN word IS NULL THEN 'after-landing'
        WHEN word.state = 'dismissed' THEN 'dismissed'
        WHEN word.state <> 'approved' THEN 'withdrawn'
      END,
      CASE WHEN word.state = 'approved' AND word.lacks_right THEN 'not-entitled' END,
      CASE WHEN word.state = 'approved' AND word.away THEN 'not-active' END
    ], lambda test: test IS NOT NULL) AS failed,
    CASE WHEN word.state = 'approved' AND NOT word.covers
      THEN CASE WHEN word.pushed THEN 'pushed-after' ELSE 'not-covering' END END AS not_covering,
    list_filter([
      CASE WHEN is_unknown THEN 'unknown-account' END,
      CASE WHEN word.state = 'approved' AND word.right_unknown THEN 'unknown-right' END,
      CASE WHEN word.state = 'approved' AND word.covers IS NULL THEN 'unknown-covering' END
    ], lambda test: test IS NOT NULL) AS open
  FROM last_words
),
approved AS (
  SELECT
    id,
    count(*) FILTER (len(failed) = 0 AND NOT is_unknown AND NOT word.right_unknown) AS given,
    count(*) FILTER (len(failed) = 0 AND (is_unknown OR word.right_unknown)) AS perhaps_given,
    bool_or(word.covers) FILTER (len(failed) = 0) AS covers,
    bool_or(word.covers IS NULL) FILTER (len(failed) = 0) AS perhaps_covers,
    count(*) FILTER (len(failed) = 0 AND not_covering IS NULL AND len(open) = 0) AS approvals,
    count(*) FILTER (len(failed) = 0 AND not_covering IS NULL AND len(open) > 0) AS perhaps,
    list(DISTINCT login ORDER BY login) FILTER (len(failed) = 0 AND not_covering IS NULL AND len(open) = 0)
      AS approvers,
    max(word.at) FILTER (len(failed) = 0 AND not_covering IS NULL AND len(open) = 0) AS approved_at,
    list(DISTINCT login ORDER BY login) FILTER (
      len(failed) = 0 AND not_covering IS NULL AND len(open) = 0 AND word.right_untold
    ) AS untold,
    bool_and(word.said = 0) FILTER (len(failed) = 0 AND not_covering IS NULL AND len(open) = 0) AS is_silent,
    min(approved_after) FILTER (NOT is_unknown) AS approved_after,
    bool_or(approved_after IS NOT NULL AND is_unknown) AS perhaps_after,
    bool_or(named) AS named,
    list_sort(flatten(list(
      list_transform(list_concat(failed, [not_covering], open), lambda test: login || ': ' || test)
    ) FILTER (named))) AS rejected
  FROM tested
  GROUP BY id
),
-- Of a queue, the checks ran on the very commit that landed, before the branch was moved to it.
ran_on AS (
  SELECT seen.id, seen.merged_at, seen.is_required_known, checks.kind, checks.name, checks.completed_at,
    checks.conclusion, checks.check_id
  FROM seen
  INNER JOIN checks ON checks.repository = seen.repository AND checks.commit = seen.head
  UNION ALL
  SELECT seen.id, seen.merged_at, seen.is_required_known, checks.kind, checks.name, checks.completed_at,
    checks.conclusion, checks.check_id
  FROM seen
  INNER JOIN checks ON checks.repository = seen.repository AND checks.commit = seen.change_id
  WHERE seen.change_id <> seen.head AND checks.completed_at <= seen.merged_at
),
ran AS (
  SELECT
    id,
    any_value(is_required_known) AS is_required_known,
    kind,
    name,
    max({'at': completed_at, 'against': conclusion <> 'success', 'check': check_id})
      FILTER (completed_at <= merged_at) AS last_run,
    coalesce(bool_or(completed_at <= merged_at AND conclusion IN ('success', 'failure', 'neutral')), FALSE) AS has_run
  FROM ran_on
  GROUP BY id, kind, name
),
checked AS (
  SELECT
    id,
    list(name ORDER BY name) FILTER (is_required_known AND NOT last_run.against) AS succeeded,
    list(name ORDER BY name) FILTER (is_required_known AND (last_run IS NULL OR last_run.against)) AS not_succeeded,
    coalesce(bool_or(last_run.against), FALSE) AS some_failed,
    bool_or(last_run IS NOT NULL) AS some_ended,
    bool_or(last_run IS NULL) AS some_late,
    max(last_run.at) AS last_ended,
    bool_and(NOT last_run.against) FILTER (kind = 'static-analysis') AS static_analysis,
    bool_and(NOT last_run.against) FILTER (kind = 'tenant-isolation') AS isolation_tests,
    bool_and(NOT last_run.against) FILTER (kind = 'evaluation') AS evaluation,
    bool_or(kind = 'static-analysis') AS has_static_analysis,
    bool_or(kind = 'tenant-isolation') AS has_isolation_tests,
    bool_or(kind = 'evaluation') AS has_evaluation,
    bool_or(kind = 'dependency-scan' AND has_run) AS has_dependency_scan,
    bool_or(kind = 'secret-scan' AND has_run) AS has_secret_scan
  FROM ran
  GROUP BY id
),
deployed AS (
  SELECT seen.id, min(deployments.deployed_at) AS deployed_at
  FROM seen
  INNER JOIN deployments ON deployments.repository = seen.repository AND deployments.commit = seen.change_id
  WHERE deployments.is_production
  GROUP BY seen.id
),
-- The forge's own word on whether the rules held when this commit became the branch's tip for the first time.
ruled AS (
  SELECT id, bool_or(is_bypass) AS is_bypass
  FROM (
    SELECT seen.id, seen.came_at, said.is_bypass, said.said_at, min(said.said_at) OVER (PARTITION BY seen.id) AS first_at
    FROM seen
    INNER JOIN (
      SELECT repository, after_commit, evaluated_at AS said_at, lower(result) = 'bypass' AS is_bypass
      FROM rule_suites
      WHERE lower(result) IN ('pass', 'bypass')
      UNION ALL
      SELECT repository, CASE WHEN json_valid(detail) THEN json_extract_string(detail, '$.after') END, happened_at, TRUE
      FROM audit_events
      WHERE action = 'protected_branch.policy_override'
    ) AS said ON said.repository = seen.repository AND said.after_commit = seen.change_id
  )
  WHERE said_at <= coalesce(came_at, first_at) + INTERVAL 10 MINUTE
  GROUP BY id
),
-- How many approvals an account gave within the hour before and with each of its own.
busy AS (
  SELECT
    reviewer,
    submitted_at,
    count(*) OVER (PARTITION BY reviewer ORDER BY submitted_at RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND CURRENT ROW)
      AS within_an_hour
  FROM main.reviews
  WHERE lower(state) IN ('approved', 'dismissed') AND NOT is_bot AND reviewer IN (SELECT reviewer FROM reviewed)
    AND submitted_at BETWEEN (SELECT min(submitted_at) - INTERVAL 1 HOUR FROM reviewed) AND (SELECT max(submitted_at) FROM reviewed)
),
hurried AS (
  SELECT weighed.id, max(weighed.login || ' gave ' || busy.within_an_hour || ' approvals within an hour') AS said
  FROM weighed
  INNER JOIN busy ON busy.reviewer = weighed.login AND busy.submitted_at = weighed.submitted_at
  WHERE busy.within_an_hour >= 20 AND weighed.state = 'approved' AND weighed.submitted_at <= weighed.merged_at
  GROUP BY weighed.id
),
through AS (
  SELECT id, list(DISTINCT 'approved by ' || login || ' through ' || via_app) AS said
  FROM weighed
  WHERE state = 'approved' AND via_app IS NOT NULL AND NOT is_bot
  GROUP BY id
),
judgement AS (
  SELECT
    told.position AS id,
    CASE
      WHEN approved.approvals > 0 THEN approved.approvals
      WHEN approved.perhaps > 0 THEN NULL
      WHEN seen.reviews_covered AND (seen.number IS NOT NULL OR NOT seen.came_by_pull_request OR seen.is_plain) THEN 0
      WHEN approved.named THEN 0
      ELSE told.stated_approvals
    END AS approvals,
    CASE
      WHEN approved.given > 0 THEN approved.given
      WHEN approved.perhaps_given > 0 THEN NULL
      WHEN seen.reviews_covered AND (seen.number IS NOT NULL OR NOT seen.came_by_pull_request OR seen.is_plain) THEN 0
      WHEN approved.named THEN 0
      ELSE told.stated_approvals
    END AS given,
    CASE
      WHEN approved.approved_after IS NOT NULL THEN TRUE
      WHEN approved.perhaps_after THEN NULL
      WHEN seen.reviews_covered_after AND (seen.number IS NOT NULL OR NOT seen.came_by_pull_request OR seen.is_plain)
        THEN FALSE
    END AS after_reviewed,
    requested.added_lines + requested.removed_lines AS changed_lines,
    -- When what was approved was there at the latest: pushed, opened, committed.
    greatest(
      requested.opened_at,
      CASE WHEN events.last_push <= approved.approved_at THEN events.last_push END,
      CASE WHEN worked.last_commit <= approved.approved_at THEN worked.last_commit END
    ) AS ready_at
  FROM changes_seen AS told
  INNER JOIN seen ON seen.id = told.position
  LEFT JOIN approved ON approved.id = told.position
  LEFT JOIN requested ON requested.id = told.position
  LEFT JOIN events ON events.id = told.position
  LEFT JOIN worked ON worked.id = told.position
)
SELECT
  told.change_id,
  seen.number,
  told.landed_at,
  told.landing,
  told.subject,
  told.author,
  CASE
    WHEN told.attribution IN ('ai-tracked', 'ai-declared', 'human-tracked', 'automation') THEN told.attribution
    ELSE 'unknown'
  END AS attribution,
  told.landing = 'initial' AS is_initial_import,
  told.attribution = 'automation' AS automation_only,
  seen.came_by_pull_request,
  CASE
    WHEN told.landing = 'initial' THEN 'exempt'
    WHEN judgement.approvals > 0 THEN 'reviewed'
    WHEN judgement.approvals IS NULL THEN 'unknown'
    WHEN judgement.after_reviewed THEN 'after-review'
    ELSE 'not-reviewed'
  END AS review_verdict,
  judgement.approvals AS independent_human_approvals,
  coalesce(approved.approvers, []) AS approvers,
  approved.approved_at,
  judgement.given AS approvals_given,
  list_sort(list_distinct(list_concat(
    list_transform(coalesce(approved.rejected, []), lambda one: regexp_extract(one, '[a-z-]+$')),
    coalesce(told.stated_rejections, [])
  ))) AS approvals_rejected_for,
  coalesce(list_filter(approved.rejected, lambda one: one IS NOT NULL), []) AS rejected_approvals,
  list_filter([
    CASE
      WHEN len(approved.untold) > 0
        THEN 'whether ' || array_to_string(approved.untold, ', ') || ' might approve is told nowhere'
    END,
    CASE
      WHEN judgement.changed_lines >= 50 AND judgement.ready_at <= approved.approved_at
        AND date_diff('second', judgement.ready_at, approved.approved_at) * 5000 < judgement.changed_lines * 3600
        THEN judgement.changed_lines || ' lines approved '
          || date_diff('second', judgement.ready_at, approved.approved_at) || ' s after the last push'
    END,
    CASE
      WHEN judgement.changed_lines >= 400 AND approved.is_silent AND requested.comment_count = 0
        THEN judgement.changed_lines || ' lines approved without a comment'
    END,
    hurried.said,
    CASE
      WHEN checked.last_ended > approved.approved_at
        THEN 'approved ' || date_diff('second', approved.approved_at, checked.last_ended) || ' s before the last check ended'
    END,
    CASE
      WHEN date_diff('second', requested.opened_at, requested.merged_at) BETWEEN 0 AND 59
        THEN 'merged ' || date_diff('second', requested.opened_at, requested.merged_at) || ' s after it was opened'
    END
  ], lambda sign: sign IS NOT NULL) AS review_signals,
  list_sort(list_concat(
    coalesce(through.said, []),
    coalesce(events.merged_through, []),
    coalesce(worked.agents_named, []),
    list_filter([
      CASE
        WHEN date_diff('second', worked.last_agent_commit, approved.approved_at) BETWEEN 0 AND 29
          THEN 'approved ' || date_diff('second', worked.last_agent_commit, approved.approved_at)
            || ' s after the agent''s commit'
      END,
      CASE
        WHEN date_diff('second', worked.last_agent_commit, requested.merged_at) BETWEEN 0 AND 29
          THEN coalesce('merged by ' || requested.merged_by, 'merged') || ' '
            || date_diff('second', worked.last_agent_commit, requested.merged_at) || ' s after the agent''s commit'
      END
    ], lambda sign: sign IS NOT NULL)
  )) AS agent_under_login,
  CASE WHEN approved.covers THEN TRUE WHEN NOT approved.perhaps_covers THEN approved.covers END AS approval_covers_merged,
  CASE
    WHEN len(told.required_checks) > 0 THEN
      CASE
        WHEN list_has_all(coalesce(checked.succeeded, []), told.required_checks)
          AND NOT list_has_any(coalesce(checked.not_succeeded, []), told.required_checks) THEN TRUE
        WHEN list_has_any(coalesce(checked.not_succeeded, []), told.required_checks) THEN FALSE
        WHEN seen.checks_covered AND seen.head_known THEN FALSE
      END
    WHEN checked.some_failed THEN FALSE
    WHEN NOT seen.checks_covered THEN NULL
    WHEN checked.id IS NULL THEN CASE WHEN seen.head_known THEN FALSE END
    WHEN NOT checked.some_ended THEN FALSE
    WHEN NOT checked.some_late THEN TRUE
  END AS checks_succeeded,
  greatest(told.request_mentions, len(requested.linked_issues)) AS request_mentions,
  coalesce(told.emergency, FALSE)
    OR coalesce(list_has_any(
      list_transform(requested.labels, lambda label: lower(label)), ['emergency', 'hotfix', 'break-glass', 'break glass']
    ), FALSE) AS emergency,
  judgement.after_reviewed,
  business_days(told.landed_at, approved.approved_after) AS after_review_business_days,
  told.ai_tool_named,
  coalesce(told.attribution_conflict, FALSE) AS attribution_conflict,
  coalesce(len(told.guarded_paths), 0) > 0 AS touches_guarded_paths,
  coalesce(told.guarded_paths, []) AS guarded_paths,
  told.guarded_owner_approved,
  told.repository,
  coalesce(requested.merged_by, told.merged_by) AS merged_by,
  seen.head_commit,
  requested.author AS request_author,
  requested.opened_at,
  judgement.changed_lines,
  list_filter([seen.other_number, seen.other_head], lambda said: said IS NOT NULL) AS request_conflicts,
  coalesce(ruled.is_bypass, told.bypassed_rules, CASE WHEN NOT seen.is_requested AND seen.is_pushed_directly THEN TRUE END)
    AS bypassed_rules,
  CASE
    WHEN least(told.request_opened_at, requested.linked_opened_at) IS NOT NULL
      THEN least(told.request_opened_at, requested.linked_opened_at) < told.landed_at
    WHEN greatest(told.request_mentions, len(requested.linked_issues)) = 0 THEN FALSE
  END AS request_older,
  CASE
    WHEN checked.has_static_analysis THEN coalesce(checked.static_analysis, FALSE)
    WHEN seen.checks_covered AND seen.head_known THEN FALSE
  END AS static_analysis_succeeded,
  CASE
    WHEN checked.has_isolation_tests THEN coalesce(checked.isolation_tests, FALSE)
    WHEN seen.checks_covered AND seen.head_known THEN FALSE
  END AS isolation_tests_succeeded,
  CASE
    WHEN checked.has_evaluation THEN coalesce(checked.evaluation, FALSE)
    WHEN seen.checks_covered AND seen.head_known THEN FALSE
  END AS evaluation_succeeded,
  CASE WHEN checked.has_dependency_scan THEN TRUE WHEN seen.checks_covered AND seen.head_known THEN FALSE END
    AS has_dependency_scan,
  CASE WHEN checked.has_secret_scan THEN TRUE WHEN seen.checks_covered AND seen.head_known THEN FALSE END
    AS has_secret_scan,
  told.touches_prompts,
  told.touches_infrastructure,
  told.touches_migrations,
  told.touches_dependencies,
  deployed.deployed_at,
  told.record
FROM changes_seen AS told
INNER JOIN seen ON seen.id = told.position
INNER JOIN judgement ON judgement.id = told.position
LEFT JOIN approved ON approved.id = told.position
LEFT JOIN requested ON requested.id = told.position
LEFT JOIN events ON events.id = told.position
LEFT JOIN worked ON worked.id = told.position
LEFT JOIN checked ON checked.id = told.position
LEFT JOIN deployed ON deployed.id = told.position
LEFT JOIN ruled ON ruled.id = told.position
LEFT JOIN hurried ON hurried.id = told.position
LEFT JOIN through ON through.id = told.position
