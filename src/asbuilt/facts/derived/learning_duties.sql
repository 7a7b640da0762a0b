-- review: owed since the incident was over (resolved, else closed); done by the first written review. action: by its date.
-- feeds_back: code that an AI wrote was no cause, or a rule or test came of it.
WITH over AS (
  SELECT incident, severity, coalesce(resolved_at, closed_at) AS moment FROM incidents
),
first_review AS (
  SELECT
    incident,
    min(published_at) AS published_at,
    arg_min(record, published_at) AS record,
    CASE
      WHEN bool_or(caused_by_ai_code AND rule_or_test IS NULL) THEN FALSE
      WHEN bool_or(caused_by_ai_code) OR bool_or(NOT caused_by_ai_code) THEN TRUE
    END AS feeds_back
  FROM incident_reviews
  GROUP BY incident
)
SELECT
  'review | ' || over.incident AS duty,
  over.moment AS owed_from,
  first_review.published_at AS done_at,
  NULL::TIMESTAMP AS lapsed_at,
  covered_until('incident_reviews', over.moment) AS seen_until,
  'review' AS kind,
  over.incident,
  over.severity,
  business_days(over.moment, first_review.published_at) AS business_days,
  business_days(over.moment, covered_until('incident_reviews', over.moment) - INTERVAL 1 DAY) AS seen_business_days,
  NULL::TIMESTAMP AS due_at,
  first_review.feeds_back,
  first_review.record
FROM over
LEFT JOIN first_review ON first_review.incident = over.incident
WHERE over.moment IS NOT NULL
UNION ALL
SELECT
  'action | ' || follow_up_actions.action,
  follow_up_actions.opened_at,
  follow_up_actions.closed_at,
  NULL::TIMESTAMP,
  follow_up_actions.observed_at,
  'action',
  over.incident,
  over.severity,
  NULL::BIGINT,
  NULL::BIGINT,
  follow_up_actions.due_at,
  NULL::BOOLEAN,
  follow_up_actions.record
FROM follow_up_actions
JOIN over ON over.incident = follow_up_actions.subject
