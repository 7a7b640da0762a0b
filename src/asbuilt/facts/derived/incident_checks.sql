-- is_accounted_for: a signal names an incident that stands in the register (none is guessed from times that are near),
-- or a person on the HR list said why it was none. An alert is explained by its disposition
-- and the person who closed it.
-- is_ordered: began, detected, classified, contained, resolved, closed; a time that is missing breaks no order.
WITH signals AS (
  SELECT source, signal, raised_at, severity, incident, explanation IS NOT NULL AND person_of(explained_by) IS NOT NULL
    AS is_explained, observed_at, record
  FROM incident_signals
  UNION ALL
  SELECT 'alerts', alert, raised_at, severity, incident,
    disposition IN ('false-positive', 'benign', 'duplicate') AND person_of(closed_by) IS NOT NULL,
    observed_at, record
  FROM alerts
)
SELECT
  'incident | ' || incident AS entry,
  'incident' AS kind,
  'register' AS source,
  detected_at AS noticed_at,
  severity,
  TRUE AS is_accounted_for,
  coalesce(started_at <= detected_at, TRUE)
    AND coalesce(detected_at <= classified_at, TRUE)
    AND coalesce(detected_at <= contained_at, TRUE)
    AND coalesce(contained_at <= resolved_at, TRUE)
    AND coalesce(greatest(classified_at, contained_at, resolved_at) <= closed_at, TRUE) AS is_ordered,
  classified_at,
  contained_at,
  communicated_at,
  closed_at,
  ai_part,
  observed_at AS seen_until,
  record
FROM incidents
UNION ALL
SELECT
  concat_ws(' | ', 'signal', signals.source, signals.signal),
  'signal',
  signals.source,
  signals.raised_at,
  signals.severity,
  CASE
    WHEN signals.is_explained OR incidents.incident IS NOT NULL THEN TRUE
    WHEN covered('incidents', signals.raised_at) THEN FALSE
  END,
  NULL::BOOLEAN,
  NULL::TIMESTAMP,
  NULL::TIMESTAMP,
  NULL::TIMESTAMP,
  NULL::TIMESTAMP,
  NULL::VARCHAR,
  signals.observed_at,
  signals.record
FROM signals
LEFT JOIN incidents ON incidents.incident = signals.incident
