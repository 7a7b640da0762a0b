-- driven by: changes_seen
-- meets: requests, reviews, checks, request_commits, request_events, coverings, pushes, rule_suites, deployments
-- filled in pieces
-- A change may come out otherwise when it, its request, or a review, commit or event of that came in; a check, a
-- deployment, a push or a proof of git of it; when an extract changed whether its reviews (for seven days from its
-- landing), its checks, or the requests of the year before it are covered; when it became known anew who has an account
-- that had a part in it or reviewed it, what kind of account that is, or what it may; and when one who approved it
-- approved something else within the hour. Too many rows cost time, too few would be wrong.
WITH fresh_spans AS (
  SELECT
    part,
    since - INTERVAL 7 DAY AS since,
    CASE WHEN population = 'requests' AND until < TIMESTAMP '9000-01-01' THEN until + INTERVAL 1 YEAR ELSE until END
      AS until
  FROM fresh_coverage
  WHERE population IN ('reviews', 'checks', 'requests')
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
  WHERE span.population IN ('reviews', 'checks', 'requests')
  QUALIFY (span.part IS NOT NULL) = bool_or(span.part IS NOT NULL) OVER (
    PARTITION BY span.is_now, named.repository, span.population
  )
),
covering AS (
  SELECT
    landed.change_id,
    spans.is_now,
    spans.population,
    (spans.population = 'reviews' AND landed.landed_at + INTERVAL 7 DAY < spans.covers_until)
      OR (spans.population = 'requests' AND spans.covers_from <= landed.landed_at - INTERVAL 1 YEAR) AS covered_longer
  FROM landed
  INNER JOIN spans
    ON spans.repository = landed.repository AND spans.covers_from <= landed.landed_at
    AND landed.landed_at < spans.covers_until
),
read_anew AS (
  SELECT change_id
  FROM (
    SELECT DISTINCT change_id, population, covered_longer, is_now FROM covering
  )
  GROUP BY change_id, population, covered_longer
  HAVING count(*) = 1
),
moved_first AS (
  SELECT account_of(unnest(list_append(coalesce(identities, []), person))) AS account FROM fresh_people
  UNION
  SELECT account_of(unnest(list_append(accounts, owner))) FROM fresh_agents
  UNION
  SELECT account_of(unnest([account, owner])) FROM fresh_accounts
  UNION
  SELECT unnest([address, login]) FROM fresh_joined
),
joined AS (
  SELECT address, login FROM kept.joined UNION SELECT address, login FROM fresh_joined
),
moved_second AS (
  SELECT account FROM moved_first
  UNION
  SELECT joined.login FROM joined INNER JOIN moved_first ON moved_first.account = joined.address
  UNION
  SELECT joined.address FROM joined INNER JOIN moved_first ON moved_first.account = joined.login
),
moved AS (
  SELECT account FROM moved_second WHERE account IS NOT NULL
  UNION
  SELECT joined.login FROM joined INNER JOIN moved_second ON moved_second.account = joined.address
  UNION
  SELECT joined.address FROM joined INNER JOIN moved_second ON moved_second.account = joined.login
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
rights AS (
  SELECT
    repository,
    account_of(account) AS account,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 DAY) AS until
  FROM fresh_path_rights
),
reviewers AS (
  SELECT reviewer, account_of(reviewer) AS account
  FROM (SELECT DISTINCT reviewer FROM reviews WHERE EXISTS (SELECT 1 FROM rights))
),
moved_reviews AS (
  SELECT number, request_hash, commit, commit_hash FROM fresh_reviews
  UNION ALL
  SELECT reviews.number, reviews.request_hash, reviews.commit, reviews.commit_hash
  FROM kept.reviews
  INNER JOIN reviewers ON reviewers.reviewer = reviews.reviewer
  INNER JOIN rights ON rights.account = reviewers.account AND rights.repository = reviews.repository
  WHERE rights.starts <= reviews.submitted_at AND rights.until > reviews.submitted_at
  UNION ALL
  SELECT number, request_hash, commit, commit_hash
  FROM kept.reviews
  WHERE EXISTS (SELECT 1 FROM moved) AND account_of(reviewer) IN (SELECT account FROM moved)
  UNION ALL
  SELECT reviews.number, reviews.request_hash, reviews.commit, reviews.commit_hash
  FROM kept.reviews
  INNER JOIN fresh_reviews AS fresh ON fresh.reviewer = reviews.reviewer
  WHERE reviews.submitted_at BETWEEN fresh.submitted_at AND fresh.submitted_at + INTERVAL 1 HOUR
    AND reviews.submitted_at >= (SELECT min(submitted_at) FROM fresh_reviews)
),
moved_work AS (
  SELECT request_hash, unnest(list_concat([author, author_login, committer, committer_login], co_authors)) AS told
  FROM kept.request_commits
  WHERE EXISTS (SELECT 1 FROM moved)
  UNION ALL
  SELECT request_hash, author FROM kept.requests WHERE EXISTS (SELECT 1 FROM moved)
  UNION ALL
  SELECT request_hash, actor FROM kept.request_events WHERE EXISTS (SELECT 1 FROM moved)
),
-- Reviews on a commit weigh the tree that request_commits tell of it, on whatever request.
retold AS (
  SELECT number, request_hash, commit_hash
  FROM kept.reviews
  WHERE commit_hash IN (SELECT commit_hash FROM fresh_request_commits)
),
-- Requests by the hash of what names them, and commits by theirs: two of one hash cost time.
numbers AS (
  SELECT request_hash FROM moved_reviews WHERE number IS NOT NULL
  UNION
  SELECT request_hash FROM retold WHERE number IS NOT NULL
  UNION
  SELECT request_hash FROM fresh_requests
  UNION
  SELECT request_hash FROM fresh_request_commits
  UNION
  SELECT request_hash FROM fresh_request_events
  UNION
  SELECT request_hash FROM moved_work WHERE account_of(told) IN (SELECT account FROM moved)
),
on_commits AS (
  SELECT commit_hash FROM moved_reviews WHERE commit IS NOT NULL
  UNION
  SELECT commit_hash FROM retold
  UNION
  SELECT commit_hash FROM fresh_request_commits
  UNION
  SELECT commit_hash FROM fresh_checks
),
moved_requests AS (
  SELECT request_hash, merge_commit, head_commit
  FROM kept.requests
  WHERE position IN (
    SELECT position FROM kept.requests WHERE request_hash IN (SELECT request_hash FROM numbers)
    UNION
    SELECT position FROM kept.requests WHERE head_commit_hash IN (SELECT commit_hash FROM on_commits)
  )
  UNION
  SELECT request_hash, merge_commit, head_commit FROM fresh_requests
),
commits AS (
  SELECT commit_hash FROM on_commits
  UNION
  SELECT commit_hash FROM fresh_deployments WHERE commit IS NOT NULL
  UNION
  SELECT hash(merge_commit) FROM moved_requests WHERE merge_commit IS NOT NULL
  UNION
  SELECT hash(head_commit) FROM moved_requests WHERE head_commit IS NOT NULL
  UNION
  SELECT change_id_hash FROM fresh_coverings
  UNION
  SELECT after_commit_hash FROM fresh_pushes WHERE after_commit IS NOT NULL
  UNION
  SELECT after_commit_hash FROM fresh_rule_suites WHERE after_commit IS NOT NULL
  UNION
  SELECT hash(CASE WHEN json_valid(detail) THEN json_extract_string(detail, '$.after') END) FROM fresh_audit_events
),
own_numbers AS (
  SELECT request_hash FROM numbers
  UNION
  SELECT request_hash FROM moved_requests
)
SELECT change_id FROM fresh_changes_seen
UNION
SELECT change_id FROM changes_seen WHERE number IS NOT NULL AND request_hash IN (SELECT request_hash FROM own_numbers)
UNION
SELECT change_id FROM changes_seen WHERE head_commit_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM changes_seen WHERE change_id_hash IN (SELECT commit_hash FROM commits)
UNION
SELECT change_id FROM read_anew
UNION
SELECT change_id FROM changes_seen WHERE position IN (SELECT position FROM moved_parties)
