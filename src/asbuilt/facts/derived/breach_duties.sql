-- Each breach or suspected disclosure, for each of four audiences: somebody decides whether they must be told, and then
-- they are. An incident of which nobody decided whether it is a breach stands here as well, not known.
-- done_at: the first notice to that audience that names the incident.
WITH told AS (
  SELECT subject, audience, min(sent_at) AS sent_at FROM notices GROUP BY subject, audience
)
SELECT
  concat_ws(' | ', incidents.incident, parties.audience) AS duty,
  incidents.detected_at AS owed_from,
  told.sent_at AS done_at,
  NULL::TIMESTAMP AS lapsed_at,
  covered_until('notices', incidents.detected_at) AS seen_until,
  incidents.incident,
  parties.audience,
  incidents.is_breach,
  breach_decisions.decided_at,
  breach_decisions.decided_by,
  breach_decisions.must_notify,
  breach_decisions.notify_by,
  covered_until('breach_decisions', incidents.detected_at) AS decisions_seen_until,
  coalesce(breach_decisions.record, incidents.record) AS record
FROM incidents
CROSS JOIN (VALUES ('customers'), ('individuals'), ('regulator'), ('partners')) AS parties(audience)
LEFT JOIN breach_decisions
  ON breach_decisions.incident = incidents.incident AND breach_decisions.audience = parties.audience
LEFT JOIN told ON told.subject = incidents.incident AND told.audience = parties.audience
WHERE coalesce(incidents.is_breach, TRUE)
