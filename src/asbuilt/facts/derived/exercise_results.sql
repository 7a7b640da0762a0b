-- plan_approved_at: the last approval, before the exercise, of a policy of the kind incident.
-- actions_late: closed after their date, or still open when they were read after it. An exercise without any action is
-- seen to have none only where the list of actions covers the day.
WITH plans AS (
  SELECT exercises.exercise, max(policies.approved_at) AS approved_at
  FROM exercises
  JOIN policies ON policies.kind = 'incident' AND policies.approved_at <= exercises.held_at
  GROUP BY exercises.exercise
),
actions AS (
  SELECT
    subject,
    count(*) FILTER (WHERE coalesce(closed_at, observed_at) > due_at) AS late,
    count(*) FILTER (WHERE owner IS NULL OR due_at IS NULL) AS without_date
  FROM follow_up_actions
  GROUP BY subject
)
SELECT
  exercises.exercise,
  exercises.held_at,
  coalesce(exercises.scenarios, []) AS scenarios,
  plans.approved_at AS plan_approved_at,
  CASE WHEN plans.approved_at IS NOT NULL THEN TRUE WHEN covered('policies', exercises.held_at) THEN FALSE END
    AS plan_is_approved,
  exercises.lessons,
  coalesce(actions.late, CASE WHEN covered('follow_up_actions', exercises.held_at) THEN 0 END) AS actions_late,
  coalesce(actions.without_date, CASE WHEN covered('follow_up_actions', exercises.held_at) THEN 0 END)
    AS actions_without_date,
  exercises.record
FROM exercises
LEFT JOIN plans ON plans.exercise = exercises.exercise
LEFT JOIN actions ON actions.subject = exercises.exercise
