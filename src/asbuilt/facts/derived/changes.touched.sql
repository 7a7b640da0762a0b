-- driven by: changes_seen
-- A change may come out otherwise when it, a review, a check or a deployment of it came in; when an extract changed
-- whether its reviews (for seven days from its landing) or its checks are covered; and when the people list changed
-- who has an account that had a part in it or reviewed it. Too many rows cost time, too few would be wrong.
WITH fresh_spans AS (
  SELECT part, min(covers_from) - INTERVAL 7 DAY AS covers_from, max(covers_until) AS covers_until
  FROM fresh_extracts
  WHERE population IN ('reviews', 'checks')
  GROUP BY part
),
-- What of each repository was covered before and still is, by extracts that nothing happened to; spans that touch are one.
standing AS (
  SELECT
    named.repository, extracts.population, extracts.covers_from,
    least(extracts.covers_until, coalesce(extracts.ended_at, extracts.covers_until)) AS covers_until
  FROM (SELECT DISTINCT repository FROM changes_seen) AS named
  INNER JOIN extracts ON coalesce(extracts.part, named.repository) = named.repository
  WHERE NOT extracts.truncated AND coalesce(extracts.reported_total = extracts.row_count, TRUE)
    AND extracts.population IN ('reviews', 'checks')
    AND extracts.record_id NOT IN (SELECT record_id FROM fresh_extracts)
    AND EXISTS (SELECT 1 FROM fresh_spans)
),
starts AS (
  SELECT
    *,
    coalesce(covers_from > max(covers_until) OVER (
      PARTITION BY population, repository
      ORDER BY covers_from, covers_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), TRUE) AS starts
  FROM standing
),
numbered AS (
  SELECT
    *,
    count(*) FILTER (starts) OVER (PARTITION BY population, repository ORDER BY covers_from, covers_until) AS run
  FROM starts
),
spans AS (
  SELECT population, repository, min(covers_from) AS covers_from, max(covers_until) AS covers_until
  FROM numbered
  GROUP BY population, repository, run
),
read_anew AS (
  SELECT change_id
  FROM (
    SELECT DISTINCT changes_seen.change_id, changes_seen.repository, changes_seen.landed_at
    FROM fresh_spans
    INNER JOIN changes_seen
      ON changes_seen.landed_at >= fresh_spans.covers_from AND changes_seen.landed_at < fresh_spans.covers_until
    WHERE coalesce(fresh_spans.part = changes_seen.repository, TRUE)
  ) AS landed
  LEFT JOIN (SELECT * FROM spans WHERE population = 'reviews') AS of_reviews
    ON of_reviews.repository = landed.repository AND of_reviews.covers_from <= landed.landed_at
    AND landed.landed_at + INTERVAL 7 DAY < of_reviews.covers_until
  LEFT JOIN (SELECT * FROM spans WHERE population = 'checks') AS of_checks
    ON of_checks.repository = landed.repository AND of_checks.covers_from <= landed.landed_at
    AND landed.landed_at < of_checks.covers_until
  WHERE of_reviews.population IS NULL OR of_checks.population IS NULL
),
moved AS (
  SELECT DISTINCT account_of(unnest(list_append(coalesce(identities, []), person))) AS account FROM fresh_people
),
moved_parties AS (
  SELECT DISTINCT position
  FROM (
    SELECT position, author AS told FROM changes_seen
    UNION ALL
    SELECT position, unnest(participants) FROM changes_seen
  )
  WHERE EXISTS (SELECT 1 FROM moved) AND account_of(told) IN (SELECT account FROM moved)
),
moved_reviews AS (
  SELECT repository, number, commit FROM fresh_reviews
  UNION ALL
  SELECT repository, number, commit
  FROM reviews
  WHERE EXISTS (SELECT 1 FROM moved) AND account_of(reviewer) IN (SELECT account FROM moved)
),
commits AS (
  SELECT commit FROM moved_reviews WHERE commit IS NOT NULL
  UNION
  SELECT commit FROM fresh_checks
  UNION
  SELECT commit FROM fresh_deployments WHERE commit IS NOT NULL
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT change_id FROM changes_seen INNER JOIN moved_reviews USING (repository, number)
UNION
SELECT change_id FROM changes_seen WHERE head_commit IN (SELECT commit FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE change_id IN (SELECT commit FROM commits)
UNION
SELECT change_id FROM read_anew
UNION
SELECT change_id FROM changes_seen WHERE position IN (SELECT position FROM moved_parties)
