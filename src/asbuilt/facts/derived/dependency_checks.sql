-- of changes it asks: SELECT change_id FROM dependencies_added
-- approved_by_another: by whoever is named for this package, or else by an approval of the whole change. The named person
-- must be at work then, must have approved it before it landed, and must have had no part in the change.
WITH bringing AS (
  SELECT repository, change_id, author, participants
  FROM changes_seen
  WHERE (repository, change_id) IN (SELECT (repository, change_id) FROM dependencies_added)
),
named AS (
  SELECT dependencies_added.*, person_of(dependencies_added.approved_by) AS approver FROM dependencies_added
),
parties AS (
  SELECT
    seen.repository,
    seen.change_id,
    list(DISTINCT account_of(seen.account)) AS accounts,
    list(DISTINCT person_of(seen.account)) AS persons
  FROM (
    SELECT repository, change_id, author AS account FROM bringing
    UNION
    SELECT repository, change_id, unnest(participants) FROM bringing
  ) AS seen
  GROUP BY seen.repository, seen.change_id
)
SELECT
  named.record_id AS dependency,
  named.repository,
  named.change_id,
  coalesce(changes.attribution, 'unknown') AS attribution,
  named.package,
  named.version,
  named.added_at,
  named.exists_in_registry,
  date_diff('day', named.published_at, named.added_at) AS age_days,
  named.looks_like,
  named.licence,
  named.blocking_findings,
  named.approved_by,
  CASE
    WHEN named.approved_by IS NULL THEN changes.independent_human_approvals > 0
    WHEN named.approved_at > named.added_at THEN FALSE
    WHEN list_contains(parties.accounts, account_of(named.approved_by)) THEN FALSE
    WHEN list_contains(parties.persons, named.approver) THEN FALSE
    WHEN named.approver IS NULL THEN CASE WHEN covered('people', named.added_at) THEN FALSE END
    WHEN people.starts_at > named.approved_at OR people.ends_at <= named.approved_at THEN FALSE
    WHEN parties.change_id IS NOT NULL AND named.approved_at IS NOT NULL THEN TRUE
  END AS approved_by_another,
  named.record
FROM named
LEFT JOIN people ON people.person = named.approver
LEFT JOIN parties ON parties.repository = named.repository AND parties.change_id = named.change_id
LEFT JOIN changes ON changes.repository = named.repository AND changes.change_id = named.change_id
