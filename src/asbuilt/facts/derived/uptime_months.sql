-- Uptime computed again from probes that run outside of what they probe. Of a month in use, maintenance that was
-- announced before it began is left out. Seconds for which no such probe speaks are neither up nor down: they count as
-- down in uptime_at_least and as up in uptime_at_most. Probes that lie wholly inside maintenance do not count; where
-- several overlap, their share of answers is averaged by time. All in whole numbers, so that every order sums up alike.
WITH reach AS (
  SELECT min(first_known) AS first_known, max(last_known) AS last_known
  FROM (
    SELECT covers_from AS first_known, covers_until AS last_known
    FROM extracts WHERE population = 'uptime_probes' AND NOT truncated AND covers_from < covers_until
    UNION ALL SELECT probed_from, probed_until FROM uptime_probes
  )
),
every_month AS (
  SELECT
    services.*,
    unnest(generate_series(
      date_trunc('month', greatest(reach.first_known, services.in_use_from)),
      least(reach.last_known, services.in_use_until) - INTERVAL 1 MICROSECOND,
      INTERVAL 1 MONTH
    )) AS month
  FROM services CROSS JOIN reach
  WHERE services.in_scope
),
months AS (
  SELECT
    *,
    month + INTERVAL 1 MONTH AS month_end,
    greatest(month, in_use_from) AS used_from,
    least(month + INTERVAL 1 MONTH, in_use_until) AS used_until
  FROM every_month
),
kept_out AS (
  SELECT
    months.service,
    months.month,
    greatest(maintenance_windows.starts_at, months.used_from) AS piece_from,
    least(maintenance_windows.ends_at, months.used_until) AS piece_until
  FROM months
  JOIN maintenance_windows
    ON maintenance_windows.service = months.service
    AND maintenance_windows.starts_at < months.used_until
    AND maintenance_windows.ends_at > months.used_from
  WHERE maintenance_windows.announced_at <= maintenance_windows.starts_at
),
probed AS (
  SELECT
    months.service,
    months.month,
    greatest(uptime_probes.probed_from, months.used_from) AS piece_from,
    least(uptime_probes.probed_until, months.used_until) AS piece_until,
    uptime_probes.answered,
    uptime_probes.answered + uptime_probes.failed AS asked
  FROM months
  JOIN uptime_probes
    ON uptime_probes.service = months.service
    AND uptime_probes.probed_from < months.used_until
    AND uptime_probes.probed_until > months.used_from
  WHERE uptime_probes.is_independent AND uptime_probes.answered + uptime_probes.failed > 0
    AND NOT EXISTS (
      SELECT 1 FROM maintenance_windows
      WHERE maintenance_windows.service = uptime_probes.service
        AND maintenance_windows.announced_at <= maintenance_windows.starts_at
        AND maintenance_windows.starts_at <= uptime_probes.probed_from
        AND maintenance_windows.ends_at >= uptime_probes.probed_until
    )
),
pieces AS (
  SELECT service, month, 'out' AS measure, piece_from, piece_until FROM kept_out
  UNION ALL
  SELECT service, month, 'out or probed', piece_from, piece_until FROM kept_out
  UNION ALL
  SELECT service, month, 'out or probed', piece_from, piece_until FROM probed
),
opened AS (
  SELECT
    *,
    coalesce(piece_from > max(piece_until) OVER (
      PARTITION BY service, month, measure
      ORDER BY piece_from, piece_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), TRUE) AS opens
  FROM pieces
),
numbered AS (
  SELECT
    *,
    count(*) FILTER (opens) OVER (PARTITION BY service, month, measure ORDER BY piece_from, piece_until) AS stretch
  FROM opened
),
stretches AS (
  SELECT service, month, measure, date_diff('second', min(piece_from), max(piece_until)) AS seconds
  FROM numbered
  GROUP BY service, month, measure, stretch
),
lengths AS (
  SELECT
    service,
    month,
    coalesce(sum(seconds) FILTER (measure = 'out'), 0) AS out_seconds,
    coalesce(sum(seconds) FILTER (measure = 'out or probed'), 0) AS known_seconds
  FROM stretches
  GROUP BY service, month
),
shares AS (
  SELECT
    service,
    month,
    sum(date_diff('second', piece_from, piece_until) * 10000 * answered // asked) AS up_weight,
    sum(date_diff('second', piece_from, piece_until)) AS weight
  FROM probed
  GROUP BY service, month
),
measured AS (
  SELECT
    months.*,
    date_diff('second', months.used_from, months.used_until) - coalesce(lengths.out_seconds, 0) AS expected_seconds,
    coalesce(lengths.known_seconds - lengths.out_seconds, 0) AS probed_seconds,
    coalesce(shares.up_weight, 0) AS up_weight,
    greatest(coalesce(shares.weight, 1), 1) AS weight
  FROM months
  LEFT JOIN lengths ON lengths.service = months.service AND lengths.month = months.month
  LEFT JOIN shares ON shares.service = months.service AND shares.month = months.month
),
reviewed AS (
  SELECT
    months.service,
    months.month,
    min(availability_reviews.reviewed_at) AS reviewed_at,
    arg_min(availability_reviews.capacity_reviewed, (availability_reviews.reviewed_at, availability_reviews.review)) AS capacity_reviewed
  FROM months
  JOIN availability_reviews
    ON date_trunc('month', availability_reviews.month) = months.month
    AND coalesce(list_contains(availability_reviews.services, months.service), TRUE)
  GROUP BY ALL
)
SELECT
  measured.service || ' | ' || strftime(measured.month, '%Y-%m') AS service_month,
  measured.service,
  measured.month,
  measured.month_end,
  measured.committed_uptime,
  measured.expected_seconds::BIGINT AS expected_seconds,
  measured.probed_seconds::BIGINT AS probed_seconds,
  (measured.up_weight * measured.probed_seconds // (measured.weight * measured.expected_seconds))::BIGINT AS uptime_at_least,
  (
    (
      measured.up_weight * measured.probed_seconds
      + 10000 * measured.weight * (measured.expected_seconds - measured.probed_seconds)
    ) // (measured.weight * measured.expected_seconds)
  )::BIGINT AS uptime_at_most,
  reviewed.reviewed_at,
  reviewed.capacity_reviewed,
  covered_until('availability_reviews', measured.month_end) AS reviews_seen_until,
  measured.record
FROM measured
LEFT JOIN reviewed ON reviewed.service = measured.service AND reviewed.month = measured.month
WHERE measured.expected_seconds > 0
