-- Recipients that logs show, minus those on the list under their id or one of their hosts (in any letter case; the end of
-- a host is enough). Single disclosures are accounted for when all that a person may ask is written down.
WITH listed AS (
  SELECT recipients.*, lower(trim(name)) AS name
  FROM recipients, (SELECT recipient AS own, unnest(list_append(coalesce(hosts, []), recipient)) AS name FROM recipients)
  WHERE own = recipients.recipient
),
traces AS (
  SELECT
    lower(trim(recipients_seen.recipient)) AS name,
    coalesce(recipients_seen.first_seen_at, recipients_seen.seen_at) AS first_at,
    recipients_seen.seen_at AS last_at,
    recipients_seen.record
  FROM recipients_seen
),
matched AS (
  SELECT traces.*, listed.recipient
  FROM traces
  LEFT JOIN listed ON traces.name = listed.name OR ends_with(traces.name, '.' || listed.name)
  QUALIFY row_number() OVER (
    PARTITION BY traces.record ORDER BY len(listed.name) DESC NULLS LAST, listed.recipient
  ) = 1
),
together AS (
  SELECT
    coalesce(recipient, name) AS name,
    recipient,
    min(first_at) AS first_at,
    max(last_at) AS last_at,
    arg_max(record, (last_at, record)) AS record
  FROM matched
  GROUP BY ALL
)
SELECT
  'recipient | ' || together.name AS receipt,
  'recipient' AS kind,
  together.name AS recipient,
  together.first_at,
  together.last_at,
  CASE
    WHEN recipients.recipient IS NOT NULL
      THEN recipients.listed_at <= together.first_at AND coalesce(recipients.removed_at > together.last_at, TRUE)
    WHEN covered('recipients', together.last_at) THEN FALSE
  END AS listed,
  CASE
    WHEN recipients.contract_signed_at IS NOT NULL THEN recipients.contract_signed_at <= together.first_at
    WHEN covered('recipients', together.last_at) THEN FALSE
  END AS contracted_before,
  date_diff('day', recipients.announced_at, together.first_at) AS announced_days_before,
  covered('recipients', together.last_at) AS is_listed_whole,
  NULL::BOOLEAN AS accounted,
  together.record
FROM together
LEFT JOIN recipients ON recipients.recipient = together.recipient
UNION ALL
SELECT
  'disclosure | ' || disclosure,
  'disclosure',
  recipient,
  disclosed_at,
  disclosed_at,
  NULL,
  NULL,
  NULL,
  covered('recipients', disclosed_at),
  authorised_by IS NOT NULL AND basis IS NOT NULL AND content IS NOT NULL AND noted_at IS NOT NULL,
  record
FROM disclosures
