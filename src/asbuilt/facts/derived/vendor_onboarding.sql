-- first_used_at: the earliest of the first data flow, the first sign-in and the register's own word; where none of
-- them is told, the first payment. An assessment whose outcome is not told leaves the question open.
WITH known AS (
  SELECT DISTINCT vendor, lower(trim(name)) AS name
  FROM (SELECT vendor, unnest(list_concat([vendor, name], coalesce(aliases, []))) AS name FROM vendors)
),
connected AS (
  SELECT known.vendor, min(coalesce(first_data_at, seen_at)) AS first_at
  FROM vendor_connections JOIN known ON known.name = lower(trim(application))
  GROUP BY ALL
),
paid AS (
  SELECT known.vendor, min(paid_at) AS first_at
  FROM vendor_payments JOIN known ON known.name = lower(trim(payee))
  GROUP BY ALL
),
assessed AS (
  SELECT
    vendor,
    min(reviewed_at) FILTER (WHERE approved) AS assessed_at,
    min(reviewed_at) FILTER (WHERE approved IS NULL) AS undecided_at
  FROM vendor_reviews
  GROUP BY vendor
),
used AS (
  SELECT
    vendors.*,
    coalesce(least(vendors.in_use_from, connected.first_at), paid.first_at) AS first_used_at,
    assessed.assessed_at,
    assessed.undecided_at
  FROM vendors
  LEFT JOIN connected ON connected.vendor = vendors.vendor
  LEFT JOIN paid ON paid.vendor = vendors.vendor
  LEFT JOIN assessed ON assessed.vendor = vendors.vendor
)
SELECT
  vendor,
  first_used_at,
  tier = 'critical' AS is_critical,
  holds_customer_data,
  assessed_at,
  CASE
    WHEN assessed_at <= first_used_at THEN TRUE
    WHEN undecided_at <= first_used_at THEN NULL
    WHEN covered('vendor_reviews', first_used_at) THEN FALSE
  END AS assessed_before_use,
  contract_signed_at,
  CASE
    WHEN first_used_at IS NULL THEN NULL
    WHEN contract_signed_at IS NOT NULL THEN contract_signed_at <= first_used_at
    WHEN covered('vendors', first_used_at) THEN FALSE
  END AS contracted_before_use,
  record
FROM used
