-- driven by: changes_seen
-- A change may come out otherwise when it, a review, a check or a deployment of it came in; when an extract changed
-- whether its reviews (for seven days from its landing) or its checks are covered; and when the people list changed
-- who has an account that had a part in it or reviewed it.
WITH spans AS (
  SELECT covers_from, covers_until FROM fresh_extracts WHERE population IN ('reviews', 'checks')
),
standing AS (
  SELECT population, covers_from, least(covers_until, coalesce(ended_at, covers_until)) AS covers_until
  FROM extracts
  WHERE NOT truncated AND record_id NOT IN (SELECT record_id FROM fresh_extracts)
),
moved AS (
  SELECT DISTINCT account_of(unnest(list_append(coalesce(identities, []), person))) AS account FROM fresh_people
),
parties AS (
  SELECT DISTINCT told
  FROM (SELECT author AS told FROM changes_seen UNION ALL SELECT unnest(participants) FROM changes_seen)
  WHERE EXISTS (SELECT 1 FROM moved)
),
moved_parties AS (
  SELECT told FROM parties WHERE account_of(told) IN (SELECT account FROM moved)
),
moved_reviewers AS (
  SELECT reviewer
  FROM (SELECT DISTINCT reviewer FROM reviews WHERE EXISTS (SELECT 1 FROM moved))
  WHERE account_of(reviewer) IN (SELECT account FROM moved)
),
moved_reviews AS (
  SELECT repository, number, commit FROM fresh_reviews
  UNION ALL
  SELECT repository, number, commit FROM reviews WHERE reviewer IN (SELECT reviewer FROM moved_reviewers)
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT change_id FROM changes_seen INNER JOIN moved_reviews USING (repository, number)
UNION
SELECT change_id FROM changes_seen AS c INNER JOIN moved_reviews AS r ON r.repository = c.repository AND r.commit = c.head_commit
UNION
SELECT change_id FROM changes_seen AS c INNER JOIN moved_reviews AS r ON r.repository = c.repository AND r.commit = c.change_id
UNION
SELECT change_id FROM changes_seen AS c INNER JOIN fresh_checks AS k ON k.repository = c.repository AND k.commit = c.head_commit
UNION
SELECT change_id FROM changes_seen AS c INNER JOIN fresh_checks AS k ON k.repository = c.repository AND k.commit = c.change_id
UNION
SELECT change_id FROM changes_seen AS c INNER JOIN fresh_deployments AS d ON d.repository = c.repository AND d.commit = c.change_id
UNION
SELECT change_id
FROM changes_seen AS c
WHERE EXISTS (
    SELECT 1 FROM spans
    WHERE spans.covers_from <= c.landed_at + INTERVAL 7 DAY AND c.landed_at < spans.covers_until
  )
  AND NOT (
    EXISTS (
      SELECT 1 FROM standing AS s
      WHERE s.population = 'reviews' AND s.covers_from <= c.landed_at AND c.landed_at + INTERVAL 7 DAY < s.covers_until
    )
    AND EXISTS (
      SELECT 1 FROM standing AS s
      WHERE s.population = 'checks' AND s.covers_from <= c.landed_at AND c.landed_at < s.covers_until
    )
  )
UNION
SELECT change_id FROM changes_seen WHERE author IN (SELECT told FROM moved_parties)
UNION
SELECT change_id FROM changes_seen
WHERE EXISTS (SELECT 1 FROM moved)
  AND list_has_any(participants, (SELECT coalesce(list(told ORDER BY told), []) FROM moved_parties))
