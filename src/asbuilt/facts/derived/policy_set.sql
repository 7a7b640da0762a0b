-- What must stand: each policy on the register, and each of the eight basic kinds of which there is none.
-- in_use_from: of a basic kind one policy must have stood all the time: the one that stands still, or the oldest.
WITH basic AS (
  SELECT unnest(['security', 'change', 'access', 'incident', 'vendor', 'data', 'continuity', 'ai-use']) AS kind
),
own AS (
  SELECT
    policy,
    arg_max(kind, (effective_from, version)) AS kind,
    min(effective_from) AS first_effective_from,
    max(withdrawn_at) AS withdrawn_at,
    arg_max(record, (effective_from, version)) AS record
  FROM policies
  GROUP BY policy
),
ranked AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY kind ORDER BY withdrawn_at DESC NULLS FIRST, first_effective_from, policy
    ) = 1 AND kind IN (SELECT kind FROM basic) AS stands_for_its_kind
  FROM own
)
SELECT
  policy,
  kind,
  FALSE AS is_absent,
  CASE WHEN NOT stands_for_its_kind THEN first_effective_from END AS in_use_from,
  withdrawn_at AS in_use_until,
  record
FROM ranked
UNION ALL
SELECT kind, kind, TRUE, NULL::TIMESTAMP, NULL::TIMESTAMP, NULL::VARCHAR
FROM basic
WHERE kind NOT IN (SELECT kind FROM own)
