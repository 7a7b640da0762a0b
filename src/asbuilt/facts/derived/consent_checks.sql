-- A collection stands on the last act of that person for that purpose before it: a consent carries it, a withdrawal does
-- not. A consent that came only after counts as none.
WITH before AS (
  SELECT
    consented_collections.record_id,
    consents.act,
    consents.text_version,
    consents.is_explicit
  FROM consented_collections
  JOIN consents
    ON consents.subject = consented_collections.subject
    AND consents.purpose = consented_collections.purpose
    AND consents.given_at <= consented_collections.first_collected_at
  QUALIFY row_number() OVER (
    PARTITION BY consented_collections.record_id ORDER BY consents.given_at DESC, consents.act DESC
  ) = 1
)
SELECT
  'collection | ' || consented_collections.record_id AS act_id,
  'collection' AS kind,
  consented_collections.subject,
  consented_collections.purpose,
  consented_collections.first_collected_at AS happened_at,
  CASE
    WHEN before.act = 'given' THEN TRUE
    WHEN before.act = 'withdrawn' THEN FALSE
    WHEN covered('consents', consented_collections.first_collected_at) THEN FALSE
  END AS consented_before,
  CASE WHEN before.act = 'given' THEN before.text_version IS NOT NULL END AS text_kept,
  CASE
    WHEN NOT consented_collections.is_sensitive THEN TRUE
    WHEN before.act = 'given' AND before.is_explicit THEN TRUE
    WHEN before.act = 'given' AND consented_collections.is_sensitive THEN before.is_explicit
  END AS explicit_where_needed,
  NULL::TIMESTAMP AS effective_at,
  covered('consents', consented_collections.first_collected_at) AS is_listed,
  consented_collections.record
FROM consented_collections
LEFT JOIN before ON before.record_id = consented_collections.record_id
UNION ALL
SELECT
  'withdrawal | ' || record_id,
  'withdrawal',
  subject,
  purpose,
  given_at,
  NULL,
  NULL,
  NULL,
  effective_at,
  covered('consents', given_at),
  record
FROM consents
WHERE act = 'withdrawn'
