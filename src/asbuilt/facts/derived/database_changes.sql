-- of changes it asks: SELECT change_id FROM database_writes
-- by_agent: by the kinds of accounts and the register of agents. second_person_approved: the approver is a person at work
-- then, approved before it ran, and is neither who ran it nor who answers for the agent that did.
WITH drivers AS (
  SELECT account_of(own.account) AS account, min(person_of(own.owner)) AS person
  FROM (
    SELECT unnest(accounts) AS account, owner FROM agents
    UNION ALL
    SELECT account, owner FROM accounts WHERE kind = 'agent'
  ) AS own
  GROUP BY account_of(own.account)
),
bringing AS (
  SELECT change_id, min(landed_at) AS landed_at, max(independent_human_approvals) AS independent_human_approvals
  FROM changes
  WHERE change_id IN (SELECT change_id FROM database_writes)
  GROUP BY change_id
),
named AS (
  SELECT
    database_writes.*,
    drivers.account IS NOT NULL AS is_agent,
    coalesce(drivers.person, person_of(database_writes.executed_by)) AS doer,
    person_of(database_writes.approved_by) AS approver
  FROM database_writes
  LEFT JOIN drivers ON drivers.account = account_of(database_writes.executed_by)
)
SELECT
  named.record_id AS database_change,
  named.kind,
  named.executed_at,
  named.executed_by,
  CASE
    WHEN named.is_agent THEN TRUE
    WHEN named.doer IS NOT NULL OR covered_for('accounts', named.system, named.executed_at) OR covered('agents', named.executed_at) THEN FALSE
  END AS by_agent,
  named.is_destructive,
  CASE
    WHEN bringing.change_id IS NOT NULL
      THEN bringing.landed_at <= named.executed_at AND bringing.independent_human_approvals > 0
    WHEN covered('changes_seen', named.executed_at) THEN FALSE
  END AS is_reviewed_change,
  CASE WHEN named.ticket IS NOT NULL THEN TRUE WHEN covered_for('database_writes', named.system, named.executed_at) THEN FALSE END
    AS has_ticket,
  CASE
    WHEN named.approved_by IS NULL THEN CASE WHEN covered_for('database_writes', named.system, named.executed_at) THEN FALSE END
    WHEN named.approved_at > named.executed_at THEN FALSE
    WHEN account_of(named.approved_by) = account_of(named.executed_by) OR named.approver = named.doer THEN FALSE
    WHEN named.approver IS NULL THEN CASE WHEN covered('people', named.executed_at) THEN FALSE END
    WHEN people.starts_at > named.approved_at OR people.ends_at <= named.approved_at THEN FALSE
    WHEN named.doer IS NOT NULL AND named.approved_at IS NOT NULL THEN TRUE
  END AS second_person_approved,
  named.backed_up_at <= named.executed_at AS was_backed_up,
  named.tested_at <= named.executed_at AS was_tested,
  named.record
FROM named
LEFT JOIN people ON people.person = named.approver
LEFT JOIN bringing ON bringing.change_id = named.change_id
