-- The union of the names that payments, sign-in lists, grants and DNS show, minus what the register knows under its
-- id, name or an alias (in any letter case); and the register itself. Payments that are for no software are left out.
-- A name that two vendors claim counts for the first of them by id.
WITH known AS (
  SELECT lower(trim(name)) AS name, min(vendor) AS vendor
  FROM (SELECT vendor, unnest(list_concat([vendor, name], coalesce(aliases, []))) AS name FROM vendors)
  GROUP BY ALL
),
traces AS (
  SELECT lower(trim(payee)) AS name, 'payments' AS place, paid_at AS seen_at, record
  FROM vendor_payments
  WHERE is_software IS NOT FALSE
  UNION ALL
  SELECT lower(trim(application)), list_name, seen_at, record FROM vendor_connections
  UNION ALL
  SELECT lower(trim(vendor)), 'register', NULL, record FROM vendors
),
named AS (
  SELECT coalesce(known.vendor, traces.name) AS vendor, known.vendor IS NOT NULL AS is_known, traces.*
  FROM traces
  LEFT JOIN known ON known.name = traces.name
),
together AS (
  SELECT
    vendor,
    is_known,
    list_sort(list_distinct(list(name))) AS names,
    list_sort(list_distinct(list(place))) AS seen_in,
    min(seen_at) AS first_seen_at,
    max(seen_at) AS last_seen_at,
    arg_max(record, (coalesce(seen_at, '-infinity'::TIMESTAMP), record)) AS record
  FROM named
  GROUP BY vendor, is_known
)
SELECT
  together.vendor,
  together.names,
  together.seen_in,
  together.first_seen_at,
  together.last_seen_at,
  CASE
    WHEN together.is_known THEN TRUE
    WHEN covered('vendors', together.last_seen_at) THEN FALSE
  END AS listed,
  CASE
    WHEN NOT together.is_known THEN []::VARCHAR[]
    ELSE list_filter(
      [
        CASE WHEN vendors.service IS NULL THEN 'service' END,
        CASE WHEN vendors.tier IS NULL THEN 'tier' END,
        CASE WHEN vendors.data IS NULL THEN 'data' END,
        CASE WHEN vendors.owner IS NULL THEN 'owner' END,
        CASE WHEN vendors.review_due_at IS NULL THEN 'review date' END
      ],
      lambda part: part IS NOT NULL
    )
  END AS missing,
  vendors.tier,
  vendors.owner,
  together.record
FROM together
LEFT JOIN vendors ON together.is_known AND vendors.vendor = together.vendor
