-- insured_until: certificates that follow each other without a break are one. single_zone_services: critical services
-- in scope and in use on that day that run in one zone and whose risk nobody accepted; where it is not known of one in
-- how many zones it runs, the whole is not known, and that there is none only where a list of services covers the day.
WITH opened AS (
  SELECT
    *,
    coalesce(insured_from > max(insured_until) OVER (
      ORDER BY insured_from, insured_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), TRUE) AS opens
  FROM insurances
),
numbered AS (
  SELECT *, count(*) FILTER (opens) OVER (ORDER BY insured_from, insured_until) AS stretch FROM opened
),
insured AS (
  SELECT min(insured_from) AS insured_from, max(insured_until) AS insured_until FROM numbered GROUP BY stretch
),
zones AS (
  SELECT
    continuity_plans.record_id,
    coalesce(bool_or(services.zones IS NULL), FALSE) AS is_unclear,
    list_sort(list(services.service) FILTER (services.zones < 2 AND services.single_zone_accepted_by IS NULL)) AS lone
  FROM continuity_plans
  JOIN services
    ON services.in_scope AND services.is_critical
    AND coalesce(services.in_use_from <= continuity_plans.approved_at, TRUE)
    AND coalesce(services.in_use_until > continuity_plans.approved_at, TRUE)
  GROUP BY ALL
)
SELECT
  continuity_plans.record_id AS approval,
  continuity_plans.plan,
  continuity_plans.approved_at,
  CASE
    WHEN person_of(continuity_plans.approved_by) IS NOT NULL THEN TRUE
    WHEN covered('people', continuity_plans.approved_at) THEN FALSE
  END AS approved_by_person,
  continuity_plans.topics,
  continuity_plans.contacts_tested_at,
  insured.insured_until,
  CASE
    WHEN insured.insured_until IS NOT NULL THEN TRUE
    WHEN covered('insurances', continuity_plans.approved_at) THEN FALSE
  END AS insured,
  CASE
    WHEN zones.is_unclear THEN NULL
    WHEN len(zones.lone) > 0 OR covered('services', continuity_plans.approved_at) THEN coalesce(zones.lone, [])
  END AS single_zone_services,
  continuity_plans.record
FROM continuity_plans
LEFT JOIN insured
  ON insured.insured_from <= continuity_plans.approved_at AND insured.insured_until > continuity_plans.approved_at
LEFT JOIN zones ON zones.record_id = continuity_plans.record_id
