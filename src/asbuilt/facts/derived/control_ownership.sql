-- Stretches of an assignment, cut where its owner starts or leaves by the HR list.
-- owner_is_active_person: TRUE while the owner works here, FALSE before and after; NULL where the list says nothing.
WITH held AS (
  SELECT
    *,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at) AS until
  FROM control_owners
),
joined AS (
  SELECT held.*, people.person, people.starts_at, people.ends_at
  FROM held
  LEFT JOIN people ON people.person = person_of(held.owner)
),
cut AS (
  SELECT *, starts AS piece_from, least(until, starts_at) AS piece_until, FALSE AS active
  FROM joined
  WHERE person IS NOT NULL AND starts < starts_at
  UNION ALL
  SELECT *, greatest(starts, starts_at), least(until, ends_at), TRUE
  FROM joined
  WHERE person IS NOT NULL AND coalesce(starts < ends_at, TRUE)
    AND (until > starts_at OR (until = starts AND starts >= starts_at))
  UNION ALL
  SELECT *, greatest(starts, ends_at), until, FALSE
  FROM joined
  WHERE person IS NOT NULL AND ends_at IS NOT NULL AND (until > ends_at OR (until = starts AND starts >= ends_at))
  UNION ALL
  SELECT *, starts, until, CASE WHEN covered('people', starts) THEN FALSE END
  FROM joined
  WHERE person IS NULL
)
SELECT
  control || ' | ' || owner || ' | ' || strftime(piece_from, '%Y-%m-%dT%H:%M:%SZ')
    || ' | ' || strftime(observed_at, '%Y-%m-%dT%H:%M:%SZ') AS ownership,
  control,
  owner,
  active AS owner_is_active_person,
  approved_by,
  CASE WHEN piece_until > piece_from THEN piece_from END AS held_from,
  CASE WHEN piece_until > piece_from THEN piece_until END AS held_until,
  CASE WHEN piece_until > piece_from THEN observed_at ELSE piece_from END AS observed_at,
  record
FROM cut
