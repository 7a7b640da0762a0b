-- Owed: a review since first use (or since the assessment before it), and one after each review. Where that is
-- older than the list of reviews, or not told at all, since the list begins: what was before it cannot be seen.
-- report_gap_days: whole days between the last day that earlier reports and bridge letters cover and the first of this
-- report: one that begins on the day after leaves none.
WITH held AS (
  SELECT
    vendor,
    reviewed_at,
    review,
    report,
    report_from,
    coalesce(greatest(report_until, bridge_until), report_until) AS covered_to,
    exceptions_assessed,
    user_controls_mapped,
    record
  FROM vendor_reviews
  WHERE approved IS NOT FALSE
  QUALIFY row_number() OVER (PARTITION BY vendor, reviewed_at ORDER BY report IS NULL, review) = 1
),
gaps AS (
  SELECT
    *,
    CASE
      WHEN report IS NULL OR report_from IS NULL THEN NULL
      ELSE coalesce(greatest(0, date_diff('day', max(covered_to) OVER earlier, report_from) - 1), 0)
    END AS report_gap_days
  FROM held
  WINDOW earlier AS (PARTITION BY vendor ORDER BY reviewed_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
read_to AS (
  SELECT min(covers_from) AS covers_from FROM extracts WHERE population = 'vendor_reviews' AND NOT truncated
),
owed AS (
  SELECT
    vendors.vendor,
    'first' AS occasion,
    coalesce(greatest(vendor_onboarding.first_used_at, read_to.covers_from), vendors.observed_at) AS owed_from
  FROM vendors
  CROSS JOIN read_to
  JOIN vendor_onboarding ON vendor_onboarding.vendor = vendors.vendor
  WHERE NOT EXISTS (
    SELECT 1 FROM held
    WHERE held.vendor = vendors.vendor
      AND held.reviewed_at <= greatest(vendor_onboarding.first_used_at, read_to.covers_from)
  )
  UNION ALL
  SELECT vendor, 'review', reviewed_at FROM held
),
answered AS (
  SELECT owed.*, min(held.reviewed_at) AS done_at
  FROM owed
  LEFT JOIN held ON held.vendor = owed.vendor AND held.reviewed_at > owed.owed_from
  GROUP BY ALL
)
SELECT
  concat_ws(' | ', vendors.vendor, answered.occasion, strftime(answered.owed_from, '%Y-%m-%dT%H:%M:%SZ')) AS duty,
  answered.owed_from,
  answered.done_at,
  vendors.in_use_until AS lapsed_at,
  covered_until('vendor_reviews', answered.owed_from) AS seen_until,
  vendors.vendor,
  vendors.tier = 'critical' AS is_critical,
  gaps.review,
  gaps.report,
  gaps.report_gap_days,
  date_diff('day', gaps.covered_to, gaps.reviewed_at) AS report_age_days,
  gaps.exceptions_assessed,
  gaps.user_controls_mapped,
  coalesce(gaps.record, vendors.record) AS record
FROM answered
JOIN vendors ON vendors.vendor = answered.vendor
LEFT JOIN gaps ON gaps.vendor = answered.vendor AND gaps.reviewed_at = answered.done_at
