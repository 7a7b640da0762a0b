-- of changes it asks: SELECT commit FROM infrastructure_events
-- is_reviewed_change: the applied commit is a change on the protected branch, landed before, with an independent person's
-- approval. FALSE where nothing of that id landed in a time whose changes were read, or a person did it by hand.
WITH applied AS (
  SELECT change_id, min(landed_at) AS landed_at, max(independent_human_approvals) AS independent_human_approvals
  FROM changes
  WHERE change_id IN (SELECT commit FROM infrastructure_events)
  GROUP BY change_id
)
SELECT
  'event | ' || events.record_id AS infrastructure_change,
  'event' AS kind,
  events.system,
  events.changed_at AS happened_at,
  events.actor,
  events.by_pipeline,
  CASE
    WHEN NOT events.by_pipeline THEN FALSE
    WHEN applied.change_id IS NOT NULL
      THEN applied.landed_at <= events.changed_at AND applied.independent_human_approvals > 0
    WHEN covered('changes_seen', events.changed_at) THEN FALSE
  END AS is_reviewed_change,
  NULL::TIMESTAMP AS closed_at,
  NULL::TIMESTAMP AS seen_until,
  events.record
FROM infrastructure_events AS events
LEFT JOIN applied ON applied.change_id = events.commit
UNION ALL
SELECT
  'drift | ' || drifts.record_id,
  'drift',
  drifts.system,
  drifts.found_at,
  NULL,
  NULL,
  NULL,
  drifts.closed_at,
  covered_until_for('drifts', drifts.system, drifts.found_at),
  drifts.record
FROM drifts
