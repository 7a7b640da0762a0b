-- Runs: each day, week, month, quarter or year (UTC) for which a control's schedule expects one, wherever the log of
-- runs was read over the whole of it; and each such period that holds a run. Reports: each month likewise.
-- is_followed_up of a run: every failure of the period stands in the register of deficiencies (named by the run, or of
-- the same control and open then), and a person on the HR list decided on what a language model judged.
-- Deficiencies: the date they are due is moved by an extension only where somebody approved it.
WITH lists AS (
  SELECT
    control,
    'control_runs' AS list,
    tested_every AS every,
    CAST(concat('1 ', tested_every) AS INTERVAL) AS step,
    in_use_from,
    in_use_until
  FROM control_register
  WHERE tested_every IN ('day', 'week', 'month', 'quarter', 'year')
  UNION ALL
  SELECT NULL, 'meetings', 'month', INTERVAL 1 MONTH, NULL, NULL
),
happened AS (
  SELECT control, 'control_runs' AS list, ran_at AS moment FROM control_runs
  UNION ALL
  SELECT NULL, 'meetings', held_at FROM meetings WHERE kind = 'deficiency-report'
),
read_over AS (
  SELECT population, min(covers_from) AS covers_from, max(covers_until) AS covers_until
  FROM extracts
  WHERE NOT truncated
  GROUP BY population
),
expected AS (
  SELECT
    lists.*,
    unnest(
      generate_series(date_trunc(lists.every, read_over.covers_from), read_over.covers_until, lists.step)
    ) AS starts
  FROM lists
  JOIN read_over ON read_over.population = lists.list
),
periods AS (
  SELECT control, list, starts, starts + step AS until
  FROM expected
  WHERE covered_between(list, starts, starts + step - INTERVAL 1 SECOND)
    AND coalesce(starts >= in_use_from, TRUE) AND coalesce(starts + step <= in_use_until, TRUE)
  UNION
  SELECT lists.control, lists.list, date_trunc(lists.every, moment), date_trunc(lists.every, moment) + lists.step
  FROM lists
  JOIN happened ON happened.list = lists.list AND happened.control IS NOT DISTINCT FROM lists.control
),
run_followed AS (
  SELECT
    control_runs.*,
    CASE
      WHEN outcome = 'passed' THEN TRUE
      WHEN EXISTS (
        SELECT 1
        FROM deficiencies
        WHERE deficiencies.deficiency = control_runs.deficiency
          OR (
            deficiencies.control = control_runs.control
            AND deficiencies.opened_at <= control_runs.ran_at + INTERVAL 1 DAY
            AND coalesce(deficiencies.closed_at >= control_runs.ran_at, TRUE)
          )
      ) THEN TRUE
      WHEN covered('deficiencies', ran_at) THEN FALSE
    END
    AND (NOT judged_by_model OR person_of(disposed_by) IS NOT NULL) AS followed
  FROM control_runs
),
answered AS (
  SELECT
    periods.control,
    periods.list,
    periods.starts,
    periods.until,
    min(happened.moment) AS done_at
  FROM periods
  LEFT JOIN happened
    ON happened.list = periods.list AND happened.control IS NOT DISTINCT FROM periods.control
    AND happened.moment >= periods.starts AND happened.moment < periods.until
  GROUP BY ALL
),
followed AS (
  SELECT
    answered.control,
    answered.starts,
    answered.until,
    CASE
      WHEN bool_or(NOT run_followed.followed) THEN FALSE
      WHEN count(run_followed.run) = count(run_followed.followed) THEN TRUE
    END AS followed,
    any_value(run_followed.record ORDER BY run_followed.ran_at, run_followed.run) AS record
  FROM answered
  JOIN run_followed
    ON run_followed.control = answered.control
    AND run_followed.ran_at >= answered.starts AND run_followed.ran_at < answered.until
  WHERE answered.list = 'control_runs'
  GROUP BY ALL
)
SELECT
  concat_ws(
    ' | ', CASE answered.list WHEN 'meetings' THEN 'report' ELSE 'run' END, answered.control,
    strftime(answered.starts, '%Y-%m-%d')
  ) AS duty,
  answered.starts AS owed_from,
  answered.done_at,
  NULL::TIMESTAMP AS lapsed_at,
  covered_until(answered.list, answered.starts) AS seen_until,
  CASE answered.list WHEN 'meetings' THEN 'report' ELSE 'run' END AS kind,
  answered.control,
  answered.until AS period_until,
  followed.followed AS is_followed_up,
  NULL::TIMESTAMP AS due_at,
  followed.record
FROM answered
LEFT JOIN followed
  ON followed.control = answered.control AND followed.starts = answered.starts AND followed.until = answered.until
UNION ALL
SELECT
  'deficiency | ' || deficiency,
  opened_at,
  closed_at,
  NULL::TIMESTAMP,
  observed_at,
  'deficiency',
  control,
  NULL::TIMESTAMP,
  owner IS NOT NULL AND severity IS NOT NULL AND due_at IS NOT NULL,
  greatest(due_at, CASE WHEN extension_approved_by IS NOT NULL THEN extended_to END),
  record
FROM deficiencies
