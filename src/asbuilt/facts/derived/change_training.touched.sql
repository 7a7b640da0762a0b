-- driven by: changes_seen
-- A new training, a new person or a new extract may change any row; a review, those of its request.
SELECT change_id FROM fresh_changes_seen
UNION
SELECT changes_seen.change_id
FROM changes_seen
JOIN fresh_reviews AS reviews
  ON reviews.repository = changes_seen.repository
  AND reviews.number = changes_seen.number
UNION
SELECT changes_seen.change_id
FROM changes_seen
JOIN fresh_reviews AS reviews
  ON reviews.repository = changes_seen.repository AND reviews.number IS NULL
  AND reviews.commit = coalesce(changes_seen.head_commit, changes_seen.change_id)
UNION
SELECT change_id
FROM changes_seen
WHERE EXISTS (SELECT 1 FROM fresh_trainings WHERE course = 'secure-development')
  OR EXISTS (SELECT 1 FROM fresh_people)
  OR EXISTS (SELECT 1 FROM fresh_extracts WHERE population = 'trainings')
