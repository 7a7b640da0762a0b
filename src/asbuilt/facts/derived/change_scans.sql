-- asked for, not kept
-- A scanner ran on a change when a check of one of these kinds ran to its end on the commit that was merged: the head of
-- its request (as changes knows it), or the landed commit itself. Of each tool the newest run that ended before the
-- change landed counts; one that ended only later is told apart.
-- has_…: FALSE only where changes says so of one of them: checks were read at the landing, and the head is known.
WITH seen AS (
  SELECT
    changes_seen.change_id,
    changes_seen.repository,
    coalesce(changes_seen.attribution, 'unknown') AS attribution,
    changes_seen.landed_at,
    list_distinct([changes_seen.change_id, changes.head_commit]) AS commits,
    changes.has_dependency_scan,
    changes.has_secret_scan,
    changes.static_analysis_succeeded,
    changes_seen.record
  FROM changes_seen
  JOIN changes ON changes.repository = changes_seen.repository AND changes.change_id = changes_seen.change_id
),
heads AS (
  SELECT change_id, repository, landed_at, unnest(commits) AS commit FROM seen
),
ran AS (
  SELECT
    heads.change_id,
    checks.kind,
    checks.kind || ': ' || checks.name AS tool,
    max({'at': checks.completed_at, 'good': checks.conclusion = 'success'})
      FILTER (checks.completed_at <= heads.landed_at) AS last_before
  FROM heads
  JOIN checks ON checks.repository = heads.repository AND checks.commit = heads.commit
  WHERE checks.kind IN ('static-analysis', 'dependency-scan', 'secret-scan')
    AND checks.conclusion IN ('success', 'failure', 'neutral') AND checks.completed_at IS NOT NULL
  GROUP BY heads.change_id, checks.kind, checks.name
),
told AS (
  SELECT
    change_id,
    list(tool ORDER BY tool) FILTER (last_before IS NOT NULL) AS ran_before,
    list(tool ORDER BY tool) FILTER (last_before.good) AS succeeded_before,
    list(tool ORDER BY tool) FILTER (last_before IS NULL) AS ran_after,
    bool_or(last_before IS NOT NULL AND kind = 'static-analysis') AS static_analysis,
    bool_or(last_before IS NOT NULL AND kind = 'dependency-scan') AS dependency_scan,
    bool_or(last_before IS NOT NULL AND kind = 'secret-scan') AS secret_scan
  FROM ran
  GROUP BY change_id
),
known AS (
  SELECT
    seen.*,
    told.ran_before,
    told.succeeded_before,
    told.ran_after,
    told.static_analysis,
    told.dependency_scan,
    told.secret_scan,
    -- That one kind did not run is told only where every check was read.
    coalesce(NOT seen.has_dependency_scan, FALSE)
      OR coalesce(NOT seen.has_secret_scan, FALSE)
      OR coalesce(NOT seen.static_analysis_succeeded AND NOT coalesce(told.static_analysis, FALSE), FALSE) AS is_read
  FROM seen
  LEFT JOIN told ON told.change_id = seen.change_id
)
SELECT
  change_id,
  repository,
  attribution,
  landed_at,
  coalesce(ran_before, CASE WHEN is_read THEN [] END) AS ran_before,
  coalesce(succeeded_before, CASE WHEN is_read OR ran_before IS NOT NULL THEN [] END) AS succeeded_before,
  coalesce(ran_after, CASE WHEN is_read THEN [] END) AS ran_after,
  CASE WHEN static_analysis THEN TRUE WHEN is_read THEN FALSE END AS has_static_analysis,
  CASE WHEN dependency_scan THEN TRUE WHEN is_read THEN FALSE END AS has_dependency_scan,
  CASE WHEN secret_scan THEN TRUE WHEN is_read THEN FALSE END AS has_secret_scan,
  record
FROM known
