-- people: who took part in the change (a bot or an agent is on no HR list) and who approved it. A person's last
-- training counts: of one who approved, before the approval; of one who wrote, before the change landed.
-- A request that is reviewed on its commits is tied to the change by number, else by commit.
WITH acts AS (
  SELECT position AS id, unnest(participants) AS told, landed_at AS moment, FALSE AS approves
  FROM changes_seen
  UNION ALL
  SELECT changes_seen.position, reviews.reviewer, reviews.submitted_at, TRUE
  FROM changes_seen
  JOIN reviews
    ON reviews.repository = changes_seen.repository AND reviews.number = changes_seen.number
  WHERE reviews.state = 'approved' AND NOT coalesce(reviews.is_bot, FALSE) AND reviews.reviewer IS NOT NULL
  UNION ALL
  SELECT changes_seen.position, reviews.reviewer, reviews.submitted_at, TRUE
  FROM changes_seen
  JOIN reviews
    ON reviews.repository = changes_seen.repository AND reviews.number IS NULL
    AND reviews.commit = coalesce(changes_seen.head_commit, changes_seen.change_id)
  WHERE reviews.state = 'approved' AND NOT coalesce(reviews.is_bot, FALSE) AND reviews.reviewer IS NOT NULL
),
known AS MATERIALIZED (
  SELECT told, account_of(told) AS account, person_of(told) AS person FROM (SELECT DISTINCT told FROM acts)
),
finished AS (
  SELECT person, completed_at, bool_or(list_contains(topics, 'ai-review')) AS covers_ai_review
  FROM trainings
  WHERE course = 'secure-development' AND passed
  GROUP BY person, completed_at
),
trained AS (
  SELECT acts.id, known.account, acts.approves, known.person, finished.completed_at, finished.covers_ai_review
  FROM acts
  JOIN known ON known.told = acts.told
  ASOF LEFT JOIN finished ON finished.person = known.person AND finished.completed_at <= acts.moment
),
summed AS (
  SELECT
    id,
    coalesce(list_sort(list_distinct(list(person) FILTER (WHERE person IS NOT NULL))), []) AS people,
    coalesce(list_sort(list_distinct(list(account) FILTER (WHERE person IS NULL AND approves))), []) AS unknown_approvers,
    coalesce(
      list_sort(list_distinct(list(person) FILTER (WHERE person IS NOT NULL AND completed_at IS NULL))), []
    ) AS without_training,
    min(completed_at) AS oldest_training_at,
    CASE
      WHEN bool_or(NOT covers_ai_review) THEN FALSE
      WHEN count(completed_at) = count(covers_ai_review) THEN TRUE
    END AS covers_ai_review
  FROM trained
  GROUP BY id
)
SELECT
  changes_seen.change_id,
  changes_seen.repository,
  changes_seen.landed_at,
  changes_seen.attribution,
  coalesce(summed.people, []) AS people,
  coalesce(summed.unknown_approvers, []) AS unknown_approvers,
  coalesce(summed.without_training, []) AS without_training,
  summed.oldest_training_at,
  summed.covers_ai_review,
  covered_from('trainings', changes_seen.landed_at) AS trainings_seen_from,
  changes_seen.record
FROM changes_seen
LEFT JOIN summed ON summed.id = changes_seen.position
