-- Grants come from the systems' own logs; each is held against the request that it names.
-- is_requested: FALSE where requests were read at that time and there is none of that id, or none is named.
-- approver_is_another: the approver is a person at work on the day of approval, and neither the receiver nor the person who
-- answers for the agent or account that received it. approver_is_entitled: the receiver's manager, or the system's owner;
-- NULL where no request was found.
-- A move's excess rights: those held on that day by the person's accounts that the role matrix does not give the new job.
-- Where the matrix has nothing for the new job, they are not known.
WITH receivers AS (
  SELECT
    system,
    account,
    person_of(CASE WHEN kind = 'human' THEN coalesce(person, account) ELSE owner END) AS person
  FROM accounts
),
drivers AS (
  SELECT account_of(own.account) AS account, min(person_of(own.owner)) AS person
  FROM (SELECT unnest(accounts) AS account, owner FROM agents) AS own
  GROUP BY account_of(own.account)
),
-- An owner's audit log tells what took a right away without naming the grant: the next such event of the account ends it.
removals AS (
  SELECT
    'github:' || organization AS system,
    account_of(account) AS account,
    happened_at,
    CASE action
      WHEN 'org.remove_member' THEN ''
      WHEN 'org.remove_outside_collaborator' THEN 'outside collaborator'
      WHEN 'repo.remove_member' THEN 'collaborator ' || repository
      WHEN 'team.remove_member' THEN 'team ' || (detail ->> '$.team')
    END AS access_right
  FROM audit_events
  WHERE account IS NOT NULL
    AND action IN ('org.remove_member', 'org.remove_outside_collaborator', 'repo.remove_member', 'team.remove_member')
),
ended AS (
  SELECT
    grants.* REPLACE (coalesce(any_value(grants.revoked_at), min(removals.happened_at)) AS revoked_at)
  FROM grants
  LEFT JOIN removals
    ON removals.system = grants.system AND removals.account = account_of(grants.account)
    AND removals.happened_at >= grants.granted_at
    AND (
      removals.access_right = '' OR grants.access_right = removals.access_right
      OR starts_with(grants.access_right, removals.access_right || ' ')
    )
  GROUP BY ALL
),
given AS (
  SELECT
    grants.*,
    coalesce(drivers.person, receivers.person, person_of(grants.account)) AS person,
    access_requests.request AS found_request,
    access_requests.approved_by,
    access_requests.approved_at,
    access_requests.rights,
    access_requests.system AS requested_system,
    person_of(access_requests.approved_by) AS approver,
    coalesce(person_of(access_requests.approved_by), account_of(access_requests.approved_by)) AS approver_name
  FROM ended AS grants
  LEFT JOIN receivers ON receivers.system = grants.system AND receivers.account = grants.account
  LEFT JOIN drivers ON drivers.account = account_of(grants.account)
  LEFT JOIN access_requests ON access_requests.request = grants.request
),
judged AS (
  SELECT
    given.*,
    CASE
      WHEN given.found_request IS NOT NULL THEN TRUE
      WHEN covered('access_requests', given.granted_at) THEN FALSE
    END AS is_requested,
    CASE
      WHEN given.approver IS NULL AND covered('people', given.approved_at) THEN FALSE
      WHEN given.approver IS NULL THEN NULL
      WHEN approving.starts_at > given.approved_at OR approving.ends_at <= given.approved_at THEN FALSE
      ELSE given.approver <> given.person
    END AS approver_is_another,
    CASE
      WHEN given.found_request IS NULL THEN NULL
      WHEN person_of(systems.owner) = given.approver OR person_of(receiving.manager) = given.approver THEN TRUE
      WHEN systems.owner IS NOT NULL AND (receiving.manager IS NOT NULL OR given.person IS NULL) THEN FALSE
    END AS approver_is_entitled
  FROM given
  LEFT JOIN people AS approving ON approving.person = given.approver
  LEFT JOIN people AS receiving ON receiving.person = given.person
  LEFT JOIN systems ON systems.system = given.system
),
moves AS (
  SELECT
    role_moves.*,
    EXISTS (SELECT 1 FROM role_rights WHERE role_rights.role = role_moves.new_role) AS role_is_described
  FROM role_moves
),
excess AS (
  SELECT
    moves.record_id,
    list(DISTINCT given.system || ' | ' || given.access_right ORDER BY given.system || ' | ' || given.access_right)
      AS excess_rights,
    list(DISTINCT given.system || ' | ' || given.access_right ORDER BY given.system || ' | ' || given.access_right)
      FILTER (WHERE given.revoked_at IS NULL) AS open_rights,
    max(given.revoked_at) AS removed_at
  FROM moves
  JOIN given
    ON given.person = person_of(moves.person) AND given.granted_at < moves.moved_at
    AND coalesce(given.revoked_at > moves.moved_at, TRUE)
  WHERE NOT EXISTS (
    SELECT 1 FROM role_rights
    WHERE role_rights.role = moves.new_role AND role_rights.system = given.system
      AND role_rights.access_right = given.access_right
  )
  GROUP BY moves.record_id
),
united AS (
  SELECT
    'grant | ' || record_id AS access_change,
    'grant' AS kind,
    granted_at AS happened_at,
    account,
    person,
    system || ' | ' || access_right AS access_right,
    request,
    approved_by,
    is_requested,
    CASE
      WHEN found_request IS NOT NULL THEN coalesce(approved_at <= granted_at, FALSE)
      WHEN is_requested IS NOT NULL THEN FALSE
    END AS approved_before,
    approver_is_another,
    approver_is_entitled,
    list_contains(rights, access_right) AND coalesce(requested_system = system, TRUE) AS right_as_approved,
    NULL AS excess_rights,
    NULL AS open_rights,
    NULL AS removed_at,
    NULL AS seen_until,
    record
  FROM judged
  UNION ALL
  SELECT
    'move | ' || moves.record_id,
    'move',
    moves.moved_at,
    NULL,
    moves.person,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    CASE WHEN moves.role_is_described THEN coalesce(excess.excess_rights, []) END,
    CASE WHEN moves.role_is_described THEN coalesce(excess.open_rights, []) END,
    CASE WHEN moves.role_is_described THEN excess.removed_at END,
    covered_until('grants', moves.moved_at),
    moves.record
  FROM moves
  LEFT JOIN excess ON excess.record_id = moves.record_id
)
SELECT
  united.*,
  CASE WHEN isodow(happened_at) > 5 THEN date_trunc('week', happened_at) + INTERVAL 7 DAY ELSE happened_at END
    AS clock_from,
  CASE WHEN isodow(happened_at) > 5 THEN 0 ELSE isodow(happened_at) - 1 END AS clock_weekday
FROM united
