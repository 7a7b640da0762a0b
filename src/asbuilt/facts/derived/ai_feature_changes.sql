-- Our own changes are those that touch prompts, models or guardrails; a provider's are those that nobody here made.
-- accepted: a person on the HR list accepted it; FALSE where the list of such changes was read and nobody is named.
SELECT
  'own | ' || change_id AS ai_feature_change,
  'own' AS kind,
  landed_at AS happened_at,
  attribution,
  independent_human_approvals,
  evaluation_succeeded AS evaluated,
  NULL::BIGINT AS evaluation_days,
  NULL::BOOLEAN AS accepted,
  record
FROM changes
WHERE touches_prompts
UNION ALL
SELECT
  'provider | ' || record_id,
  'provider',
  changed_at,
  'automation',
  NULL,
  CASE
    WHEN evaluated_at IS NOT NULL THEN evaluation_passed
    WHEN covered('model_changes', changed_at) THEN FALSE
  END,
  date_diff('day', changed_at, evaluated_at),
  CASE
    WHEN person_of(accepted_by) IS NOT NULL THEN TRUE
    WHEN accepted_by IS NULL AND covered('model_changes', changed_at) THEN FALSE
    WHEN accepted_by IS NOT NULL AND covered('people', changed_at) THEN FALSE
  END,
  record
FROM model_changes
