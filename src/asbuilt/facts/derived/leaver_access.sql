-- What a leaver could still get in by: accounts that are the person's own (by the system's word, else by the login), and
-- accounts, keys and tokens that answer to the person. One that was given to another owner no longer does.
-- clock_from: business days count from the moment of leaving; at a weekend, from the Monday after.
-- unread_systems: in scope and in use on that day, and no list shows a single account of it.
WITH leavers AS (
  SELECT person, ends_at AS left_at, record FROM people WHERE ends_at IS NOT NULL
),
held AS (
  SELECT
    person_of(CASE WHEN kind = 'human' THEN coalesce(person, account) ELSE owner END) AS person,
    system || ' | ' || account AS what,
    disabled_at AS closed_at,
    CASE WHEN kind = 'human' THEN last_sign_in_at END AS signed_in_at,
    observed_at
  FROM accounts
  UNION ALL
  SELECT person_of(owner), system || ' | ' || credential, least(revoked_at, expires_at), NULL, observed_at
  FROM credentials
),
gone AS (
  SELECT
    leavers.person,
    count(held.what) AS accounts,
    list(held.what ORDER BY held.what) FILTER (WHERE held.what IS NOT NULL AND held.closed_at IS NULL) AS still_open,
    max(held.closed_at) AS closed_at,
    max(held.observed_at) FILTER (WHERE held.closed_at IS NULL) AS open_seen_at,
    coalesce(bool_or(held.signed_in_at > leavers.left_at), FALSE) AS signed_in_after_end
  FROM leavers
  LEFT JOIN held ON held.person = leavers.person
  GROUP BY leavers.person
),
unread AS (
  SELECT leavers.person, list(systems.system ORDER BY systems.system) AS unread_systems
  FROM leavers
  JOIN systems
    ON systems.in_scope AND coalesce(systems.in_use_from <= leavers.left_at, TRUE)
    AND coalesce(systems.in_use_until > leavers.left_at, TRUE)
  WHERE systems.system NOT IN (SELECT system FROM accounts)
  GROUP BY leavers.person
)
SELECT
  leavers.person,
  leavers.left_at,
  CASE
    WHEN isodow(leavers.left_at) > 5 THEN date_trunc('week', leavers.left_at) + INTERVAL 7 DAY
    ELSE leavers.left_at
  END AS clock_from,
  CASE WHEN isodow(leavers.left_at) > 5 THEN 0 ELSE isodow(leavers.left_at) - 1 END AS clock_weekday,
  gone.accounts,
  gone.still_open IS NOT NULL AS has_open,
  coalesce(gone.still_open, []) AS still_open,
  gone.closed_at,
  gone.open_seen_at,
  gone.signed_in_after_end,
  coalesce(unread.unread_systems, []) AS unread_systems,
  covered_until('accounts', leavers.left_at) AS seen_until,
  leavers.record
FROM leavers
JOIN gone ON gone.person = leavers.person
LEFT JOIN unread ON unread.person = leavers.person
