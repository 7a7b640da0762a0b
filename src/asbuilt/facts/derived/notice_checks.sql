-- Each month (UTC) of each notice since it was first approved or seen, as far as extracts of probes or probes reach.
-- The version in force at the month's end is the one that took effect last. purposes_missing compares it with the
-- newest entry of each store in the data inventory by then; that none is missing is known only where a list of the
-- inventory covers the month's end.
WITH reach AS (
  SELECT min(first_known) AS first_known, max(last_known) AS last_known
  FROM (
    SELECT covers_from AS first_known, covers_until AS last_known
    FROM extracts WHERE population = 'notice_probes' AND NOT truncated AND covers_from < covers_until
    UNION ALL SELECT probed_at, probed_at + INTERVAL 1 SECOND FROM notice_probes
  )
),
versions AS (
  SELECT *, coalesce(in_force_from, approved_at) AS starts_at FROM privacy_notices
),
notices AS (
  SELECT notice, min(moment) AS first_at, max(record) AS record
  FROM (
    SELECT notice, least(approved_at, starts_at) AS moment, record FROM versions
    UNION ALL SELECT notice, probed_at, record FROM notice_probes
  )
  GROUP BY notice
),
months AS (
  SELECT
    notices.*,
    unnest(generate_series(
      date_trunc('month', greatest(notices.first_at, reach.first_known)),
      reach.last_known - INTERVAL 1 MICROSECOND,
      INTERVAL 1 MONTH
    )) AS month
  FROM notices CROSS JOIN reach
),
bounded AS (
  SELECT *, month + INTERVAL 1 MONTH AS month_end FROM months
),
probed AS (
  SELECT
    bounded.notice,
    bounded.month,
    bool_and(notice_probes.is_live) AS live,
    bool_and(EXISTS (
      SELECT 1 FROM versions
      WHERE versions.notice = notice_probes.notice AND versions.version = notice_probes.version
        AND versions.approved_at <= notice_probes.probed_at
    )) FILTER (notice_probes.version IS NOT NULL) AS version_known
  FROM bounded
  JOIN notice_probes
    ON notice_probes.notice = bounded.notice
    AND notice_probes.probed_at >= bounded.month AND notice_probes.probed_at < bounded.month_end
  GROUP BY ALL
),
in_force AS (
  SELECT bounded.notice, bounded.month, versions.purposes, versions.describes_ai_use, versions.record
  FROM bounded
  JOIN versions ON versions.notice = bounded.notice AND versions.starts_at < bounded.month_end
  QUALIFY row_number() OVER (
    PARTITION BY bounded.notice, bounded.month
    ORDER BY versions.starts_at DESC, versions.approved_at DESC, versions.version
  ) = 1
),
reviewed AS (
  SELECT bounded.notice, bounded.month, max(versions.approved_at) AS approved_at
  FROM bounded
  JOIN versions ON versions.notice = bounded.notice AND versions.approved_at < bounded.month_end
  GROUP BY ALL
),
inventoried AS (
  SELECT bounded.notice, bounded.month, data_inventory.purposes
  FROM bounded
  JOIN data_inventory ON data_inventory.reviewed_at < bounded.month_end
  QUALIFY row_number() OVER (
    PARTITION BY bounded.notice, bounded.month, data_inventory.asset ORDER BY data_inventory.reviewed_at DESC
  ) = 1
),
purposes AS (
  SELECT notice, month, list_sort(list_distinct(flatten(list(coalesce(purposes, []))))) AS purposes
  FROM inventoried
  GROUP BY ALL
),
changed AS (
  SELECT
    bounded.notice,
    bounded.month,
    bool_and(versions.announced_at IS NOT NULL AND versions.announced_at <= versions.starts_at)
      FILTER (versions.is_change) AS announced,
    bool_or(versions.is_change IS NULL) AS is_unclear
  FROM bounded
  JOIN versions
    ON versions.notice = bounded.notice
    AND versions.starts_at >= bounded.month AND versions.starts_at < bounded.month_end
  GROUP BY ALL
)
SELECT
  bounded.notice || ' | ' || strftime(bounded.month, '%Y-%m') AS notice_month,
  bounded.notice,
  bounded.month,
  bounded.month_end,
  probed.live,
  probed.version_known,
  date_diff('day', reviewed.approved_at, bounded.month_end) AS days_since_review,
  CASE
    WHEN NOT list_has_all(in_force.purposes, purposes.purposes) OR covered('data_inventory', bounded.month_end - INTERVAL 1 SECOND)
      THEN list_filter(purposes.purposes, lambda own: NOT list_contains(in_force.purposes, own))
  END AS purposes_missing,
  in_force.describes_ai_use,
  CASE
    WHEN changed.notice IS NULL THEN TRUE
    WHEN NOT changed.announced THEN FALSE
    WHEN changed.is_unclear THEN NULL
    ELSE TRUE
  END AS announced,
  coalesce(in_force.record, bounded.record) AS record
FROM bounded
LEFT JOIN probed ON probed.notice = bounded.notice AND probed.month = bounded.month
LEFT JOIN in_force ON in_force.notice = bounded.notice AND in_force.month = bounded.month
LEFT JOIN reviewed ON reviewed.notice = bounded.notice AND reviewed.month = bounded.month
LEFT JOIN purposes
  ON purposes.notice = bounded.notice AND purposes.month = bounded.month AND in_force.purposes IS NOT NULL
LEFT JOIN changed ON changed.notice = bounded.notice AND changed.month = bounded.month
