-- The first privacy review that names a field or use decides; one after it reached production came too late.
WITH named AS (
  SELECT lower(trim(unnest(fields))) AS field, approved_at, assessment, purposes FROM privacy_assessments
),
reviewed AS (
  SELECT data_fields.record_id, named.*
  FROM data_fields
  JOIN named ON named.field = lower(trim(data_fields.field))
  QUALIFY row_number() OVER (PARTITION BY data_fields.record_id ORDER BY named.approved_at, named.assessment) = 1
)
SELECT
  data_fields.record_id AS use,
  data_fields.field,
  data_fields.kind,
  data_fields.added_at,
  data_fields.is_personal,
  data_fields.purpose,
  reviewed.approved_at AS reviewed_at,
  CASE
    WHEN reviewed.approved_at IS NOT NULL THEN reviewed.approved_at <= data_fields.added_at
    WHEN covered('privacy_assessments', data_fields.added_at) THEN FALSE
  END AS reviewed_before,
  list_contains(reviewed.purposes, data_fields.purpose) AS purpose_allowed,
  coalesce(data_fields.attribution, 'unknown') AS attribution,
  data_fields.record
FROM data_fields
LEFT JOIN reviewed ON reviewed.record_id = data_fields.record_id
