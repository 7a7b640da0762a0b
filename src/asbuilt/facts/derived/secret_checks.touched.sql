-- driven by: changes_seen
-- A change may come out otherwise when it, or a scan of it, came in; when its repository came into scope or went out; when
-- a look at the repository's guards came in that began before it landed; and, where it has no scan or no look holds its
-- landing, when what was read became known anew. Alerts and bypasses are few, and made anew each time.
WITH commits AS (
  SELECT commit FROM fresh_checks WHERE kind = 'secret-scan'
),
read_anew AS (
  SELECT 1 FROM fresh_extracts WHERE population IN ('checks', 'secret_protection')
),
looked AS (
  SELECT repository, min(coalesce(held_from, observed_at)) AS since FROM fresh_secret_protection GROUP BY repository
),
looks AS (
  SELECT
    repository,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 DAY) AS until
  FROM secret_protection
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
SELECT change_id
FROM changes_seen
WHERE EXISTS (SELECT 1 FROM read_anew)
  AND NOT EXISTS (
    SELECT 1 FROM checks
    WHERE checks.kind = 'secret-scan' AND checks.repository = changes_seen.repository
      AND checks.commit IN (changes_seen.change_id, changes_seen.head_commit)
  )
UNION
SELECT change_id
FROM changes_seen
WHERE EXISTS (SELECT 1 FROM read_anew)
  AND NOT EXISTS (
    SELECT 1 FROM looks
    WHERE looks.repository = changes_seen.repository
      AND looks.starts <= changes_seen.landed_at AND looks.until > changes_seen.landed_at
  )
UNION
SELECT concat_ws(' | ', 'alert', repository, alert) FROM secret_alerts
UNION
SELECT concat_ws(' | ', 'bypass', repository, bypass) FROM secret_bypasses
