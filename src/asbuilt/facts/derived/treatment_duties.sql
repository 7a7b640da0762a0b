-- An episode: a live risk stands above tolerance, from its first such entry to the next entry that says otherwise.
-- plan: due on the first date set in the episode, or on the latest extension that somebody approved; done when the
-- episode ends. acceptance: each entry that accepts the risk; due when the acceptance ends, done by the next entry.
-- review: owed since the episode began and since each review (of this risk, or a meeting on treatments), done by the next.
WITH entries AS (
  SELECT
    *,
    is_open AND is_above_tolerance IS NOT FALSE AS above,
    lead(rated_at) OVER (PARTITION BY risk ORDER BY rated_at) AS next_at
  FROM risks
),
marked AS (
  SELECT
    *,
    count(*) FILTER (WHERE NOT above) OVER (PARTITION BY risk ORDER BY rated_at ROWS UNBOUNDED PRECEDING) AS episode
  FROM entries
),
episodes AS (
  SELECT
    risk,
    episode,
    min(rated_at) AS begins,
    CASE WHEN NOT bool_or(next_at IS NULL) THEN max(next_at) END AS ends,
    arg_max(treatment, rated_at) AS treatment,
    arg_max(plan_owner, rated_at) FILTER (WHERE plan_owner IS NOT NULL) AS plan_owner,
    arg_min(due_at, rated_at) FILTER (WHERE due_at IS NOT NULL) AS first_due,
    max(extended_to) FILTER (WHERE extension_approved_by IS NOT NULL) AS extended_to,
    bool_and(is_above_tolerance IS NOT NULL) AS is_said,
    max(observed_at) AS observed_at,
    arg_max(record, rated_at) AS record
  FROM marked
  WHERE above
  GROUP BY risk, episode
),
reviewed AS (
  SELECT DISTINCT risk, moment
  FROM (
    SELECT subject AS risk, reviewed_at AS moment FROM risk_reviews
    UNION ALL
    SELECT episodes.risk, meetings.held_at
    FROM episodes
    JOIN meetings ON meetings.kind = 'treatment-review'
  )
),
begun AS (
  SELECT risk, episode, begins AS moment, begins, ends, record FROM episodes
  UNION
  SELECT episodes.risk, episodes.episode, reviewed.moment, episodes.begins, episodes.ends, episodes.record
  FROM episodes
  JOIN reviewed
    ON reviewed.risk = episodes.risk AND reviewed.moment > episodes.begins
    AND coalesce(reviewed.moment < episodes.ends, TRUE)
),
owed AS (
  SELECT
    'plan' AS kind, risk, begins AS owed_from, ends AS done_at, NULL::TIMESTAMP AS lapsed_at,
    CASE WHEN is_said THEN observed_at END AS seen_until,
    greatest(first_due, extended_to) AS due_at, plan_owner IS NOT NULL AND first_due IS NOT NULL AS is_settled, record
  FROM episodes
  WHERE treatment IS DISTINCT FROM 'accept'
  UNION ALL
  SELECT
    'acceptance', risk, rated_at, next_at, NULL, observed_at, accepted_until,
    person_of(accepted_by) IS NOT NULL AND accepted_until IS NOT NULL, record
  FROM marked
  WHERE above AND treatment = 'accept'
  UNION ALL
  SELECT
    'review', begun.risk, begun.moment, reviewed.moment, begun.ends, covered_until('risk_reviews', begun.moment), NULL, NULL,
    begun.record
  FROM begun
  ASOF LEFT JOIN reviewed ON reviewed.risk = begun.risk AND reviewed.moment > begun.moment
)
SELECT
  concat_ws(' | ', kind, risk, strftime(owed_from, '%Y-%m-%dT%H:%M:%SZ')) AS duty,
  owed.*
FROM owed
