-- A change is scanned when a check of the kind secret-scan ran to its end on its head, or on the change itself: what it
-- found shows in the alerts. How its repository was guarded when it landed comes from the looks that hold that moment (a
-- snapshot vouches for a day); where they differ, the worse counts; where the list of looks is whole and holds none, it
-- was not guarded.
-- seen_until of a change: at most seven days after it landed, so that what is read later changes no older row.
-- An alert is done when the secret was revoked, or when a person closed it as none and said why. One that an account
-- closed of which nobody can tell whether it is a person's is not seen.
-- approved_by_another: a person at work then, other than who pushed.
WITH read AS MATERIALIZED (
  -- covered_for(…), written as a join, as in changes.sql: of each repository its own spans, which hold what is read of
  -- all; those of all where it has none.
  SELECT named.repository, span.population, span.covers_from, span.covers_until
  FROM (SELECT DISTINCT repository FROM changes_seen) AS named
  INNER JOIN kept.part_coverage AS span ON coalesce(span.part, named.repository) = named.repository
  WHERE span.population IN ('checks', 'secret_protection')
  QUALIFY (span.part IS NOT NULL) = bool_or(span.part IS NOT NULL) OVER (
    PARTITION BY named.repository, span.population
  )
),
heads AS (
  SELECT change_id, repository, unnest([change_id, head_commit]) AS commit FROM changes_seen
),
scanned AS (
  SELECT heads.change_id, min(checks.completed_at) AS done_at
  FROM heads
  JOIN checks ON checks.repository = heads.repository AND checks.commit = heads.commit
  WHERE checks.kind = 'secret-scan' AND checks.conclusion IN ('success', 'failure', 'neutral')
    AND checks.completed_at IS NOT NULL
  GROUP BY heads.change_id
),
looks AS (
  SELECT
    *,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 DAY) AS until
  FROM secret_protection
),
cuts AS (
  SELECT repository, starts AS piece_from FROM looks
  UNION
  SELECT repository, until FROM looks
),
guarded AS (
  SELECT
    cuts.repository,
    cuts.piece_from,
    count(looks.record) AS looks,
    CASE WHEN bool_or(NOT blocks_pushes) THEN FALSE WHEN count(blocks_pushes) = count(looks.record) THEN TRUE END
      AS blocks_pushes,
    CASE WHEN bool_or(NOT scans_history) THEN FALSE WHEN count(scans_history) = count(looks.record) THEN TRUE END
      AS scans_history,
    CASE WHEN bool_or(NOT scans_agent_files) THEN FALSE WHEN count(scans_agent_files) = count(looks.record) THEN TRUE END
      AS scans_agent_files
  FROM cuts
  LEFT JOIN looks
    ON looks.repository = cuts.repository AND looks.starts <= cuts.piece_from AND looks.until > cuts.piece_from
  GROUP BY cuts.repository, cuts.piece_from
),
out_of_scope AS (
  SELECT repository FROM repositories WHERE NOT in_scope
),
landed AS (
  SELECT
    changes_seen.change_id,
    changes_seen.repository,
    changes_seen.attribution,
    changes_seen.landed_at,
    scanned.done_at,
    coalesce(guarded.looks, 0) > 0 AS looked_at,
    guarded.blocks_pushes,
    guarded.scans_history,
    guarded.scans_agent_files,
    CASE
      WHEN read_checks.covers_until IS NOT NULL
        THEN least(read_checks.covers_until, changes_seen.landed_at + INTERVAL 7 DAY)
    END AS scans_seen_until,
    CASE WHEN read_guards.covers_until IS NOT NULL THEN FALSE END AS unguarded,
    changes_seen.record
  FROM changes_seen
  ASOF LEFT JOIN guarded
    ON guarded.repository = changes_seen.repository AND guarded.piece_from <= changes_seen.landed_at
  LEFT JOIN scanned ON scanned.change_id = changes_seen.change_id
  LEFT JOIN (SELECT * FROM read WHERE population = 'checks') AS read_checks
    ON read_checks.repository = changes_seen.repository AND read_checks.covers_from <= changes_seen.landed_at
    AND changes_seen.landed_at < read_checks.covers_until
  LEFT JOIN (SELECT * FROM read WHERE population = 'secret_protection') AS read_guards
    ON read_guards.repository = changes_seen.repository AND read_guards.covers_from <= changes_seen.landed_at
    AND changes_seen.landed_at < read_guards.covers_until
  ANTI JOIN out_of_scope ON out_of_scope.repository = changes_seen.repository
),
closed AS (
  SELECT
    secret_alerts.*,
    CASE
      WHEN resolution IN ('false-positive', 'test-value') AND reason IS NOT NULL THEN
        CASE WHEN person_of(resolved_by) IS NOT NULL THEN TRUE WHEN covered('people', resolved_at) THEN FALSE END
      ELSE FALSE
    END AS is_none
  FROM secret_alerts
  ANTI JOIN out_of_scope ON out_of_scope.repository = secret_alerts.repository
)
SELECT
  change_id,
  'change' AS kind,
  repository,
  attribution,
  landed_at AS owed_from,
  done_at,
  CASE WHEN done_at IS NULL THEN scans_seen_until END AS seen_until,
  CASE WHEN looked_at THEN blocks_pushes ELSE unguarded END AS blocks_pushes,
  CASE WHEN looked_at THEN scans_history ELSE unguarded END AS scans_history,
  CASE WHEN looked_at THEN scans_agent_files ELSE unguarded END AS scans_agent_files,
  NULL::BOOLEAN AS has_reason,
  NULL::BOOLEAN AS approved_by_another,
  record
FROM landed
UNION ALL
SELECT
  concat_ws(' | ', 'alert', closed.repository, closed.alert),
  'alert',
  closed.repository,
  coalesce(changes.attribution, 'unknown'),
  closed.opened_at,
  least(closed.revoked_at, CASE WHEN closed.is_none THEN closed.resolved_at END),
  CASE WHEN closed.is_none IS NOT NULL THEN covered_until_for('secret_alerts', closed.repository, closed.opened_at) END,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  closed.record
FROM closed
LEFT JOIN changes ON changes.change_id = closed.commit AND changes.repository = closed.repository
UNION ALL
SELECT
  concat_ws(' | ', 'bypass', secret_bypasses.repository, secret_bypasses.bypass),
  'bypass',
  secret_bypasses.repository,
  coalesce(changes.attribution, 'unknown'),
  secret_bypasses.pushed_at,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  secret_bypasses.reason IS NOT NULL,
  CASE
    WHEN secret_bypasses.approved_by IS NULL THEN FALSE
    WHEN account_of(secret_bypasses.approved_by) = account_of(secret_bypasses.pushed_by) THEN FALSE
    WHEN people.person IS NULL THEN CASE WHEN covered('people', secret_bypasses.pushed_at) THEN FALSE END
    WHEN people.starts_at > secret_bypasses.pushed_at OR people.ends_at <= secret_bypasses.pushed_at THEN FALSE
    WHEN person_of(secret_bypasses.pushed_by) = people.person THEN FALSE
    ELSE TRUE
  END,
  secret_bypasses.record
FROM secret_bypasses
LEFT JOIN people ON people.person = person_of(secret_bypasses.approved_by)
LEFT JOIN changes ON changes.change_id = secret_bypasses.commit AND changes.repository = secret_bypasses.repository
ANTI JOIN out_of_scope ON out_of_scope.repository = secret_bypasses.repository
