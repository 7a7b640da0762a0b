-- incident: owed since it was detected. change: owed by its release. done_at: the first notice to customers that names it.
WITH told AS (
  SELECT subject, min(sent_at) AS sent_at, arg_min(record, sent_at) AS record
  FROM notices
  WHERE audience = 'customers'
  GROUP BY subject
),
owed AS (
  SELECT 'incident' AS kind, incident AS subject, detected_at AS owed_from, customer_affecting AS is_affecting, severity,
    notice_promised_by AS promised_by, record
  FROM incidents
  UNION ALL
  SELECT 'change', change, released_at, customer_affecting, NULL, notice_promised_by, record
  FROM significant_changes
)
SELECT
  concat_ws(' | ', owed.kind, owed.subject) AS duty,
  owed.owed_from,
  told.sent_at AS done_at,
  NULL::TIMESTAMP AS lapsed_at,
  covered_until('notices', owed.owed_from) AS seen_until,
  owed.kind,
  owed.subject,
  owed.is_affecting,
  owed.severity,
  owed.promised_by,
  coalesce(told.record, owed.record) AS record
FROM owed
LEFT JOIN told ON told.subject = owed.subject
