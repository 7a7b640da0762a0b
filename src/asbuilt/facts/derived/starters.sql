-- first_access_at: the first account made for the person, or right given to one of their accounts, in any system.
-- privileged_before_screening: administrator rights, by the approved list or by who was seen to hold them, began before
-- the first screening was finished; FALSE only where the approved list covers the time until then.
-- signed_at: the later of the first confidentiality and the first invention terms.
WITH own_accounts AS (
  SELECT system, account, coalesce(person, person_of(account)) AS person, created_at
  FROM accounts
  WHERE kind = 'human'
),
access AS (
  SELECT person, created_at AS moment FROM own_accounts WHERE created_at IS NOT NULL
  UNION ALL
  SELECT coalesce(own_accounts.person, person_of(grants.account)), grants.granted_at
  FROM grants
  LEFT JOIN own_accounts ON own_accounts.system = grants.system AND own_accounts.account = grants.account
),
first_access AS (SELECT person, min(moment) AS moment FROM access WHERE person IS NOT NULL GROUP BY person),
privileges AS (
  SELECT person_of(account) AS person, approved_at AS moment FROM privilege_approvals
  UNION ALL
  SELECT person_of(holder), moment
  FROM (SELECT unnest(holders) AS holder, coalesce(held_from, observed_at) AS moment FROM privileged_roles)
),
first_privilege AS (SELECT person, min(moment) AS moment FROM privileges WHERE person IS NOT NULL GROUP BY person),
screened AS (
  SELECT
    person,
    min(completed_at) AS completed_at,
    arg_min(outcome <> 'adverse' OR accepted_by IS NOT NULL, completed_at) AS is_settled
  FROM screenings
  GROUP BY person
),
signed AS (
  SELECT
    person,
    min(signed_at) FILTER (WHERE kind IN ('confidentiality', 'both')) AS confidentiality_at,
    min(signed_at) FILTER (WHERE kind IN ('inventions', 'both')) AS inventions_at
  FROM agreements
  GROUP BY person
)
SELECT
  people.person,
  people.starts_at,
  people.ends_at,
  people.is_contractor,
  screened.completed_at AS screened_at,
  screened.is_settled AS screening_is_settled,
  covered_until('screenings', people.starts_at) AS screenings_seen_until,
  CASE
    WHEN first_privilege.moment < screened.completed_at THEN TRUE
    WHEN screened.completed_at <= people.starts_at THEN FALSE
    WHEN covered_between('privilege_approvals', people.starts_at, screened.completed_at) THEN FALSE
  END AS privileged_before_screening,
  first_access.moment AS first_access_at,
  covered('accounts', people.starts_at) AND covered('grants', people.starts_at) AS access_is_seen,
  CASE
    WHEN signed.confidentiality_at IS NOT NULL AND signed.inventions_at IS NOT NULL
      THEN greatest(signed.confidentiality_at, signed.inventions_at)
  END AS signed_at,
  covered_until('agreements', people.starts_at) AS agreements_seen_until,
  people.record
FROM people
LEFT JOIN screened ON screened.person = people.person
LEFT JOIN first_access ON first_access.person = people.person
LEFT JOIN first_privilege ON first_privilege.person = people.person
LEFT JOIN signed ON signed.person = people.person
