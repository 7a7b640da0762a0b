-- driven by: changes_seen
-- meets: reviews, checks
-- A change may come out otherwise when it, a review, a check or a deployment of it came in; when an extract changed
-- whether its reviews (for seven days from its landing) or its checks are covered; and when the people list changed
-- who has an account that had a part in it or reviewed it. Too many rows cost time, too few would be wrong.
WITH fresh_spans AS (
  SELECT part, since - INTERVAL 7 DAY AS since, until FROM fresh_coverage WHERE population IN ('reviews', 'checks')
),
landed AS (
  SELECT DISTINCT changes_seen.change_id, changes_seen.repository, changes_seen.landed_at
  FROM changes_seen
  INNER JOIN fresh_spans ON coalesce(fresh_spans.part = changes_seen.repository, TRUE)
  WHERE changes_seen.landed_at >= (SELECT min(since) FROM fresh_spans)
    AND changes_seen.landed_at >= fresh_spans.since AND changes_seen.landed_at < fresh_spans.until
),
-- As in changes.sql: of each repository its own spans, those of the whole where it has none; before and now.
spans AS (
  SELECT named.repository, span.*
  FROM (SELECT DISTINCT repository FROM landed) AS named
  INNER JOIN (
    SELECT FALSE AS is_now, * FROM part_coverage_before UNION ALL SELECT TRUE, * FROM kept.part_coverage
  ) AS span ON coalesce(span.part, named.repository) = named.repository
  WHERE span.population IN ('reviews', 'checks')
  QUALIFY (span.part IS NOT NULL) = bool_or(span.part IS NOT NULL) OVER (
    PARTITION BY span.is_now, named.repository, span.population
  )
),
covering AS (
  SELECT
    landed.change_id,
    spans.is_now,
    spans.population,
    spans.population = 'reviews' AND landed.landed_at + INTERVAL 7 DAY < spans.covers_until AS covered_after
  FROM landed
  INNER JOIN spans
    ON spans.repository = landed.repository AND spans.covers_from <= landed.landed_at
    AND landed.landed_at < spans.covers_until
),
read_anew AS (
  SELECT change_id
  FROM (
    SELECT DISTINCT change_id, population, covered_after, is_now FROM covering
  )
  GROUP BY change_id, population, covered_after
  HAVING count(*) = 1
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
  SELECT hash(commit) AS commit_hash FROM moved_reviews WHERE commit IS NOT NULL
  UNION
  SELECT commit_hash FROM fresh_checks
  UNION
  SELECT hash(commit) FROM fresh_deployments WHERE commit IS NOT NULL
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT change_id FROM changes_seen INNER JOIN moved_reviews USING (repository, number)
UNION
SELECT change_id FROM changes_seen WHERE head_commit_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE change_id_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM read_anew
UNION
SELECT change_id FROM changes_seen WHERE position IN (SELECT position FROM moved_parties)
