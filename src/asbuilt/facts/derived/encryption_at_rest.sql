-- Looks at stores and their backups, and at devices, as they were told.
-- A backup that was not encrypted shows at the moment at which it was made, whatever the settings say.
-- From the making of a store to the first look at it the store is as that look found it, where the list of looks is
-- whole: unchecked_hours says for how long nobody would have noticed. A store that such a list never shows has a row up
-- to the list's end, of which nothing is known. In a flow nothing lies.
WITH looks AS (
  SELECT
    CASE WHEN copy = 'backup' THEN store || ' | backup' ELSE store END AS place,
    is_encrypted,
    key_managed,
    held_from,
    held_until,
    observed_at,
    record
  FROM encryption_settings
),
first_looks AS (
  SELECT
    place,
    min(coalesce(held_from, observed_at)) AS first_at,
    arg_min(is_encrypted, (coalesce(held_from, observed_at), record)) FILTER (is_encrypted IS NOT NULL) AS is_encrypted,
    arg_min(key_managed, (coalesce(held_from, observed_at), record)) FILTER (key_managed IS NOT NULL) AS key_managed
  FROM looks
  GROUP BY place
),
made AS (
  SELECT
    asset AS place,
    min(coalesce(first_seen_at, seen_at)) AS made_at,
    max(gone_at) AS gone_at,
    max(observed_at) AS observed_at,
    max(record) AS record
  FROM data_assets_seen
  GROUP BY asset
  HAVING arg_max(kind, (seen_at, record)) <> 'flow'
),
unchecked AS (
  SELECT
    made.place,
    first_looks.is_encrypted,
    first_looks.key_managed,
    made.made_at AS held_from,
    least(first_looks.first_at, made.gone_at, covered_until('encryption_settings', made.made_at)) AS held_until,
    made.observed_at,
    made.record
  FROM made
  LEFT JOIN first_looks ON first_looks.place = made.place
  WHERE covered('encryption_settings', made.made_at)
),
told AS (
  SELECT 'look' AS kind, *, NULL::BIGINT AS unchecked_hours FROM looks
  UNION ALL
  SELECT 'look', device, is_encrypted, recovery_key_kept, held_from, held_until, observed_at, record, NULL
  FROM device_postures
  UNION ALL
  SELECT 'backup', store || ' | backup', FALSE, NULL, NULL, NULL, ran_at, record, NULL
  FROM backups
  WHERE succeeded AND NOT is_encrypted
  UNION ALL
  SELECT
    'unchecked', place, is_encrypted, key_managed, held_from, held_until, observed_at, record,
    date_diff('second', held_from, held_until) // 3600
  FROM unchecked
  WHERE held_until > held_from
)
SELECT
  concat_ws(
    ' | ', place, strftime(coalesce(held_from, observed_at), '%Y-%m-%dT%H:%M:%SZ'), kind, left(record, 12)
  ) AS look,
  place,
  is_encrypted,
  key_managed,
  unchecked_hours,
  held_from,
  held_until,
  observed_at,
  record
FROM told
