-- What must stand: each policy on the register, and each of the eight basic kinds of which there is none.
-- leads_kind: the policy of its kind whose first version is the oldest; of a kind without any, the kind itself.
WITH own AS (
  SELECT
    policy,
    arg_max(kind, (effective_from, version)) AS kind,
    min(effective_from) AS first_effective_from,
    max(withdrawn_at) AS withdrawn_at,
    arg_max(record, (effective_from, version)) AS record
  FROM policies
  GROUP BY policy
)
SELECT
  policy,
  kind,
  row_number() OVER (PARTITION BY kind ORDER BY withdrawn_at DESC NULLS FIRST, first_effective_from, policy) = 1 AS leads_kind,
  first_effective_from,
  withdrawn_at,
  record
FROM own
UNION ALL
SELECT kind, kind, TRUE, NULL::TIMESTAMP, NULL::TIMESTAMP, NULL::VARCHAR
FROM (VALUES ('security'), ('change'), ('access'), ('incident'), ('vendor'), ('data'), ('continuity'), ('ai-use')) AS basic(kind)
WHERE kind NOT IN (SELECT kind FROM own)
