-- Each look at a role, cut where an approval for it begins or ends: within a piece the same approvals stand.
-- unapproved_holders: holders without an approval that stands over the piece. standing_agents: agents (by the accounts'
-- list or the register of agents) whose approval has no end. unreviewed_emergencies: holders whose only approval is for an
-- emergency, without a ticket, or that nobody, or only the holder, looked at afterwards.
-- A list that came in several pages is a look for each of them: `admin (page 2)` is the role `admin`.
WITH looks AS (
  SELECT
    * REPLACE (regexp_replace(role, ' \(page [0-9]+\)$', '') AS role),
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at) AS until
  FROM privileged_roles
),
cuts AS (
  SELECT record_id, starts AS piece_from FROM looks
  UNION
  SELECT looks.record_id, privilege_approvals.approved_at
  FROM looks
  JOIN privilege_approvals ON privilege_approvals.system = looks.system AND privilege_approvals.role = looks.role
  WHERE privilege_approvals.approved_at > looks.starts AND privilege_approvals.approved_at < looks.until
  UNION
  SELECT looks.record_id, privilege_approvals.ends_at
  FROM looks
  JOIN privilege_approvals ON privilege_approvals.system = looks.system AND privilege_approvals.role = looks.role
  WHERE privilege_approvals.ends_at > looks.starts AND privilege_approvals.ends_at < looks.until
),
pieces AS (
  SELECT
    looks.*,
    cuts.piece_from,
    coalesce(lead(cuts.piece_from) OVER (PARTITION BY cuts.record_id ORDER BY cuts.piece_from), looks.until) AS piece_until
  FROM looks
  JOIN cuts ON cuts.record_id = looks.record_id
),
holders AS (
  SELECT record_id, piece_from, piece_until, system, role, unnest(holders) AS account FROM pieces
),
agent_accounts AS (
  SELECT account_of(account) AS account FROM accounts WHERE kind = 'agent'
  UNION
  SELECT account_of(own.account) FROM (SELECT unnest(accounts) AS account FROM agents) AS own
),
approved AS (
  SELECT
    holders.record_id,
    holders.piece_from,
    holders.account,
    account_of(holders.account) IN (SELECT account FROM agent_accounts) AS is_agent,
    count(privilege_approvals.account) AS approvals,
    bool_or(privilege_approvals.account IS NOT NULL AND privilege_approvals.ends_at IS NULL) AS is_standing,
    bool_and(coalesce(privilege_approvals.is_break_glass, FALSE)) AS is_emergency,
    bool_or(
      privilege_approvals.ticket IS NOT NULL AND privilege_approvals.reviewed_by IS NOT NULL
      AND account_of(privilege_approvals.reviewed_by) <> account_of(holders.account)
      AND coalesce(person_of(privilege_approvals.reviewed_by) <> person_of(holders.account), TRUE)
    ) AS is_reviewed
  FROM holders
  LEFT JOIN privilege_approvals
    ON privilege_approvals.system = holders.system AND privilege_approvals.role = holders.role
    AND account_of(privilege_approvals.account) = account_of(holders.account)
    AND privilege_approvals.approved_at <= holders.piece_from
    AND coalesce(
      privilege_approvals.ends_at >= holders.piece_until AND privilege_approvals.ends_at > holders.piece_from, TRUE
    )
  GROUP BY holders.record_id, holders.piece_from, holders.account
),
listed AS (
  SELECT
    record_id,
    piece_from,
    list(account ORDER BY account) FILTER (WHERE approvals = 0) AS unapproved_holders,
    list(account ORDER BY account) FILTER (WHERE is_agent AND is_standing) AS standing_agents,
    list(account ORDER BY account) FILTER (WHERE approvals > 0 AND is_emergency AND NOT coalesce(is_reviewed, FALSE))
      AS unreviewed_emergencies
  FROM approved
  GROUP BY record_id, piece_from
)
SELECT
  concat_ws(
    ' | ', pieces.system, pieces.role, strftime(pieces.piece_from, '%Y-%m-%dT%H:%M:%SZ'),
    strftime(pieces.observed_at, '%Y-%m-%dT%H:%M:%SZ'), left(pieces.record, 12)
  ) AS holding,
  pieces.system,
  pieces.role,
  pieces.holders,
  CASE
    WHEN covered_for('privilege_approvals', pieces.system, pieces.piece_from) THEN coalesce(listed.unapproved_holders, [])
    WHEN listed.unapproved_holders IS NULL THEN []
  END AS unapproved_holders,
  CASE
    WHEN listed.standing_agents IS NOT NULL THEN listed.standing_agents
    WHEN covered_for('accounts', pieces.system, pieces.piece_from) OR covered('agents', pieces.piece_from) OR len(pieces.holders) = 0 THEN []
  END AS standing_agents,
  CASE
    WHEN covered_for('privilege_approvals', pieces.system, pieces.piece_from) OR listed.unapproved_holders IS NULL
      THEN coalesce(listed.unreviewed_emergencies, [])
  END AS unreviewed_emergencies,
  CASE WHEN pieces.piece_until > pieces.piece_from THEN pieces.piece_from END AS held_from,
  CASE WHEN pieces.piece_until > pieces.piece_from THEN pieces.piece_until END AS held_until,
  CASE WHEN pieces.piece_until > pieces.piece_from THEN pieces.observed_at ELSE pieces.piece_from END AS observed_at,
  pieces.record
FROM pieces
LEFT JOIN listed ON listed.record_id = pieces.record_id AND listed.piece_from = pieces.piece_from
