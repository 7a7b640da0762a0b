-- The time to answer runs from the first message or the log's own word, whichever is earlier. A message that names no
-- request of the log is a request that nobody logged. What follows an answer is asked of answered requests alone.
WITH first_message AS (
  SELECT request, min(came_at) AS came_at FROM privacy_intake WHERE request IS NOT NULL GROUP BY request
)
SELECT
  'request | ' || privacy_requests.request AS duty,
  least(privacy_requests.received_at, first_message.came_at) AS owed_from,
  privacy_requests.answered_at AS done_at,
  NULL::TIMESTAMP AS lapsed_at,
  covered_until('privacy_requests', privacy_requests.received_at) AS seen_until,
  privacy_requests.kind,
  TRUE AS logged,
  privacy_requests.identity_verified_at <= privacy_requests.answered_at AS verified,
  privacy_requests.extended_until,
  CASE
    WHEN privacy_requests.answered_at IS NULL THEN NULL
    WHEN privacy_requests.outcome = 'refused' THEN privacy_requests.refusal_reason IS NOT NULL
    ELSE privacy_requests.proof IS NOT NULL
  END AS proven,
  CASE
    WHEN privacy_requests.kind NOT IN ('correction', 'deletion') THEN TRUE
    WHEN privacy_requests.outcome = 'refused' THEN TRUE
    WHEN NOT privacy_requests.needs_recipients_told THEN TRUE
    WHEN privacy_requests.needs_recipients_told THEN privacy_requests.recipients_told_at IS NOT NULL
  END AS recipients_told,
  privacy_requests.covers_ai_data,
  privacy_requests.record
FROM privacy_requests
LEFT JOIN first_message ON first_message.request = privacy_requests.request
UNION ALL
SELECT
  'message | ' || privacy_intake.record_id,
  privacy_intake.came_at,
  NULL,
  NULL,
  covered_until('privacy_requests', privacy_intake.came_at),
  'message',
  CASE WHEN covered('privacy_requests', privacy_intake.came_at) THEN FALSE END,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  privacy_intake.record
FROM privacy_intake
LEFT JOIN privacy_requests ON privacy_requests.request = privacy_intake.request
WHERE privacy_requests.request IS NULL
