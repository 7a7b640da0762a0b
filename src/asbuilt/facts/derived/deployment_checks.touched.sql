-- driven by: deployments
-- A deployment may come out otherwise when it came in, or another one of the repository that is not later; when a change
-- that it carries, or who stood behind it, may have come out otherwise; and, all of them, when it became known anew who is who, who may
-- what, or what was read.
WITH moved AS (
  SELECT repository, min(deployed_at) AS since
  FROM (
    SELECT repository, deployed_at FROM fresh_deployments
    UNION ALL
    SELECT repository, landed_at FROM fresh_changes_seen
  ) AS fresh
  GROUP BY repository
)
SELECT deployment_id FROM fresh_deployments
UNION
SELECT deployments.deployment_id
FROM deployments
JOIN moved ON moved.repository = deployments.repository AND deployments.deployed_at >= moved.since
UNION
SELECT deployments.deployment_id
FROM deployments
JOIN fresh_changes_seen ON fresh_changes_seen.change_id = deployments.commit
UNION
SELECT deployment_id
FROM deployed_changes
WHERE change_id IN (SELECT key FROM touched_changes UNION SELECT key FROM touched_deployed_changes)
UNION
SELECT deployment_id FROM deployments WHERE commit IN (SELECT key FROM touched_changes)
UNION
SELECT deployment_id
FROM deployments
WHERE EXISTS (SELECT 1 FROM fresh_people)
  OR EXISTS (SELECT 1 FROM fresh_accounts)
  OR EXISTS (SELECT 1 FROM fresh_agents)
  OR EXISTS (SELECT 1 FROM fresh_path_rights)
UNION
SELECT deployments.deployment_id
FROM deployments
INNER JOIN fresh_coverage
  ON fresh_coverage.population IN ('changes_seen', 'path_rights')
  AND coalesce(fresh_coverage.part = deployments.repository, TRUE)
  AND deployments.deployed_at >= fresh_coverage.since AND deployments.deployed_at < fresh_coverage.until
UNION
-- Whether a change was approved afterwards is known seven days after it landed.
SELECT deployed_changes.deployment_id
FROM deployed_changes
INNER JOIN fresh_coverage
  ON fresh_coverage.population IN ('reviews', 'checks')
  AND coalesce(fresh_coverage.part = deployed_changes.repository, TRUE)
  AND deployed_changes.landed_at >= fresh_coverage.since - INTERVAL 7 DAY
  AND deployed_changes.landed_at < fresh_coverage.until
