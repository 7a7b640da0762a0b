-- Owed: an entry in the inventory since the store or flow was first seen (or since the inventory is listed at all, if
-- later), and a review after each entry. What only the inventory names is owed reviews too.
-- The inventory is a register: a list of it that reaches past a moment would show an entry made before.
WITH seen AS (
  SELECT
    asset,
    arg_max(kind, (seen_at, record)) AS kind,
    min(coalesce(first_seen_at, seen_at)) AS first_at,
    max(gone_at) AS gone_at,
    max(record) AS record
  FROM data_assets_seen
  GROUP BY asset
),
read_to AS (
  SELECT min(covers_from) AS covers_from FROM extracts WHERE population = 'data_inventory' AND NOT truncated
),
owed AS (
  SELECT seen.asset, TRUE AS is_first, greatest(seen.first_at, read_to.covers_from) AS owed_from
  FROM seen CROSS JOIN read_to
  UNION ALL
  SELECT asset, FALSE, reviewed_at FROM data_inventory
),
answered AS (
  SELECT owed.asset, owed.is_first, owed.owed_from, min(data_inventory.reviewed_at) AS done_at
  FROM owed
  LEFT JOIN data_inventory
    ON data_inventory.asset = owed.asset AND (owed.is_first OR data_inventory.reviewed_at > owed.owed_from)
  GROUP BY ALL
)
SELECT
  concat_ws(
    ' | ',
    answered.asset,
    CASE WHEN answered.is_first THEN 'entry' ELSE 'review' END,
    strftime(answered.owed_from, '%Y-%m-%dT%H:%M:%SZ')
  ) AS duty,
  answered.owed_from,
  answered.done_at,
  seen.gone_at AS lapsed_at,
  covered_until('data_inventory', answered.owed_from) AS seen_until,
  answered.asset,
  coalesce(seen.kind, 'unseen') AS kind,
  answered.is_first,
  data_inventory.classification,
  data_inventory.owner,
  coalesce(data_inventory.record, seen.record) AS record
FROM answered
LEFT JOIN seen ON seen.asset = answered.asset
LEFT JOIN data_inventory ON data_inventory.asset = answered.asset AND data_inventory.reviewed_at = answered.done_at
