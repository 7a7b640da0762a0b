-- Every whole day (UTC) on which a store of production data was in use, as far as extracts of backups or their runs
-- reach: the stores of the backup plan, and those that the cloud's own list shows in production, so that a new store
-- that nobody planned for is seen. A day without a backup counts as such only where the list of runs covers all of it.
-- is_protected: one copy of that day has all three: encrypted, in a second place, safe from deletion.
WITH reach AS (
  SELECT min(first_known) AS first_known, max(last_known) AS last_known
  FROM (
    SELECT covers_from AS first_known, covers_until AS last_known
    FROM extracts WHERE population = 'backups' AND NOT truncated AND covers_from < covers_until
    UNION ALL SELECT date_trunc('day', ran_at), ran_at + INTERVAL 1 DAY FROM backups
  )
),
shown AS (
  SELECT
    asset AS store,
    min(coalesce(first_seen_at, seen_at)) AS first_at,
    arg_max(is_production AND kind <> 'flow', (seen_at, record)) AS counts,
    max(gone_at) AS gone_at,
    max(record) AS record
  FROM data_assets_seen
  GROUP BY asset
),
stores AS (
  SELECT
    coalesce(plan.store, shown.store) AS store,
    CASE WHEN plan.store IS NULL THEN shown.first_at ELSE coalesce(plan.in_use_from, shown.first_at) END AS in_use_from,
    least(plan.in_use_until, shown.gone_at) AS in_use_until,
    plan.store IS NOT NULL AS is_known,
    plan.in_plan,
    plan.rebuildable_by,
    coalesce(plan.record, shown.record) AS record
  FROM protected_stores AS plan
  FULL JOIN shown ON shown.store = plan.store
  WHERE plan.store IS NOT NULL OR shown.counts
),
days AS (
  SELECT
    stores.*,
    unnest(generate_series(
      date_trunc('day', greatest(reach.first_known, stores.in_use_from) + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND),
      date_trunc('day', least(reach.last_known, stores.in_use_until)) - INTERVAL 1 DAY,
      INTERVAL 1 DAY
    )) AS day
  FROM stores CROSS JOIN reach
),
ran AS (
  SELECT
    store,
    date_trunc('day', ran_at) AS day,
    bool_or(succeeded) AS backed_up,
    bool_or(is_encrypted AND is_replicated AND is_delete_protected) FILTER (succeeded) AS is_protected,
    bool_or((is_encrypted AND is_replicated AND is_delete_protected) IS NULL) FILTER (succeeded) AS is_unclear,
    min(failure_ticket) FILTER (NOT succeeded) AS failure_ticket,
    CASE
      WHEN bool_and(fixed_at IS NOT NULL) FILTER (NOT succeeded)
        THEN max(date_diff('second', ran_at, fixed_at) // 3600) FILTER (NOT succeeded)
    END AS fixed_after_hours,
    arg_max(record, (ran_at, backup)) AS record
  FROM backups
  GROUP BY ALL
)
SELECT
  days.store || ' | ' || strftime(days.day, '%Y-%m-%d') AS store_day,
  days.store,
  days.day,
  CASE
    WHEN days.is_known THEN days.in_plan
    WHEN covered('protected_stores', days.day) THEN FALSE
  END AS in_plan,
  days.rebuildable_by IS NOT NULL AS is_rebuildable,
  CASE
    WHEN ran.backed_up THEN TRUE
    WHEN covered_between('backups', days.day, days.day + INTERVAL 1 DAY - INTERVAL 1 SECOND) THEN FALSE
  END AS backed_up,
  CASE WHEN ran.is_protected THEN TRUE WHEN ran.is_unclear THEN NULL ELSE ran.is_protected END AS is_protected,
  ran.failure_ticket,
  ran.fixed_after_hours,
  coalesce(ran.record, days.record) AS record
FROM days
LEFT JOIN ran ON ran.store = days.store AND ran.day = days.day
