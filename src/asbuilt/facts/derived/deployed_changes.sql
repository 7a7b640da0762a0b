-- A change went live with the first production deployment of its repository whose commit landed no earlier than itself.
-- persons: accounts become persons by the HR list. An agent adds nobody: it counts as the person who answers for it only
-- where it wrote and no person did; what it approves or deploys, no person did. Bots (by name, or by the lists of accounts and agents) are no persons.
-- Approvers: those whose approval counts (changes.approvers), and those who approved it between landing and deployment.
-- An account whose approval may count, and nobody can see whether it does, is one that could not be placed.
WITH going_live AS (
  SELECT
    deployments.repository,
    deployments.deployment_id,
    deployments.deployed_at,
    deployments.deployed_by,
    deployments.by_pipeline,
    changes.landed_at AS commit_landed_at
  FROM deployments
  JOIN changes ON changes.repository = deployments.repository AND changes.change_id = deployments.commit
  WHERE deployments.is_production AND deployments.deployed_at >= changes.landed_at
),
earliest AS (
  SELECT
    repository,
    commit_landed_at,
    min({'at': deployed_at, 'id': deployment_id, 'by': deployed_by, 'pipeline': by_pipeline}) OVER (
      PARTITION BY repository ORDER BY commit_landed_at DESC
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS first_live
  FROM going_live
),
steps AS (
  SELECT repository, commit_landed_at, min(first_live) AS first_live FROM earliest GROUP BY repository, commit_landed_at
),
live AS (
  SELECT
    changes_seen.change_id,
    changes_seen.repository,
    changes_seen.attribution,
    changes_seen.landing,
    changes_seen.landed_at,
    changes_seen.author,
    changes_seen.participants,
    own.number,
    own.head_commit,
    own.request_author,
    own.approvers,
    own.rejected_approvals,
    changes_seen.record,
    steps.first_live.at AS deployed_at,
    steps.first_live.id AS deployment_id,
    CASE WHEN NOT steps.first_live.pipeline THEN steps.first_live.by END AS deployed_by
  FROM changes_seen
  INNER JOIN changes AS own ON own.repository = changes_seen.repository AND own.change_id = changes_seen.change_id
  ASOF JOIN steps ON steps.repository = changes_seen.repository AND steps.commit_landed_at >= changes_seen.landed_at
),
approvals AS (
  SELECT live.change_id, live.approvers, live.landed_at, live.deployed_at, reviews.*
  FROM live
  JOIN reviews ON reviews.repository = live.repository AND reviews.number = live.number
  UNION ALL
  SELECT live.change_id, live.approvers, live.landed_at, live.deployed_at, reviews.*
  FROM live
  JOIN reviews
    ON reviews.repository = live.repository AND (reviews.number IS NULL OR live.number IS NULL)
    AND reviews.commit IN (live.change_id, live.head_commit)
),
approvers AS (
  SELECT change_id, reviewer
  FROM approvals
  WHERE NOT is_bot AND submitted_at <= deployed_at AND lower(state) IN ('approved', 'dismissed', 'changes-requested')
  GROUP BY change_id, reviewer
  HAVING arg_max(lower(state), (submitted_at, lower(state))) = 'approved'
    AND (bool_or(list_contains(approvers, reviewer)) OR max(submitted_at) > any_value(landed_at))
),
parts AS (
  SELECT change_id, author AS account, TRUE AS wrote FROM live
  UNION
  SELECT change_id, unnest(participants), TRUE FROM live
  UNION
  SELECT change_id, request_author, TRUE FROM live WHERE request_author IS NOT NULL
  UNION
  SELECT change_id, reviewer, FALSE FROM approvers
  UNION
  SELECT change_id, deployed_by, FALSE FROM live WHERE deployed_by IS NOT NULL
),
drivers AS (
  SELECT account_of(own.account) AS account, min(person_of(own.owner)) AS person
  FROM (
    SELECT unnest(accounts) AS account, owner FROM agents
    UNION ALL
    SELECT account, owner FROM accounts WHERE kind = 'agent'
  ) AS own
  GROUP BY account_of(own.account)
),
services AS (
  SELECT DISTINCT account_of(account) AS account FROM accounts WHERE kind = 'service'
),
names AS (
  SELECT
    named.account,
    coalesce(drivers.person, person_of(named.account)) AS person,
    drivers.account IS NOT NULL AS is_agent,
    (services.account IS NOT NULL AND drivers.person IS NULL)
      OR (drivers.account IS NULL AND regexp_matches(lower(named.account), '\[bot\]')) AS is_bot
  FROM (SELECT DISTINCT account FROM parts) AS named
  LEFT JOIN drivers ON drivers.account = account_of(named.account)
  LEFT JOIN services ON services.account = account_of(named.account)
),
placed AS (
  SELECT
    parts.*,
    names.person,
    names.is_agent,
    names.is_bot,
    bool_or(parts.wrote AND NOT names.is_agent AND names.person IS NOT NULL) OVER (PARTITION BY parts.change_id)
      AS a_person_wrote
  FROM parts
  JOIN names ON names.account = parts.account
),
behind AS (
  SELECT
    change_id,
    list(DISTINCT person ORDER BY person)
      FILTER (WHERE person IS NOT NULL AND (NOT is_agent OR (wrote AND NOT a_person_wrote))) AS persons,
    list(DISTINCT account ORDER BY account) FILTER (WHERE person IS NULL AND NOT is_bot) AS unplaced_accounts
  FROM placed
  GROUP BY change_id
),
-- Approvals of which it could not be seen whether they count may stand for a person more.
unclear AS (
  SELECT change_id, list(DISTINCT split_part(told, ': unknown-', 1) ORDER BY split_part(told, ': unknown-', 1)) AS accounts
  FROM (SELECT change_id, unnest(rejected_approvals) AS told FROM live)
  WHERE contains(told, ': unknown-')
  GROUP BY change_id
),
rights AS (
  SELECT
    path_rights.repository,
    coalesce(drivers.person, person_of(path_rights.account), path_rights.account) AS who,
    coalesce(path_rights.can_bypass, FALSE) AS can_bypass,
    coalesce(path_rights.can_deploy, FALSE) AS can_deploy,
    coalesce(path_rights.held_from, path_rights.observed_at) AS starts,
    coalesce(path_rights.held_until, path_rights.observed_at + INTERVAL 1 DAY) AS until
  FROM path_rights
  LEFT JOIN drivers ON drivers.account = account_of(path_rights.account)
),
alone AS (
  SELECT deployment_id, list(DISTINCT who ORDER BY who) AS could_act_alone
  FROM (
    SELECT moments.deployment_id, rights.who
    FROM (SELECT DISTINCT deployment_id, repository, deployed_at FROM live) AS moments
    JOIN rights
      ON rights.repository = moments.repository AND rights.starts <= moments.deployed_at
      AND rights.until > moments.deployed_at
    GROUP BY moments.deployment_id, rights.who
    HAVING bool_or(rights.can_bypass) AND bool_or(rights.can_deploy)
  ) AS able
  GROUP BY deployment_id
),
brought AS (
  SELECT
    live.change_id,
    list(tenant_endpoints.endpoint ORDER BY tenant_endpoints.endpoint)
      FILTER (WHERE NOT tenant_endpoints.is_tested) AS untested,
    coalesce(bool_or(tenant_endpoints.is_tested IS NULL), FALSE) AS is_unclear
  FROM live
  JOIN tenant_endpoints
    ON tenant_endpoints.repository = live.repository AND tenant_endpoints.added_in = live.change_id
  GROUP BY live.change_id
)
SELECT
  live.change_id,
  live.repository,
  live.attribution,
  live.landing = 'initial' AS is_initial_import,
  live.landed_at,
  live.deployment_id,
  live.deployed_at,
  coalesce(behind.persons, []) AS persons,
  coalesce(len(behind.persons), 0) AS humans,
  list_sort(list_distinct(list_concat(coalesce(behind.unplaced_accounts, []), coalesce(unclear.accounts, []))))
    AS unplaced_accounts,
  covered_for('reviews', live.repository, live.landed_at) AS reviews_seen,
  CASE WHEN alone.could_act_alone IS NOT NULL THEN alone.could_act_alone
    WHEN covered_for('path_rights', live.repository, live.deployed_at) THEN [] END AS could_act_alone,
  changes.isolation_tests_succeeded,
  CASE
    WHEN brought.untested IS NOT NULL THEN brought.untested
    WHEN brought.is_unclear THEN NULL
    WHEN covered_for('tenant_endpoints', live.repository, live.landed_at) THEN []
  END AS untested_endpoints,
  live.record
FROM live
JOIN behind ON behind.change_id = live.change_id
LEFT JOIN unclear ON unclear.change_id = live.change_id
LEFT JOIN changes ON changes.repository = live.repository AND changes.change_id = live.change_id
LEFT JOIN alone ON alone.deployment_id = live.deployment_id
LEFT JOIN brought ON brought.change_id = live.change_id
