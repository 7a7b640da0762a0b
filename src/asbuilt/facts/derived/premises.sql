-- A data centre's reviews are those of its operator in the register of vendors. report_gap_days: whole days between the
-- latest end of the reports and bridge letters before, and the begin of this one.
WITH looked_at AS (
  SELECT
    sites.site,
    sites.kind,
    sites.entry_controlled,
    sites.visitors_logged,
    sites.stated_by,
    vendor_reviews.review,
    vendor_reviews.reviewed_at,
    vendor_reviews.report_from,
    greatest(vendor_reviews.report_until, vendor_reviews.bridge_until) AS report_until,
    vendor_reviews.user_controls_mapped,
    vendor_reviews.record
  FROM sites
  JOIN vendor_reviews ON vendor_reviews.vendor = sites.operator
  WHERE sites.kind = 'data-centre' AND vendor_reviews.kind = 'review'
  UNION ALL
  SELECT
    sites.site,
    sites.kind,
    sites.entry_controlled,
    sites.visitors_logged,
    sites.stated_by,
    strftime(site_reviews.reviewed_at, '%Y-%m-%dT%H:%M:%SZ'),
    site_reviews.reviewed_at,
    NULL,
    NULL,
    NULL,
    site_reviews.record
  FROM sites
  JOIN site_reviews ON site_reviews.site = sites.site
  WHERE sites.kind <> 'data-centre'
)
SELECT
  site || ' | ' || review AS premise,
  site,
  kind,
  reviewed_at,
  entry_controlled,
  visitors_logged,
  stated_by,
  report_from,
  report_until,
  CASE
    WHEN report_from IS NOT NULL
      THEN greatest(
        coalesce(
          date_diff('day', max(report_until) OVER (
            PARTITION BY site ORDER BY report_from, review ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ), report_from) - 1,
          0
        ),
        0
      )
  END AS report_gap_days,
  user_controls_mapped,
  record
FROM looked_at
