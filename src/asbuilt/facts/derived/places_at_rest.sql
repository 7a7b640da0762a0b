-- Stores as the cloud's own list showed them last, in use from the first time that they stood there until they were
-- removed; the backups of each store, from its first backup that succeeded; and devices of the register or of the device
-- management. A device is in use from the first look at it, where looks were read over that moment, until it was retired,
-- or until the last look where it was read again afterwards and not seen.
WITH stores AS (
  SELECT
    asset AS place,
    arg_max(kind, (seen_at, record)) AS kind,
    arg_max(is_production, (seen_at, record)) AS is_production,
    min(coalesce(first_seen_at, seen_at)) AS in_use_from,
    max(gone_at) AS in_use_until,
    max(record) AS record
  FROM data_assets_seen
  GROUP BY asset
),
looked AS (
  SELECT
    device,
    min(coalesce(held_from, observed_at)) AS starts,
    max(coalesce(held_until, observed_at)) AS until,
    max(observed_at) AS seen_at,
    arg_max(record, (observed_at, record)) AS record
  FROM device_postures
  GROUP BY device
),
devices AS (
  SELECT asset, retired_at, record FROM assets WHERE kind = 'device'
)
SELECT place, kind, is_production, in_use_from, in_use_until, record FROM stores WHERE kind <> 'flow'
UNION ALL
SELECT
  store || ' | backup', 'backup', NULL, min(ran_at), NULL, arg_min(record, (ran_at, record))
FROM backups
WHERE succeeded
GROUP BY store
UNION ALL
SELECT
  coalesce(devices.asset, looked.device),
  'device',
  NULL,
  CASE WHEN covered('device_postures', looked.starts) THEN looked.starts END,
  coalesce(
    devices.retired_at,
    CASE WHEN looked.until < looked.seen_at AND covered('device_postures', looked.until) THEN looked.until END
  ),
  coalesce(devices.record, looked.record)
FROM devices
FULL JOIN looked ON looked.device = devices.asset
