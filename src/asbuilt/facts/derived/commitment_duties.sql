-- mapping: as long as the commitment is stated, it has a metric and a control that stands on the register of controls.
-- snapshot: owed since the text is stated and since each look at it, done by the next look.
WITH mapped AS (
  SELECT
    commitments.commitment,
    count(control_register.control) AS controls
  FROM commitments
  LEFT JOIN control_register ON list_contains(commitments.controls, control_register.control)
  GROUP BY commitments.commitment
),
looked AS (
  SELECT commitment, taken_at, bool_and(shows_commitment) AS shows, min(record) AS record
  FROM commitment_snapshots
  GROUP BY commitment, taken_at
),
begun AS (
  SELECT commitment, stated_from AS moment FROM commitments
  UNION
  SELECT commitment, taken_at FROM looked
),
owed AS (
  SELECT
    'mapping' AS kind, commitments.commitment, coalesce(commitments.about, []) AS about, commitments.stated_from AS owed_from,
    NULL::TIMESTAMP AS done_at, commitments.stated_until AS lapsed_at, commitments.observed_at AS seen_until,
    CASE
      WHEN mapped.controls > 0 THEN commitments.metric IS NOT NULL
      WHEN len(commitments.controls) > 0 AND NOT EXISTS (SELECT 1 FROM control_register) THEN NULL
      ELSE FALSE
    END AS is_kept,
    commitments.record
  FROM commitments
  JOIN mapped ON mapped.commitment = commitments.commitment
  UNION ALL
  SELECT
    'snapshot', begun.commitment, coalesce(commitments.about, []), begun.moment, looked.taken_at, commitments.stated_until,
    covered_until('commitment_snapshots', begun.moment), looked.shows, looked.record
  FROM begun
  JOIN commitments ON commitments.commitment = begun.commitment
  ASOF LEFT JOIN looked ON looked.commitment = begun.commitment AND looked.taken_at > begun.moment
)
SELECT
  concat_ws(' | ', kind, commitment, strftime(owed_from, '%Y-%m-%dT%H:%M:%SZ')) AS duty,
  owed.*
FROM owed
