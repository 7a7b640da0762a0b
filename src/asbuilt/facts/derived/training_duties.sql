-- first: owed from the first day, done by the first training passed, before that day or after. renewal: owed from each
-- training passed, done by the next. One that was not passed is none.
WITH passed AS (
  SELECT
    person,
    completed_at,
    any_value(topics ORDER BY len(topics) DESC NULLS LAST, topics) AS topics,
    min(record) AS record
  FROM trainings
  WHERE course = 'security-awareness' AND passed
  GROUP BY person, completed_at
),
owed AS (
  SELECT
    people.person,
    'first' AS occasion,
    people.starts_at AS owed_from,
    people.ends_at,
    (SELECT min(passed.completed_at) FROM passed WHERE passed.person = people.person) AS done_at
  FROM people
  UNION ALL
  SELECT
    passed.person,
    'renewal',
    passed.completed_at,
    people.ends_at,
    lead(passed.completed_at) OVER (PARTITION BY passed.person ORDER BY passed.completed_at)
  FROM passed
  JOIN people ON people.person = passed.person
)
SELECT
  concat_ws(' | ', owed.person, 'security-awareness', owed.occasion, strftime(owed.owed_from, '%Y-%m-%dT%H:%M:%SZ')) AS duty,
  owed.owed_from,
  owed.done_at,
  owed.ends_at AS lapsed_at,
  covered_until('trainings', owed.owed_from) AS seen_until,
  owed.person,
  'security-awareness' AS course,
  owed.occasion,
  passed.topics,
  passed.record
FROM owed
LEFT JOIN passed ON passed.person = owed.person AND passed.completed_at = owed.done_at
