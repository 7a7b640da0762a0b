-- driven by: changes_seen
-- meets: reviews
-- A change may come out otherwise when it or a review of it came in; when the people list or a training changed what is
-- known of an account that had a part in it or reviewed it; and when the list of trainings was read for another time.
WITH moved AS (
  SELECT account_of(unnest(list_append(coalesce(identities, []), person))) AS account FROM fresh_people
  UNION
  SELECT account
  FROM kept.identities
  WHERE person IN (SELECT person FROM fresh_trainings WHERE course = 'secure-development')
),
moved_parties AS (
  SELECT told
  FROM (SELECT DISTINCT unnest(participants) AS told FROM changes_seen WHERE EXISTS (SELECT 1 FROM moved))
  WHERE account_of(told) IN (SELECT account FROM moved)
),
moved_reviewers AS (
  SELECT reviewer
  FROM (SELECT DISTINCT reviewer FROM reviews WHERE EXISTS (SELECT 1 FROM moved))
  WHERE account_of(reviewer) IN (SELECT account FROM moved)
),
moved_reviews AS (
  SELECT repository, number, hash(commit) AS commit_hash FROM fresh_reviews
  UNION ALL
  SELECT repository, number, hash(commit) FROM reviews WHERE reviewer IN (SELECT reviewer FROM moved_reviewers)
),
commits AS (
  SELECT commit_hash FROM moved_reviews WHERE number IS NULL
),
read_anew AS (
  SELECT TRUE AS is_read FROM fresh_coverage WHERE population = 'trainings' LIMIT 1
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT changes_seen.change_id
FROM changes_seen
JOIN moved_reviews ON moved_reviews.repository = changes_seen.repository AND moved_reviews.number = changes_seen.number
UNION
SELECT change_id FROM changes_seen WHERE head_commit_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE change_id_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id
FROM changes_seen
WHERE EXISTS (SELECT 1 FROM moved_parties)
  AND list_has_any(participants, (SELECT coalesce(list(told ORDER BY told), []) FROM moved_parties))
UNION
SELECT changes_seen.change_id
FROM changes_seen
INNER JOIN read_anew ON read_anew.is_read
LEFT JOIN (SELECT * FROM coverage_before WHERE population = 'trainings') AS before
  ON before.covers_from <= changes_seen.landed_at AND changes_seen.landed_at < before.covers_until
LEFT JOIN (SELECT * FROM kept.coverage WHERE population = 'trainings') AS now
  ON now.covers_from <= changes_seen.landed_at AND changes_seen.landed_at < now.covers_until
WHERE before.covers_from IS DISTINCT FROM now.covers_from
