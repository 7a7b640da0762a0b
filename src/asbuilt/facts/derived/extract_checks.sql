-- is_registered: an entry of the register fits table and source, and names owner and completeness check; where the
-- register was never read, not known. ties: a second source has as many rows, or every difference is listed.
-- collector_is_controlled: under change control; where an AI wrote it, tested as well.
WITH entries AS (
  SELECT
    extracts.extract,
    count(evidence_register.entry) AS entries,
    bool_or(
      evidence_register.owner IS NOT NULL AND evidence_register.completeness_check IS NOT NULL
      AND evidence_register.query IS NOT NULL
    ) AS is_described,
    bool_and(
      evidence_register.under_change_control
      AND (NOT evidence_register.written_with_ai OR evidence_register.has_tests)
    ) AS is_controlled,
    bool_or(
      (
        evidence_register.under_change_control
        AND (NOT evidence_register.written_with_ai OR evidence_register.has_tests)
      ) IS NULL
    ) AS is_unclear
  FROM extracts
  LEFT JOIN evidence_register
    ON evidence_register.population = extracts.population AND evidence_register.source = extracts.source
  GROUP BY extracts.extract
)
SELECT
  extracts.extract,
  extracts.population,
  extracts.source,
  extracts.ended_at AS taken_at,
  extracts.covers_from,
  extracts.covers_until,
  CASE
    WHEN entries.entries > 0 THEN entries.is_described
    WHEN EXISTS (SELECT 1 FROM evidence_register) OR EXISTS (
      SELECT 1 FROM extracts AS register WHERE register.population = 'evidence_register' AND NOT register.truncated
    ) THEN FALSE
  END AS is_registered,
  extracts.query IS NOT NULL AND extracts.taken_by IS NOT NULL AND extracts.ended_at IS NOT NULL
    AS says_how_it_was_taken,
  NOT extracts.truncated AND coalesce(extracts.reported_total = extracts.row_count, TRUE) AS is_whole,
  CASE
    WHEN extracts.second_count = extracts.row_count THEN TRUE
    ELSE coalesce(len(extracts.differences), 0) >= abs(extracts.second_count - extracts.row_count)
  END AS ties,
  extracts.sha256 IS NOT NULL AS has_digest,
  CASE
    WHEN entries.entries = 0 THEN NULL
    WHEN NOT entries.is_controlled THEN FALSE
    WHEN entries.is_unclear THEN NULL
    ELSE TRUE
  END AS collector_is_controlled,
  extracts.record
FROM extracts
JOIN entries ON entries.extract = extracts.extract
