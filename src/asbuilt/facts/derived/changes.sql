-- Each change with what stands around it: reviews, checks, deployments, and what its own messages state.
--
-- Which reviews are of it: those on its request; and those on its head or on itself that name no request, or when its
-- own is not known. Who is who: two accounts are one person when they are the same after account_of, when the people
-- list gives both to one person, or when a login is the local part of the other's address and the list does not tell
-- the two apart: too near to call independent.
--
-- independent_human_approvals: persons, each counted once, whose last word before the landing (an approval, a request
-- for changes, a dismissal) is an approval, who are no bot and had no part in the change. 0 when there is none and
-- reviews are covered at the landing, or when approvals are known and none counts; else what its messages state. A
-- request that brought it but whose number is not known leaves open which reviews are its own.
-- approvals_rejected_for: why approvals do not count, and what its messages state likewise: author, participant, bot,
-- after-landing, withdrawn (the same person asked for changes later), dismissed.
-- approval_covers_merged: whether the last approval that counts is on the head that was merged. NULL without one,
-- without its commit, or without the head (then only an approval of the change itself is TRUE).
-- checks_succeeded: whether every required check's last run that ended by the landing, on the head, is a success;
-- skipped or neutral is none. A required check that did not run is FALSE where checks are covered. Where it is not
-- known which are required (or none is): all that ran, at least one, and checks must be covered, for others might have
-- run; a check that ended only later leaves it open, unless none ended before.
-- *_succeeded: of that kind, one ran and ended by the landing, and the last run of each name is a success.
-- after_reviewed: whether a person who had no part approved it after it landed. FALSE once reviews are covered for
-- seven days from the landing, and there is none.
-- request_older: whether the oldest linked request was opened before the landing; FALSE when it names none.
-- deployed_at: the first deployment of this very commit to production.
WITH read AS MATERIALIZED (
  -- covered_for(…), written as a join, for it is asked of every change: of each repository its own spans, which hold
  -- what is read of all; those of all where it has none. Spans of one repository do not overlap.
  SELECT named.repository, span.population, span.covers_from, span.covers_until
  FROM (SELECT DISTINCT repository FROM changes_seen) AS named
  INNER JOIN kept.part_coverage AS span ON coalesce(span.part, named.repository) = named.repository
  WHERE span.population IN ('reviews', 'checks')
  QUALIFY (span.part IS NOT NULL) = bool_or(span.part IS NOT NULL) OVER (
    PARTITION BY named.repository, span.population
  )
),
seen AS MATERIALIZED (
  SELECT
    position AS id,
    changes_seen.repository,
    change_id,
    number,
    head_commit,
    coalesce(head_commit, change_id) AS head,
    head_commit IS NOT NULL OR landing IN ('direct', 'bot', 'initial') AS head_known,
    number IS NOT NULL OR coalesce(NOT came_by_pull_request, FALSE) OR landing IN ('direct', 'bot', 'initial')
      AS request_known,
    landed_at,
    coalesce(len(required_checks) > 0, FALSE) AS is_required_known,
    read_reviews.covers_until IS NOT NULL AS reviews_covered,
    coalesce(landed_at + INTERVAL 7 DAY < read_reviews.covers_until, FALSE) AS reviews_covered_after,
    read_checks.covers_until IS NOT NULL AS checks_covered
  FROM changes_seen
  LEFT JOIN (SELECT * FROM read WHERE population = 'reviews') AS read_reviews
    ON read_reviews.repository = changes_seen.repository AND read_reviews.covers_from <= landed_at
    AND landed_at < read_reviews.covers_until
  LEFT JOIN (SELECT * FROM read WHERE population = 'checks') AS read_checks
    ON read_checks.repository = changes_seen.repository AND read_checks.covers_from <= landed_at
    AND landed_at < read_checks.covers_until
),
judged AS (
  SELECT repository, number, commit, review_id, reviewer, is_bot, lower(state) AS state, submitted_at
  FROM reviews
  WHERE lower(state) IN ('approved', 'changes-requested', 'dismissed')
),
reviewed AS MATERIALIZED (
  SELECT seen.id, seen.landed_at, judged.* EXCLUDE (repository, number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.number = seen.number
  UNION ALL
  SELECT seen.id, seen.landed_at, judged.* EXCLUDE (repository, number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.commit = seen.head
  WHERE judged.number IS NULL
  UNION ALL
  SELECT seen.id, seen.landed_at, judged.* EXCLUDE (repository, number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.commit = seen.head
  WHERE judged.number IS NOT NULL AND seen.number IS NULL
  UNION ALL
  SELECT seen.id, seen.landed_at, judged.* EXCLUDE (repository, number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.commit = seen.change_id
  WHERE seen.change_id <> seen.head AND judged.number IS NULL
  UNION ALL
  SELECT seen.id, seen.landed_at, judged.* EXCLUDE (repository, number)
  FROM seen
  INNER JOIN judged ON judged.repository = seen.repository AND judged.commit = seen.change_id
  WHERE seen.change_id <> seen.head AND judged.number IS NOT NULL AND seen.number IS NULL
),
parties AS MATERIALIZED (
  SELECT id, told, is_author
  FROM (
    SELECT position AS id, author AS told, TRUE AS is_author FROM changes_seen
    UNION ALL
    SELECT position, unnest(participants), FALSE FROM changes_seen
  )
  WHERE id IN (SELECT reviewed.id FROM reviewed)
),
accounts AS MATERIALIZED (
  SELECT
    told,
    any_value(account_of(told)) AS account,
    coalesce(list(DISTINCT person ORDER BY person) FILTER (person IS NOT NULL), []) AS persons
  FROM (SELECT told FROM parties UNION SELECT reviewer FROM reviewed) AS names
  LEFT JOIN kept.identities AS known ON known.account = account_of(names.told)
  GROUP BY told
),
-- Which accounts of reviewers are a party's: decided once for each two names, not for each review.
pairs AS MATERIALIZED (
  SELECT DISTINCT reviewed.reviewer, parties.told FROM reviewed INNER JOIN parties USING (id)
),
same AS MATERIALIZED (
  SELECT pairs.reviewer, pairs.told
  FROM pairs
  INNER JOIN accounts AS one ON one.told = pairs.reviewer
  INNER JOIN accounts AS other ON other.told = pairs.told
  WHERE one.account = other.account
    OR list_has_any(one.persons, other.persons)
    OR (
      (len(one.persons) = 0 OR len(other.persons) = 0)
      AND (
        (NOT contains(one.account, '@') AND other.account LIKE replace(replace(one.account, '_', '!_'), '%', '!%') || '@%' ESCAPE '!')
        OR (NOT contains(other.account, '@') AND one.account LIKE replace(replace(other.account, '_', '!_'), '%', '!%') || '@%' ESCAPE '!')
      )
    )
),
had_part AS (
  SELECT parties.id, same.reviewer, bool_or(parties.is_author) AS is_author
  FROM parties
  INNER JOIN same USING (told)
  GROUP BY ALL
),
weighed AS MATERIALIZED (
  SELECT
    reviewed.* EXCLUDE (reviewer),
    CASE WHEN len(accounts.persons) = 1 THEN 'person ' || accounts.persons[1] ELSE accounts.account END AS reviewer,
    CASE
      WHEN reviewed.is_bot THEN 'bot'
      WHEN had_part.is_author THEN 'author'
      WHEN NOT had_part.is_author THEN 'participant'
    END AS barred_for
  FROM reviewed
  INNER JOIN accounts ON accounts.told = reviewed.reviewer
  LEFT JOIN had_part ON had_part.id = reviewed.id AND had_part.reviewer = reviewed.reviewer
),
last_words AS MATERIALIZED (
  SELECT
    id,
    reviewer,
    max({'at': submitted_at, 'against': state <> 'approved', 'review': review_id, 'state': state, 'commit': commit})
      FILTER (submitted_at <= landed_at) AS before_landing,
    min(submitted_at) FILTER (submitted_at > landed_at AND state = 'approved') AS approved_after,
    bool_or(state <> 'changes-requested') AS named,
    min(barred_for) AS barred_for
  FROM weighed
  GROUP BY id, reviewer
),
approved AS (
  SELECT
    id,
    count(*) FILTER (barred_for IS NULL AND before_landing.state = 'approved') AS approvals,
    max({'at': before_landing.at, 'review': before_landing.review, 'commit': before_landing.commit})
      FILTER (barred_for IS NULL AND before_landing.state = 'approved') AS last_approval,
    min(approved_after) FILTER (barred_for IS NULL) AS approved_after,
    bool_or(named) AS named,
    list(DISTINCT
      CASE
        WHEN barred_for IS NOT NULL THEN barred_for
        WHEN before_landing IS NULL THEN 'after-landing'
        WHEN before_landing.state = 'dismissed' THEN 'dismissed'
        ELSE 'withdrawn'
      END
    ) FILTER (named AND (barred_for IS NOT NULL OR before_landing IS NULL OR before_landing.state <> 'approved'))
      AS rejected_for
  FROM last_words
  GROUP BY id
),
ran AS (
  SELECT
    seen.id,
    any_value(seen.is_required_known) AS is_required_known,
    checks.kind,
    checks.name,
    max({'at': checks.completed_at, 'against': checks.conclusion <> 'success', 'check': checks.check_id})
      FILTER (checks.completed_at <= seen.landed_at) AS last_run
  FROM seen
  INNER JOIN checks ON checks.repository = seen.repository AND checks.commit = seen.head
  GROUP BY seen.id, checks.kind, checks.name
),
checked AS (
  SELECT
    id,
    list(name ORDER BY name) FILTER (is_required_known AND NOT last_run.against) AS succeeded,
    list(name ORDER BY name) FILTER (is_required_known AND (last_run IS NULL OR last_run.against)) AS not_succeeded,
    coalesce(bool_or(last_run.against), FALSE) AS some_failed,
    bool_or(last_run IS NOT NULL) AS some_ended,
    bool_or(last_run IS NULL) AS some_late,
    bool_and(NOT last_run.against) FILTER (kind = 'static-analysis') AS static_analysis,
    bool_and(NOT last_run.against) FILTER (kind = 'tenant-isolation') AS isolation_tests,
    bool_and(NOT last_run.against) FILTER (kind = 'evaluation') AS evaluation,
    bool_or(kind = 'static-analysis') AS has_static_analysis,
    bool_or(kind = 'tenant-isolation') AS has_isolation_tests,
    bool_or(kind = 'evaluation') AS has_evaluation
  FROM ran
  GROUP BY id
),
deployed AS (
  SELECT seen.id, min(deployments.deployed_at) AS deployed_at
  FROM seen
  INNER JOIN deployments ON deployments.repository = seen.repository AND deployments.commit = seen.change_id
  WHERE deployments.is_production
  GROUP BY seen.id
)
SELECT
  told.change_id,
  told.number,
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
  coalesce(told.came_by_pull_request, CASE WHEN told.number IS NOT NULL THEN TRUE END) AS came_by_pull_request,
  CASE
    WHEN approved.approvals > 0 THEN approved.approvals
    WHEN seen.reviews_covered AND seen.request_known THEN 0
    WHEN approved.named THEN 0
    ELSE told.stated_approvals
  END AS independent_human_approvals,
  list_sort(
    list_distinct(list_concat(coalesce(approved.rejected_for, []), coalesce(told.stated_rejections, [])))
  ) AS approvals_rejected_for,
  CASE
    WHEN approved.last_approval.commit = seen.head THEN TRUE
    WHEN told.head_commit IS NOT NULL OR seen.head_known THEN approved.last_approval.commit = seen.head
  END AS approval_covers_merged,
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
  told.request_mentions,
  coalesce(told.emergency, FALSE) AS emergency,
  CASE
    WHEN approved.approved_after IS NOT NULL THEN TRUE
    WHEN seen.reviews_covered_after AND seen.request_known THEN FALSE
  END AS after_reviewed,
  business_days(told.landed_at, approved.approved_after) AS after_review_business_days,
  told.ai_tool_named,
  coalesce(told.attribution_conflict, FALSE) AS attribution_conflict,
  coalesce(len(told.guarded_paths), 0) > 0 AS touches_guarded_paths,
  coalesce(told.guarded_paths, []) AS guarded_paths,
  told.guarded_owner_approved,
  told.repository,
  told.merged_by,
  told.bypassed_rules,
  CASE
    WHEN told.request_opened_at IS NOT NULL THEN told.request_opened_at < told.landed_at
    WHEN told.request_mentions = 0 THEN FALSE
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
  told.touches_prompts,
  told.touches_infrastructure,
  told.touches_migrations,
  told.touches_dependencies,
  deployed.deployed_at,
  told.record
FROM changes_seen AS told
INNER JOIN seen ON seen.id = told.position
LEFT JOIN approved ON approved.id = seen.id
LEFT JOIN checked ON checked.id = seen.id
LEFT JOIN deployed ON deployed.id = seen.id
