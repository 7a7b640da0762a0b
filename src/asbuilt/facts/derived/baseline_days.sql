-- Every whole day on which a target with a baseline was in use, as far as extracts or runs reach; as in scan_days.
-- failures: what the day's last run found. A rule fails since the first of the runs in a row that found it failing; a
-- run that does not say which rules failed ends no such row.
WITH reach AS (
  SELECT min(first_known) AS first_known, max(last_known) AS last_known
  FROM (
    SELECT covers_from AS first_known, covers_until AS last_known
    FROM extracts WHERE population = 'baseline_runs' AND NOT truncated AND covers_from < covers_until
    UNION ALL SELECT date_trunc('day', ran_at), ran_at + INTERVAL 1 DAY FROM baseline_runs
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
  WHERE scan_targets.in_scope AND scan_targets.baseline IS NOT NULL
),
telling AS (
  SELECT *, row_number() OVER (PARTITION BY target ORDER BY ran_at, run) AS place
  FROM baseline_runs
  WHERE succeeded AND failures IS NOT NULL
),
failing AS (
  SELECT target, run, ran_at, place, unnest(list_distinct(failures)) AS rule FROM telling
),
rows_of_runs AS (
  SELECT *, place - row_number() OVER (PARTITION BY target, rule ORDER BY place) AS island FROM failing
),
since AS (
  SELECT run, min(ran_at) OVER (PARTITION BY target, rule, island) AS failing_since FROM rows_of_runs
),
oldest AS (
  SELECT run, min(failing_since) AS failing_since FROM since GROUP BY run
),
ran AS (
  SELECT
    baseline_runs.target,
    date_trunc('day', baseline_runs.ran_at) AS day,
    count(*) AS runs,
    arg_max(baseline_runs.run, (baseline_runs.ran_at, baseline_runs.run)) AS run
  FROM baseline_runs
  WHERE baseline_runs.succeeded
  GROUP BY ALL
)
SELECT
  days.target || ' | ' || strftime(days.day, '%Y-%m-%d') AS target_day,
  days.target,
  days.day,
  days.kind,
  CASE
    WHEN ran.runs IS NOT NULL THEN ran.runs
    WHEN covered_between('baseline_runs', days.day, days.day + INTERVAL 1 DAY - INTERVAL 1 SECOND) THEN 0
  END AS runs,
  list_sort(last_run.failures) AS failures,
  CASE
    WHEN len(last_run.failures) = 0 THEN 0
    WHEN last_run.failures IS NOT NULL THEN date_diff('second', oldest.failing_since, last_run.ran_at) // 86400
  END AS oldest_failure_days,
  coalesce(last_run.record, days.record) AS record
FROM days
LEFT JOIN ran ON ran.target = days.target AND ran.day = days.day
LEFT JOIN baseline_runs AS last_run ON last_run.run = ran.run
LEFT JOIN oldest ON oldest.run = ran.run
