-- What somebody labelled significant, and what shows by itself that a review was called for: systems in scope that came
-- into use, vendors, models on the inventory of components, and rights given to agents.
-- reviewed_at: the first review whose subject is the candidate; of a vendor, an approved assessment of it counts as well.
WITH shown AS (
  SELECT kind, change AS subject, released_at, record FROM significant_changes
  UNION ALL
  SELECT 'system', system, in_use_from, record FROM systems WHERE in_scope AND in_use_from IS NOT NULL
  UNION ALL
  SELECT 'vendor', vendor, in_use_from, record FROM vendors WHERE in_use_from IS NOT NULL
  UNION ALL
  SELECT CASE kind WHEN 'agent' THEN 'agent-capability' ELSE 'model' END, component, in_use_from, record
  FROM components_seen
  WHERE kind IN ('model', 'agent') AND in_use_from IS NOT NULL
  UNION ALL
  SELECT 'agent-capability', concat_ws(' | ', grants.system, grants.account, grants.access_right), min(grants.granted_at),
    arg_min(grants.record, grants.granted_at)
  FROM grants
  JOIN accounts ON accounts.system = grants.system AND accounts.account = grants.account
  WHERE accounts.kind = 'agent'
  GROUP BY grants.system, grants.account, grants.access_right
),
candidates AS (
  SELECT
    subject,
    arg_min(kind, (released_at, kind)) AS kind,
    min(released_at) AS released_at,
    bool_or(subject IN (SELECT change FROM significant_changes)) AS is_labelled,
    arg_min(record, (released_at, kind)) AS record
  FROM shown
  GROUP BY subject
),
reviewed AS (
  SELECT subject, reviewed_at, reviewed_by FROM risk_reviews
  UNION ALL
  SELECT vendor, reviewed_at, reviewed_by FROM vendor_reviews WHERE kind = 'assessment' AND approved
),
first_reviewed AS (
  SELECT subject, min(reviewed_at) AS reviewed_at, arg_min(reviewed_by, (reviewed_at, reviewed_by)) AS reviewed_by
  FROM reviewed
  GROUP BY subject
)
SELECT
  concat_ws(' | ', candidates.kind, candidates.subject) AS candidate,
  candidates.kind,
  candidates.subject,
  candidates.released_at,
  candidates.is_labelled,
  first_reviewed.reviewed_at,
  first_reviewed.reviewed_by,
  covered_from('risk_reviews', candidates.released_at) AS reviews_seen_from,
  candidates.record
FROM candidates
LEFT JOIN first_reviewed ON first_reviewed.subject = candidates.subject
