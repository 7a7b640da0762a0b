-- driven by: changes_seen
-- A change may come out otherwise when it, or a scan of it, came in; when its repository came into scope or went out; when
-- a look at the repository's guards came in that began before it landed; and, where it has no scan or no look holds its
-- landing, when an extract came in. Alerts and bypasses are few, and made anew each time.
WITH commits AS (
  SELECT commit FROM fresh_checks WHERE kind = 'secret-scan'
),
looked AS (
  SELECT repository, min(coalesce(held_from, observed_at)) AS since FROM fresh_secret_protection GROUP BY repository
),
-- What was read now: of checks it also says for longer that no scan ran on a change that landed before.
spans AS (
  SELECT population, min(covers_from) AS covers_from
  FROM fresh_extracts
  WHERE population IN ('checks', 'secret_protection')
  GROUP BY population
),
unscanned AS (
  SELECT change_id, repository, head_commit
  FROM changes_seen
  WHERE EXISTS (SELECT 1 FROM spans WHERE population = 'checks')
),
scans AS (
  SELECT repository, commit
  FROM checks
  WHERE kind = 'secret-scan' AND EXISTS (SELECT 1 FROM spans WHERE population = 'checks')
),
looks AS (
  SELECT
    repository,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 DAY) AS until
  FROM secret_protection
),
begun AS (
  SELECT
    *,
    coalesce(starts > max(until) OVER (
      PARTITION BY repository ORDER BY starts, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), TRUE) AS begins
  FROM looks
),
numbered AS (
  SELECT *, count(*) FILTER (begins) OVER (PARTITION BY repository ORDER BY starts, until) AS stretch FROM begun
),
guarded AS (
  SELECT repository, min(starts) AS starts, max(until) AS until FROM numbered GROUP BY repository, stretch
),
unguarded AS (
  SELECT change_id, repository, landed_at
  FROM changes_seen
  WHERE landed_at >= (SELECT covers_from FROM spans WHERE population = 'secret_protection')
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT change_id FROM changes_seen WHERE head_commit IN (SELECT commit FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE change_id IN (SELECT commit FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE repository IN (SELECT repository FROM fresh_repositories)
UNION
SELECT changes_seen.change_id
FROM changes_seen
JOIN looked ON looked.repository = changes_seen.repository AND looked.since <= changes_seen.landed_at
UNION
SELECT unscanned.change_id
FROM unscanned
ANTI JOIN scans ON scans.repository = unscanned.repository AND scans.commit = unscanned.head_commit
ANTI JOIN scans AS on_change
  ON on_change.repository = unscanned.repository AND on_change.commit = unscanned.change_id
UNION
SELECT unguarded.change_id
FROM unguarded
ASOF LEFT JOIN guarded ON guarded.repository = unguarded.repository AND guarded.starts <= unguarded.landed_at
WHERE guarded.until IS NULL OR guarded.until <= unguarded.landed_at
UNION
SELECT concat_ws(' | ', 'alert', repository, alert) FROM secret_alerts
UNION
SELECT concat_ws(' | ', 'bypass', repository, bypass) FROM secret_bypasses
