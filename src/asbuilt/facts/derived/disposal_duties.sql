-- Owed: each store that holds the data, since its time was over. done_at: when it was gone from the backups as well; as
-- long as nobody says when backups lose it, it is not known to be done. Of several deletions the first counts.
WITH owed AS (
  SELECT *, unnest(list_distinct(stores)) AS store FROM retention_ends
),
deleted AS (
  SELECT *, has_backups IS FALSE OR backups_gone_at IS NOT NULL AS backups_known
  FROM disposals
  QUALIFY row_number() OVER (PARTITION BY ending, store ORDER BY deleted_at, disposal) = 1
)
SELECT
  owed.ending || ' | ' || owed.store AS duty,
  owed.ended_at AS owed_from,
  CASE
    WHEN deleted.has_backups IS FALSE THEN deleted.deleted_at
    WHEN deleted.backups_known THEN greatest(deleted.deleted_at, deleted.backups_gone_at)
  END AS done_at,
  NULL::TIMESTAMP AS lapsed_at,
  covered_until('disposals', owed.ended_at) AS seen_until,
  owed.ending,
  owed.store,
  owed.kind,
  owed.promised_days,
  deleted.deleted_at,
  deleted.backups_known,
  deleted.rows_left,
  coalesce(deleted.record, owed.record) AS record
FROM owed
LEFT JOIN deleted ON deleted.ending = owed.ending AND deleted.store = owed.store
