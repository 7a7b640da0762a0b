-- Every day, from midnight to midnight, on which a target in scope was in use the whole day, as far as extracts or
-- runs reach. A day without a run counts as 0 runs only where the list of runs covers all of it.
-- database_age_hours: of the runs that ended well, the one with the freshest database decides.
WITH reach AS (
  SELECT min(first_known) AS first_known, max(last_known) AS last_known
  FROM (
    SELECT covers_from AS first_known, covers_until AS last_known
    FROM extracts WHERE population = 'scan_runs' AND NOT truncated AND covers_from < covers_until
    UNION ALL SELECT date_trunc('day', ran_at), ran_at + INTERVAL 1 DAY FROM scan_runs
  )
),
days AS (
  SELECT
    scan_targets.target,
    scan_targets.kind,
    scan_targets.record,
    unnest(generate_series(
      date_trunc('day', greatest(reach.first_known, scan_targets.in_use_from) + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND),
      date_trunc('day', least(reach.last_known, scan_targets.in_use_until)) - INTERVAL 1 DAY,
      INTERVAL 1 DAY
    )) AS day
  FROM scan_targets CROSS JOIN reach
  WHERE scan_targets.in_scope AND scan_targets.kind IN ('repository', 'image', 'host')
),
ran AS (
  SELECT
    target,
    date_trunc('day', ran_at) AS day,
    count(*) AS runs,
    min(date_diff('second', database_at, ran_at) // 3600) AS database_age_hours,
    arg_max(record, (ran_at, run)) AS record
  FROM scan_runs
  WHERE succeeded
  GROUP BY ALL
)
SELECT
  days.target || ' | ' || strftime(days.day, '%Y-%m-%d') AS target_day,
  days.target,
  days.day,
  days.kind,
  CASE
    WHEN ran.runs IS NOT NULL THEN ran.runs
    WHEN covered_between('scan_runs', days.day, days.day + INTERVAL 1 DAY - INTERVAL 1 SECOND) THEN 0
  END AS runs,
  ran.database_age_hours,
  coalesce(ran.record, days.record) AS record
FROM days
LEFT JOIN ran ON ran.target = days.target AND ran.day = days.day
