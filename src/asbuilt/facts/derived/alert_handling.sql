-- acknowledged_at: whoever closes an alert has taken it. closed_by_person: a known person; where the list of people
-- covers that moment and has nobody of that name, a tool closed it.
SELECT
  alert,
  raised_at,
  severity,
  rule,
  least(acknowledged_at, closed_at) AS acknowledged_at,
  closed_at,
  disposition,
  CASE WHEN closed_at IS NOT NULL THEN disposition IS NOT NULL AND reason IS NOT NULL END AS has_reason,
  closed_by,
  CASE
    WHEN closed_at IS NULL OR closed_by IS NULL THEN NULL
    WHEN person_of(closed_by) IS NOT NULL THEN TRUE
    WHEN covered('people', closed_at) THEN FALSE
  END AS closed_by_person,
  covered_until('alerts', raised_at) AS seen_until,
  record
FROM alerts
