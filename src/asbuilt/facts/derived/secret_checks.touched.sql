-- driven by: changes_seen
-- meets: checks
-- A change may come out otherwise when it, or a scan of it, came in; when its repository came into scope or went out; when
-- a look at the repository's guards came in that holds its landing; when extracts of such looks changed whether they are
-- covered at its landing; and, where it has no scan, when extracts of checks changed that, for seven days from its landing.
-- Alerts and bypasses are few, and made anew each time.
WITH commits AS (
  SELECT commit_hash FROM fresh_checks WHERE kind = 'secret-scan'
),
looked AS (
  SELECT
    repository,
    coalesce(held_from, observed_at) AS since,
    coalesce(held_until, observed_at + INTERVAL 1 DAY) AS until
  FROM fresh_secret_protection
  UNION ALL
  SELECT part, since, until FROM fresh_coverage WHERE population = 'secret_protection'
),
read_anew AS (
  SELECT part, since - INTERVAL 7 DAY AS since, until FROM fresh_coverage WHERE population = 'checks'
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT change_id FROM changes_seen WHERE head_commit_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE change_id_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE repository IN (SELECT repository FROM fresh_repositories)
UNION
SELECT changes_seen.change_id
FROM changes_seen
INNER JOIN looked ON coalesce(looked.repository = changes_seen.repository, TRUE)
WHERE changes_seen.landed_at >= (SELECT min(since) FROM looked)
  AND changes_seen.landed_at >= looked.since AND changes_seen.landed_at < looked.until
UNION
SELECT secret_checks.change_id
FROM secret_checks
INNER JOIN read_anew ON coalesce(read_anew.part = secret_checks.repository, TRUE)
WHERE secret_checks.kind = 'change' AND secret_checks.done_at IS NULL
  AND secret_checks.owed_from >= (SELECT min(since) FROM read_anew)
  AND secret_checks.owed_from >= read_anew.since AND secret_checks.owed_from < read_anew.until
UNION
SELECT concat_ws(' | ', 'alert', repository, alert) FROM secret_alerts
UNION
SELECT concat_ws(' | ', 'bypass', repository, bypass) FROM secret_bypasses
