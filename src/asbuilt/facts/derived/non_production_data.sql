-- Stores outside production: each month (UTC) in which one was in use and for which searches are listed or were run. A
-- month without a search counts as such only where the list of searches covers all of it.
-- is_clean: no search of the month hit; the data set holds no customers' data from production, or it is masked; the
-- provider trains on nothing of ours. is_approved: the data set's source was approved before its first use.
WITH reach AS (
  SELECT min(first_known) AS first_known, max(last_known) AS last_known
  FROM (
    SELECT covers_from AS first_known, covers_until AS last_known
    FROM extracts WHERE population = 'data_marker_scans' AND NOT truncated AND covers_from < covers_until
    UNION ALL SELECT scanned_at, scanned_at + INTERVAL 1 SECOND FROM data_marker_scans
  )
),
stores AS (
  SELECT
    asset,
    min(coalesce(first_seen_at, seen_at)) AS first_at,
    max(gone_at) AS gone_at,
    max(record) AS record
  FROM data_assets_seen
  GROUP BY asset
  HAVING NOT arg_max(is_production OR kind = 'flow', (seen_at, record))
),
months AS (
  SELECT
    stores.*,
    unnest(generate_series(
      date_trunc('month', greatest(stores.first_at, reach.first_known)),
      least(stores.gone_at, reach.last_known) - INTERVAL 1 MICROSECOND,
      INTERVAL 1 MONTH
    )) AS month
  FROM stores CROSS JOIN reach
),
searched AS (
  SELECT asset, date_trunc('month', scanned_at) AS month, max(markers_found) AS markers_found, max(record) AS record
  FROM data_marker_scans
  GROUP BY ALL
)
SELECT
  concat_ws(' | ', 'store', months.asset, strftime(months.month, '%Y-%m')) AS use,
  'store' AS kind,
  months.asset AS subject,
  months.month + INTERVAL 1 MONTH - INTERVAL 1 SECOND AS happened_at,
  CASE
    WHEN searched.asset IS NOT NULL THEN TRUE
    WHEN covered_between(
      'data_marker_scans', greatest(months.month, months.first_at), months.month + INTERVAL 1 MONTH - INTERVAL 1 SECOND
    ) THEN FALSE
  END AS looked,
  searched.markers_found = 0 AS is_clean,
  TRUE AS is_approved,
  coalesce(searched.record, months.record) AS record
FROM months
LEFT JOIN searched ON searched.asset = months.asset AND searched.month = months.month
UNION ALL
SELECT
  'dataset | ' || dataset,
  'dataset',
  dataset,
  first_used_at,
  TRUE,
  NOT from_production OR is_masked,
  approved_by IS NOT NULL AND coalesce(approved_at <= first_used_at, FALSE),
  record
FROM datasets
UNION ALL
SELECT
  concat_ws(' | ', 'workspace', workspace, strftime(looked_at, '%Y-%m-%dT%H:%M:%SZ')),
  'workspace',
  workspace,
  looked_at,
  TRUE,
  training_off,
  TRUE,
  record
FROM training_switches
