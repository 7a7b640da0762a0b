-- One clock for each finding, from the earliest moment that any source names; finding it again changes nothing.
-- closed_at: as the newest telling says; one that shows it open again takes the closing back.
-- severity: the highest ever told, unless a person rated it lower and said why. A lower rating that only a scanner
-- tells, or that nobody gave a reason for, does not slow the clock down.
-- accepted: by a person, with a reason and an end. Acceptances that follow each other without a break are one; of
-- several such stretches the last counts.
WITH rated AS (
  SELECT
    *,
    CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 END AS rank
  FROM findings_seen
),
seen AS (
  SELECT
    finding,
    min(least(seen_at, coalesce(first_seen_at, seen_at))) AS first_seen_at,
    arg_min(found_by, (seen_at, found_by)) AS found_by,
    max(rank) AS highest,
    arg_max(severity, rank) AS severity_highest,
    min(pentest) AS pentest
  FROM rated
  GROUP BY finding
),
-- Seen open after a telling that said it was closed.
reopened AS (
  SELECT finding, min(seen_at) AS first_at
  FROM (
    SELECT
      finding,
      seen_at,
      closed_at IS NULL AND lag(closed_at IS NOT NULL) OVER (PARTITION BY finding ORDER BY seen_at, record) AS again
    FROM findings_seen
  )
  WHERE again
  GROUP BY finding
),
-- Who wrote the line as it was first traced; later edits beside it change nothing.
written AS (
  SELECT finding, arg_min(attribution, (seen_at, record)) AS attribution
  FROM findings_seen
  WHERE attribution IS NOT NULL
  GROUP BY finding
),
-- Who brought the package in that version, by the newest change that did.
brought AS (
  SELECT
    added.repository,
    added.package,
    added.version,
    arg_max(changes_seen.attribution, (added.added_at, added.change_id)) AS attribution
  FROM dependencies_added AS added
  JOIN changes_seen ON changes_seen.repository = added.repository AND changes_seen.change_id = added.change_id
  WHERE changes_seen.attribution IS NOT NULL
  GROUP BY added.repository, added.package, added.version
),
newest AS (
  SELECT * FROM rated
  QUALIFY row_number() OVER (PARTITION BY finding ORDER BY seen_at DESC, record) = 1
),
decided AS (
  SELECT
    *,
    CASE
      WHEN reason IS NULL THEN FALSE
      WHEN person_of(decided_by) IS NOT NULL THEN TRUE
      WHEN covered('people', decided_at) THEN FALSE
    END AS counts,
    CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 END AS rank
  FROM finding_decisions
),
lowered AS (
  SELECT finding, severity, rank, counts
  FROM decided
  WHERE decision = 'downgraded' AND rank IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY finding ORDER BY decided_at DESC) = 1
),
accepting AS (
  SELECT
    finding,
    decided_at,
    decided_by,
    accepted_until,
    coalesce(decided_at > max(accepted_until) OVER (
      PARTITION BY finding ORDER BY decided_at, accepted_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), TRUE) AS starts
  FROM decided
  WHERE decision = 'accepted' AND counts AND accepted_until > decided_at
),
stretches AS (
  SELECT *, count(*) FILTER (starts) OVER (PARTITION BY finding ORDER BY decided_at, accepted_until) AS stretch
  FROM accepting
),
accepted AS (
  SELECT
    finding,
    min(decided_at) AS accepted_at,
    arg_max(decided_by, (decided_at, accepted_until)) AS accepted_by,
    max(accepted_until) AS accepted_until
  FROM stretches
  GROUP BY finding, stretch
  QUALIFY row_number() OVER (PARTITION BY finding ORDER BY stretch DESC) = 1
)
SELECT
  seen.finding,
  newest.target,
  seen.found_by,
  CASE
    WHEN seen.highest IS NULL THEN newest.severity
    WHEN lowered.counts AND lowered.rank < seen.highest THEN lowered.severity
    ELSE seen.severity_highest
  END AS severity,
  newest.severity AS severity_told,
  CASE
    WHEN coalesce(newest.rank >= seen.highest, TRUE) AND lowered.finding IS NULL THEN NULL
    WHEN lowered.finding IS NOT NULL THEN lowered.counts
    WHEN covered('finding_decisions', newest.seen_at) THEN FALSE
  END AS downgrade_justified,
  seen.first_seen_at,
  newest.closed_at,
  reopened.first_at AS reopened_at,
  accepted.finding IS NOT NULL AS accepted,
  accepted.accepted_at,
  accepted.accepted_by,
  accepted.accepted_until,
  covered_until('finding_decisions', seen.first_seen_at) AS decisions_seen_until,
  seen.pentest,
  CASE
    WHEN coalesce(written.attribution, brought.attribution)
      IN ('ai-tracked', 'ai-declared', 'human-tracked', 'automation')
      THEN coalesce(written.attribution, brought.attribution)
    ELSE 'unknown'
  END AS attribution,
  date_diff('hour', seen.first_seen_at, newest.closed_at) // 24 AS days_to_fix,
  newest.package IS NOT NULL AS is_of_package,
  newest.record
FROM seen
JOIN newest ON newest.finding = seen.finding
LEFT JOIN reopened ON reopened.finding = seen.finding
LEFT JOIN lowered ON lowered.finding = seen.finding
LEFT JOIN accepted ON accepted.finding = seen.finding
LEFT JOIN written ON written.finding = seen.finding
LEFT JOIN brought
  ON brought.repository = newest.target AND brought.version = newest.package_version
  AND lower(brought.package) = lower(newest.package)
