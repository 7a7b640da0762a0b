-- report: owed since it came in, done by the first answer. probe: each channel that must exist, and any other that was
-- ever tried, in each calendar month (UTC) that the list of tries covers, or that holds a try.
WITH channels AS (
  SELECT unnest(['support', 'security-address', 'disclosure-policy', 'staff-confidential']) AS channel
  UNION
  SELECT channel FROM channel_probes
),
read_over AS (
  SELECT min(covers_from) AS covers_from, max(covers_until) AS covers_until
  FROM extracts
  WHERE population = 'channel_probes' AND NOT truncated
),
months AS (
  SELECT unnest(generate_series(date_trunc('month', covers_from), covers_until, INTERVAL 1 MONTH)) AS starts FROM read_over
),
periods AS (
  SELECT channels.channel, months.starts
  FROM months
  CROSS JOIN channels
  WHERE covered_between('channel_probes', months.starts, months.starts + INTERVAL 1 MONTH - INTERVAL 1 SECOND)
  UNION
  SELECT channel, date_trunc('month', probed_at) FROM channel_probes
),
probed AS (
  SELECT
    periods.channel,
    periods.starts,
    min(channel_probes.probed_at) AS done_at,
    bool_and(channel_probes.reachable) AS is_reachable,
    min(channel_probes.record) AS record
  FROM periods
  LEFT JOIN channel_probes
    ON channel_probes.channel = periods.channel AND date_trunc('month', channel_probes.probed_at) = periods.starts
  GROUP BY ALL
)
SELECT
  'report | ' || report AS duty,
  received_at AS owed_from,
  first_response_at AS done_at,
  NULL::TIMESTAMP AS lapsed_at,
  observed_at AS seen_until,
  'report' AS kind,
  channel,
  about,
  NULL::TIMESTAMP AS period_until,
  NULL::BOOLEAN AS is_reachable,
  record
FROM reports_received
UNION ALL
SELECT
  concat_ws(' | ', 'probe', channel, strftime(starts, '%Y-%m')),
  starts,
  done_at,
  NULL::TIMESTAMP,
  covered_until('channel_probes', starts),
  'probe',
  channel,
  NULL::VARCHAR,
  starts + INTERVAL 1 MONTH,
  is_reachable,
  record
FROM probed
