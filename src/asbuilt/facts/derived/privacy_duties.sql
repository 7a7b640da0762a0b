-- Each complaint since it came in. A review since each review before; where none is known, since the list of reviews
-- begins: what was before it cannot be seen. A review that found no gaps needs no action.
WITH read_to AS (
  SELECT min(covers_from) AS covers_from FROM extracts WHERE population = 'privacy_reviews' AND NOT truncated
),
owed AS (
  SELECT reviewed_at AS owed_from FROM privacy_reviews
  UNION
  SELECT covers_from FROM read_to
  WHERE covers_from IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM privacy_reviews WHERE privacy_reviews.reviewed_at <= read_to.covers_from)
),
answered AS (
  SELECT owed.owed_from, min(privacy_reviews.reviewed_at) AS done_at
  FROM owed
  LEFT JOIN privacy_reviews ON privacy_reviews.reviewed_at > owed.owed_from
  GROUP BY ALL
),
held AS (
  SELECT * FROM privacy_reviews QUALIFY row_number() OVER (PARTITION BY reviewed_at ORDER BY review) = 1
)
SELECT
  'complaint | ' || complaint AS duty,
  received_at AS owed_from,
  resolved_at AS done_at,
  NULL::TIMESTAMP AS lapsed_at,
  covered_until('complaints', received_at) AS seen_until,
  'complaint' AS kind,
  CASE WHEN resolved_at IS NOT NULL THEN resolution IS NOT NULL END AS is_proven,
  record
FROM complaints
UNION ALL
SELECT
  'review | ' || strftime(answered.owed_from, '%Y-%m-%dT%H:%M:%SZ'),
  answered.owed_from,
  answered.done_at,
  NULL,
  covered_until('privacy_reviews', answered.owed_from),
  'review',
  CASE WHEN held.gaps_found = 0 THEN TRUE WHEN held.gaps_found > 0 THEN coalesce(len(held.actions), 0) >= held.gaps_found END,
  held.record
FROM answered
LEFT JOIN held ON held.reviewed_at = answered.done_at
