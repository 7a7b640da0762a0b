-- driven by: changes_seen
-- meets: requests, reviews
-- A change may come out otherwise when it, a review, a check or an endpoint of it came in, or its row of changes was made
-- anew; when a deployment came in that
-- carries it earlier, or went away that carried it; and, all of them, when it became known anew who is who, who may what, or
-- what was read.
WITH moved AS (
  SELECT deployments.repository, deployments.deployment_id, deployments.deployed_at, changes.landed_at
  FROM (
    SELECT repository, deployment_id, deployed_at, commit FROM fresh_deployments
    UNION ALL
    SELECT repository, deployment_id, deployed_at, commit
    FROM deployments
    WHERE commit IN (SELECT change_id FROM fresh_changes_seen)
  ) AS deployments
  LEFT JOIN changes ON changes.repository = deployments.repository AND changes.change_id = deployments.commit
),
commits AS (
  SELECT commit_hash FROM fresh_reviews WHERE commit IS NOT NULL
  UNION
  SELECT commit_hash FROM fresh_checks
),
known_anew AS (
  SELECT TRUE AS is_known FROM fresh_people
  UNION
  SELECT TRUE FROM fresh_accounts
  UNION
  SELECT TRUE FROM fresh_agents
  UNION
  SELECT TRUE FROM fresh_path_rights
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT key FROM touched_changes
UNION
SELECT changes_seen.change_id
FROM changes_seen
JOIN fresh_reviews ON fresh_reviews.repository = changes_seen.repository AND fresh_reviews.number = changes_seen.number
UNION
SELECT change_id FROM changes_seen WHERE change_id_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE head_commit_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT added_in FROM fresh_tenant_endpoints WHERE added_in IS NOT NULL
UNION
SELECT changes_seen.change_id
FROM changes_seen
JOIN moved ON moved.repository = changes_seen.repository AND moved.landed_at >= changes_seen.landed_at
LEFT JOIN deployed_changes ON deployed_changes.change_id = changes_seen.change_id
WHERE deployed_changes.change_id IS NULL OR deployed_changes.deployed_at >= moved.deployed_at
UNION
SELECT deployed_changes.change_id
FROM deployed_changes
JOIN moved ON moved.repository = deployed_changes.repository AND moved.deployment_id = deployed_changes.deployment_id
UNION
SELECT changes_seen.change_id FROM changes_seen INNER JOIN known_anew ON known_anew.is_known
UNION
SELECT changes_seen.change_id
FROM changes_seen
INNER JOIN fresh_coverage
  ON fresh_coverage.population IN ('reviews', 'checks', 'tenant_endpoints')
  AND coalesce(fresh_coverage.part = changes_seen.repository, TRUE)
  AND changes_seen.landed_at >= fresh_coverage.since AND changes_seen.landed_at < fresh_coverage.until
UNION
SELECT deployed_changes.change_id
FROM deployed_changes
INNER JOIN fresh_coverage
  ON fresh_coverage.population = 'path_rights'
  AND coalesce(fresh_coverage.part = deployed_changes.repository, TRUE)
  AND deployed_changes.deployed_at >= fresh_coverage.since AND deployed_changes.deployed_at < fresh_coverage.until
