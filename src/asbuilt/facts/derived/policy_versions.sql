-- approver_is_person: the approver is a person at work on the day of approval, by the HR list; a bot or an agent is not.
-- material_from: begin of the newest version, up to this one, that staff must read anew: the first, and each that is
-- not marked as immaterial.
WITH placed AS (
  SELECT
    policies.*,
    row_number() OVER (PARTITION BY policy ORDER BY effective_from, version) = 1
      OR coalesce(is_material, TRUE) AS starts_reading
  FROM policies
),
approvers AS (
  SELECT DISTINCT policies.record_id
  FROM policies
  JOIN people ON people.person = person_of(policies.approved_by)
  WHERE people.starts_at <= policies.approved_at AND coalesce(people.ends_at > policies.approved_at, TRUE)
)
SELECT
  placed.record_id AS policy_version,
  placed.policy,
  placed.version,
  placed.kind,
  placed.approved_at,
  placed.approved_by,
  CASE
    WHEN approvers.record_id IS NOT NULL THEN TRUE
    WHEN covered('people', placed.approved_at) THEN FALSE
  END AS approver_is_person,
  placed.effective_from,
  max(CASE WHEN placed.starts_reading THEN placed.effective_from END) OVER (
    PARTITION BY placed.policy ORDER BY placed.effective_from, placed.version
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS material_from,
  placed.starts_reading,
  placed.drafted_by_ai,
  placed.record
FROM placed
LEFT JOIN approvers ON approvers.record_id = placed.record_id
