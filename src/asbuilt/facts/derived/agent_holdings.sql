-- Each look at an installation, cut where its approval or its owner's time in the company begins or ends.
-- is_approved: on the register with purpose and approver, approved, not expired and not withdrawn over the piece.
-- owner_is_active_person: the owner is on the HR list and at work over the piece.
WITH looks AS (
  SELECT *, coalesce(held_from, observed_at) AS starts, coalesce(held_until, observed_at) AS until
  FROM agent_installations
),
own AS (
  SELECT account_of(named.account) AS account, min(named.agent) AS agent
  FROM (SELECT unnest(accounts) AS account, agent FROM agents) AS named
  GROUP BY account_of(named.account)
),
matched AS (
  SELECT
    looks.*,
    agents.agent,
    agents.owner,
    agents.purpose,
    agents.approved_by,
    agents.approved_at,
    least(agents.expires_at, agents.withdrawn_at) AS approval_ends_at,
    agents.expires_at,
    agents.scopes AS approved_scopes,
    people.person,
    people.starts_at,
    people.ends_at
  FROM looks
  LEFT JOIN own ON own.account = account_of(looks.account)
  LEFT JOIN agents ON agents.agent = own.agent
  LEFT JOIN people ON people.person = person_of(agents.owner)
),
cuts AS (
  SELECT record_id, starts AS piece_from FROM matched
  UNION
  SELECT record_id, moment
  FROM (
    SELECT record_id, starts, until, unnest([approved_at, approval_ends_at, starts_at, ends_at]) AS moment FROM matched
  ) AS named
  WHERE moment > starts AND moment < until
),
pieces AS (
  SELECT
    matched.*,
    cuts.piece_from,
    coalesce(lead(cuts.piece_from) OVER (PARTITION BY cuts.record_id ORDER BY cuts.piece_from), matched.until)
      AS piece_until
  FROM matched
  JOIN cuts ON cuts.record_id = matched.record_id
)
SELECT
  concat_ws(
    ' | ', system, account, strftime(piece_from, '%Y-%m-%dT%H:%M:%SZ'), strftime(observed_at, '%Y-%m-%dT%H:%M:%SZ'),
    left(record, 12)
  ) AS holding,
  system || ' | ' || account AS installation,
  system,
  account,
  agent,
  owner,
  CASE
    WHEN agent IS NOT NULL
      THEN purpose IS NOT NULL AND approved_by IS NOT NULL AND coalesce(approved_at <= piece_from, FALSE)
        AND coalesce(approval_ends_at > piece_from, TRUE)
    WHEN covered('agents', piece_from) THEN FALSE
  END AS is_approved,
  CASE WHEN agent IS NOT NULL THEN expires_at IS NOT NULL END AS has_expiry,
  CASE
    WHEN person IS NOT NULL THEN starts_at <= piece_from AND coalesce(ends_at > piece_from, TRUE)
    WHEN agent IS NOT NULL AND covered('people', piece_from) THEN FALSE
  END AS owner_is_active_person,
  CASE WHEN agent IS NOT NULL THEN list_sort(list_filter(scopes, lambda scope: NOT list_contains(approved_scopes, scope))) END
    AS excess_scopes,
  is_own_identity,
  can_approve,
  can_administer,
  can_bypass,
  CASE WHEN piece_until > piece_from THEN piece_from END AS held_from,
  CASE WHEN piece_until > piece_from THEN piece_until END AS held_until,
  CASE WHEN piece_until > piece_from THEN observed_at ELSE piece_from END AS observed_at,
  record
FROM pieces
