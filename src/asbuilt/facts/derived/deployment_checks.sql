-- A deployment's changes are those that it was the first to carry (deployed_changes). is_known_change: the deployed commit
-- is a change on the protected branch, landed before; FALSE where all changes of that time were read and it is none, or git
-- says that the commit is on no protected branch. A pipeline may deploy by being one.
WITH carried AS (
  SELECT
    deployed_changes.deployment_id,
    deployed_changes.repository,
    count(*) AS changes,
    min(CASE WHEN is_weighed THEN changes.independent_human_approvals END) AS fewest_approvals,
    bool_and(NOT is_weighed OR changes.independent_human_approvals IS NOT NULL) AS approvals_known,
    CASE
      WHEN bool_or(is_checked AND NOT changes.checks_succeeded) THEN FALSE
      WHEN bool_and(NOT is_checked OR changes.checks_succeeded IS NOT NULL) THEN TRUE
    END AS checks_succeeded
  FROM (
    SELECT
      deployed_changes.*,
      NOT deployed_changes.is_initial_import AS is_checked
    FROM deployed_changes
    WHERE deployed_changes.deployment_id IN (SELECT deployment_id FROM deployments)
  ) AS deployed_changes
  JOIN (
    SELECT *, NOT is_initial_import AND NOT (emergency AND coalesce(after_reviewed, FALSE)) AS is_weighed FROM changes
  ) AS changes
    ON changes.repository = deployed_changes.repository AND changes.change_id = deployed_changes.change_id
  GROUP BY deployed_changes.deployment_id, deployed_changes.repository
),
allowed AS (
  SELECT deployments.record_id, bool_or(path_rights.can_deploy) AS may
  FROM deployments
  JOIN path_rights
    ON path_rights.repository = deployments.repository
    AND account_of(path_rights.account) = account_of(deployments.deployed_by)
    AND coalesce(path_rights.held_from, path_rights.observed_at) <= deployments.deployed_at
    AND coalesce(path_rights.held_until, path_rights.observed_at + INTERVAL 1 DAY) > deployments.deployed_at
  GROUP BY deployments.record_id
)
SELECT
  deployments.deployment_id,
  deployments.repository,
  deployments.environment,
  deployments.deployed_at,
  deployments.commit,
  deployments.deployed_by,
  deployments.by_pipeline,
  CASE
    WHEN allowed.may IS NOT NULL THEN allowed.may
    WHEN deployments.by_pipeline THEN TRUE
    WHEN deployments.deployed_by IS NOT NULL AND covered_for('path_rights', deployments.repository, deployments.deployed_at) THEN FALSE
  END AS deployer_may,
  CASE
    WHEN NOT deployments.commit_on_branch THEN FALSE
    WHEN changes.change_id IS NOT NULL THEN changes.landed_at <= deployments.deployed_at
    WHEN deployments.commit IS NOT NULL AND covered_for('changes_seen', deployments.repository, deployments.deployed_at) THEN FALSE
  END AS is_known_change,
  coalesce(carried.changes, 0) AS changes,
  carried.fewest_approvals,
  carried.approvals_known AS changes_approved_known,
  carried.checks_succeeded,
  CASE WHEN deployments.artifact_digest IS NOT NULL
    THEN coalesce(deployments.artifact_digest = deployments.attested_digest, FALSE) END AS digest_matches,
  deployments.record
FROM deployments
LEFT JOIN changes ON changes.repository = deployments.repository AND changes.change_id = deployments.commit
LEFT JOIN carried
  ON carried.deployment_id = deployments.deployment_id AND carried.repository = deployments.repository
LEFT JOIN allowed ON allowed.record_id = deployments.record_id
WHERE deployments.is_production
