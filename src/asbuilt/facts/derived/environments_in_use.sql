-- Environments that were looked at, and those that the platform deployed to: one that nobody looked at is there all the same.
-- in_use_from, in_use_until: the begin of the first listed time and the end of the last, where the list of environments was
-- read over that moment and looked at again afterwards.
WITH listed AS (
  SELECT
    environment,
    min(coalesce(held_from, observed_at)) AS starts,
    max(coalesce(held_until, observed_at)) AS until,
    max(observed_at) AS seen_at,
    arg_max(record, (observed_at, record)) AS record
  FROM environments
  GROUP BY environment
),
deployed_to AS (
  SELECT environment, min(deployed_at) AS since, arg_min(record, (deployed_at, record)) AS record
  FROM deployments
  GROUP BY environment
)
SELECT
  coalesce(listed.environment, deployed_to.environment) AS environment,
  CASE
    WHEN listed.environment IS NULL THEN deployed_to.since
    WHEN covered('environments', listed.starts) THEN least(listed.starts, deployed_to.since)
  END AS in_use_from,
  CASE WHEN listed.until < listed.seen_at AND covered('environments', listed.until) THEN listed.until END AS in_use_until,
  coalesce(listed.record, deployed_to.record) AS record
FROM listed
FULL JOIN deployed_to ON deployed_to.environment = listed.environment
