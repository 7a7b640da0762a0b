-- driven by: changes_seen
-- meets: checks
-- A change may come out otherwise when it, or a scan of it, came in, or when extracts of checks changed whether they are
-- covered at its landing.
WITH commits AS (
  SELECT commit_hash FROM fresh_checks WHERE kind IN ('static-analysis', 'dependency-scan', 'secret-scan')
),
read_anew AS (
  SELECT part, since, until FROM fresh_coverage WHERE population = 'checks'
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT change_id FROM changes_seen WHERE head_commit_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE change_id_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT changes_seen.change_id
FROM changes_seen
INNER JOIN read_anew ON coalesce(read_anew.part = changes_seen.repository, TRUE)
WHERE changes_seen.landed_at >= (SELECT min(since) FROM read_anew)
  AND changes_seen.landed_at >= read_anew.since AND changes_seen.landed_at < read_anew.until
