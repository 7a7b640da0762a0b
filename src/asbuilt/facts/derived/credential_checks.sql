-- dead_at: revoked or expired, whichever came first. has_owner: the owner is on the HR list; FALSE where the list reaches
-- over the credential's time and knows nobody of that name, or nobody is named.
-- has_wildcard_scope: a scope is *, ends with :* or .*, or says admin, owner or all.
WITH named AS (
  SELECT
    credentials.*,
    person_of(credentials.owner) AS found,
    EXISTS (
      SELECT 1 FROM extracts
      WHERE extracts.population = 'people' AND NOT extracts.truncated AND extracts.part IS NULL
        AND extracts.covers_until > credentials.issued_at
        AND extracts.covers_from < coalesce(credentials.revoked_at, 'infinity'::TIMESTAMP)
    ) AS people_seen
  FROM credentials
)
SELECT
  named.record_id AS credential_issue,
  named.system,
  named.kind,
  named.issued_at,
  least(named.revoked_at, named.expires_at) AS dead_at,
  named.found AS owner,
  CASE
    WHEN named.found IS NOT NULL THEN TRUE
    WHEN named.owner IS NULL OR named.people_seen THEN FALSE
  END AS has_owner,
  people.ends_at AS owner_left_at,
  named.in_vault,
  named.use_is_logged,
  len(list_filter(named.scopes, lambda scope: regexp_matches(lower(scope), '(^|[:./])(\*|all|admin|administrator|owner)$'))) > 0
    AS has_wildcard_scope,
  CASE
    WHEN named.approved_readers IS NOT NULL
      THEN list_sort(list_filter(named.readers, lambda reader: NOT list_contains(named.approved_readers, reader)))
  END AS readers_off_list,
  named.is_ai_vendor,
  named.has_spend_limit,
  named.last_used_at,
  named.record
FROM named
LEFT JOIN people ON people.person = named.found
