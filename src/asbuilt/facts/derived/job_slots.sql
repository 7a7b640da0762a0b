-- Each stretch of every_days whole days (UTC) in which a job in scope must run, as far as extracts or runs reach. The
-- first begins with the job's first whole day; of a job older than anything recorded they are counted from
-- Monday 2000-01-03. A comparison counts where its run does, else where it was made; the last one decides.
WITH reach AS (
  SELECT min(first_known) AS first_known, max(last_known) AS last_known
  FROM (
    SELECT covers_from AS first_known, covers_until AS last_known
    FROM extracts WHERE population = 'job_runs' AND NOT truncated AND covers_from < covers_until
    UNION ALL SELECT date_trunc('day', ran_at), ran_at + INTERVAL 1 DAY FROM job_runs
  )
),
anchored AS (
  SELECT
    jobs.*,
    coalesce(
      date_trunc('day', jobs.in_use_from + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND), TIMESTAMP '2000-01-03'
    ) AS anchor,
    reach.first_known,
    least(reach.last_known, jobs.in_use_until) AS last_known
  FROM jobs CROSS JOIN reach
  WHERE jobs.in_scope AND jobs.every_days >= 1
),
slots AS (
  SELECT
    *,
    anchor + unnest(generate_series(
      greatest(0, (date_diff('second', anchor, first_known) + 86400 * every_days - 1) // (86400 * every_days)),
      date_diff('second', anchor, last_known) // (86400 * every_days) - 1
    )) * every_days * INTERVAL 1 DAY AS slot_from
  FROM anchored
),
bounded AS (
  SELECT *, slot_from + every_days * INTERVAL 1 DAY AS slot_until FROM slots
),
ran AS (
  SELECT
    bounded.job,
    bounded.slot_from,
    bool_or(job_runs.succeeded) AS ran,
    bool_and(job_runs.tenant_checked) FILTER (job_runs.succeeded) AS tenant_checked,
    bool_or(job_runs.tenant_checked IS NULL) FILTER (job_runs.succeeded) AS tenant_unclear,
    min(job_runs.ticket) AS ticket,
    max(job_runs.record) AS record
  FROM bounded
  JOIN job_runs
    ON job_runs.job = bounded.job AND job_runs.ran_at >= bounded.slot_from AND job_runs.ran_at < bounded.slot_until
  GROUP BY ALL
),
compared AS (
  SELECT
    bounded.job,
    bounded.slot_from,
    arg_max(reconciliations.ties, (reconciliations.compared_at, reconciliations.reconciliation)) AS ties,
    min(reconciliations.ticket) AS ticket
  FROM reconciliations
  LEFT JOIN job_runs ON job_runs.run = reconciliations.run
  JOIN bounded
    ON bounded.job = reconciliations.job
    AND coalesce(job_runs.ran_at, reconciliations.compared_at) >= bounded.slot_from
    AND coalesce(job_runs.ran_at, reconciliations.compared_at) < bounded.slot_until
  GROUP BY ALL
)
SELECT
  bounded.job || ' | ' || strftime(bounded.slot_from, '%Y-%m-%d') AS slot,
  bounded.job,
  bounded.slot_from,
  bounded.slot_until,
  CASE
    WHEN ran.ran THEN TRUE
    WHEN covered_between('job_runs', bounded.slot_from, bounded.slot_until - INTERVAL 1 SECOND) THEN FALSE
  END AS ran,
  CASE
    WHEN NOT bounded.reconciles THEN TRUE
    WHEN compared.ties IS NOT NULL THEN compared.ties
    WHEN covered_between('reconciliations', bounded.slot_from, bounded.slot_until - INTERVAL 1 SECOND) THEN FALSE
  END AS ties,
  CASE
    WHEN NOT bounded.delivers_to_tenants THEN TRUE
    WHEN NOT ran.tenant_checked THEN FALSE
    WHEN ran.tenant_unclear THEN NULL
    ELSE ran.tenant_checked
  END AS tenant_checked,
  coalesce(ran.ticket, compared.ticket) AS ticket,
  coalesce(ran.record, bounded.record) AS record
FROM bounded
LEFT JOIN ran ON ran.job = bounded.job AND ran.slot_from = bounded.slot_from
LEFT JOIN compared ON compared.job = bounded.job AND compared.slot_from = bounded.slot_from
