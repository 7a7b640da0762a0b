-- A scanner ran on a change when a check of one of these kinds ran to its end on the commit that was merged: the head of
-- its request, or the landed commit itself. Of each tool the newest run that ended before the change landed counts; one
-- that ended only later is told apart.
-- has_…: FALSE only where checks were read at the landing and none of that kind had ended.
WITH read AS MATERIALIZED (
  -- covered_for(…), written as a join, as in changes.sql.
  SELECT named.repository, span.covers_from, span.covers_until
  FROM (SELECT DISTINCT repository FROM changes_seen) AS named
  INNER JOIN kept.part_coverage AS span ON coalesce(span.part, named.repository) = named.repository
  WHERE span.population = 'checks'
  QUALIFY (span.part IS NOT NULL) = bool_or(span.part IS NOT NULL) OVER (PARTITION BY named.repository)
),
heads AS (
  SELECT change_id, repository, landed_at, unnest([change_id, head_commit]) AS commit FROM changes_seen
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
)
SELECT
  changes_seen.change_id,
  changes_seen.repository,
  coalesce(changes_seen.attribution, 'unknown') AS attribution,
  changes_seen.landed_at,
  coalesce(told.ran_before, CASE WHEN read.repository IS NOT NULL THEN [] END) AS ran_before,
  coalesce(told.succeeded_before, CASE WHEN read.repository IS NOT NULL OR told.ran_before IS NOT NULL THEN [] END)
    AS succeeded_before,
  coalesce(told.ran_after, CASE WHEN read.repository IS NOT NULL THEN [] END) AS ran_after,
  CASE WHEN told.static_analysis THEN TRUE WHEN read.repository IS NOT NULL THEN FALSE END AS has_static_analysis,
  CASE WHEN told.dependency_scan THEN TRUE WHEN read.repository IS NOT NULL THEN FALSE END AS has_dependency_scan,
  CASE WHEN told.secret_scan THEN TRUE WHEN read.repository IS NOT NULL THEN FALSE END AS has_secret_scan,
  changes_seen.record
FROM changes_seen
LEFT JOIN told ON told.change_id = changes_seen.change_id
LEFT JOIN read
  ON read.repository = changes_seen.repository AND read.covers_from <= changes_seen.landed_at
  AND changes_seen.landed_at < read.covers_until
