-- Each day on which a device signed in to a system that is in scope, or on no list of systems. A look at the device counts
-- for the day if it held at any moment of it; a snapshot for the day on which it was taken. Of several the worst counts,
-- and what one of them does not tell is not known.
-- is_enrolled: FALSE where looks were read over the whole day, and none is of that device.
WITH out_of_scope AS (
  SELECT system FROM systems WHERE NOT in_scope
),
days AS (
  SELECT
    device,
    CASE WHEN device IS NULL THEN account_of(account) END AS nameless,
    date_trunc('day', signed_in_at) AS day,
    list(DISTINCT account ORDER BY account) AS accounts,
    list(DISTINCT system ORDER BY system) AS systems,
    arg_min(record, (signed_in_at, record)) AS record
  FROM device_sign_ins
  ANTI JOIN out_of_scope ON out_of_scope.system = device_sign_ins.system
  GROUP BY ALL
),
looks AS (
  SELECT
    *,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 SECOND) AS until
  FROM device_postures
),
touching AS (
  SELECT
    days.device,
    days.day,
    CASE WHEN bool_or(NOT is_encrypted) THEN FALSE WHEN count(is_encrypted) = count(*) THEN TRUE END AS is_encrypted,
    CASE WHEN count(patch_delay_days) = count(*) THEN max(patch_delay_days) END AS patch_delay_days,
    CASE
      WHEN bool_or(screen_lock_minutes = 0) THEN 0
      WHEN count(screen_lock_minutes) = count(*) THEN max(screen_lock_minutes)
    END AS screen_lock_minutes,
    CASE WHEN bool_or(NOT malware_protected) THEN FALSE WHEN count(malware_protected) = count(*) THEN TRUE END
      AS malware_protected,
    CASE
      WHEN bool_or(len(unconfined_agents) > 0) OR count(unconfined_agents) = count(*)
        THEN list_sort(list_distinct(flatten(list(coalesce(unconfined_agents, []) ORDER BY looks.record))))
    END AS unconfined_agents
  FROM days
  JOIN looks
    ON looks.device = days.device AND looks.starts < days.day + INTERVAL 1 DAY AND looks.until > days.day
  GROUP BY days.device, days.day
)
SELECT
  coalesce(days.device, '(no device) | ' || days.nameless) || ' | ' || strftime(days.day, '%Y-%m-%d') AS device_day,
  days.day,
  days.device,
  days.accounts,
  days.systems,
  CASE
    WHEN touching.device IS NOT NULL THEN TRUE
    WHEN days.device IS NOT NULL
      AND covered_between('device_postures', days.day, days.day + INTERVAL 1 DAY - INTERVAL 1 SECOND) THEN FALSE
  END AS is_enrolled,
  touching.is_encrypted,
  touching.patch_delay_days,
  touching.screen_lock_minutes,
  touching.malware_protected,
  touching.unconfined_agents,
  days.record
FROM days
LEFT JOIN touching ON touching.device = days.device AND touching.day = days.day
