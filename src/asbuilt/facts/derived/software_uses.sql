-- Each version in each place, from the first time that a list showed it there until it was taken away: of several
-- showings the newest says whether it is gone, and one that was not pinned is enough.
-- is_listed: an entry of that kind and name (in any letter case) allows every version or this one, and a person who was at
-- work then approved it. Of several such entries one that was not taken back while the software was there counts before
-- others, then the one that was approved first. FALSE where the list is whole and holds none.
WITH seen AS (
  SELECT *, lower(trim(software)) AS name, coalesce(first_seen_at, seen_at) AS first_at FROM software_seen
),
uses AS (
  SELECT
    kind,
    name,
    version,
    place,
    arg_min(software, (seen_at, record)) AS software,
    min(first_at) AS first_seen_at,
    max(seen_at) AS last_seen_at,
    arg_max(coalesce(gone_at, 'infinity'::TIMESTAMP), (seen_at, record)) AS gone_at,
    CASE WHEN bool_or(NOT is_pinned) THEN FALSE WHEN count(is_pinned) = count(*) THEN TRUE END AS is_pinned,
    arg_max(record, (seen_at, record)) AS record
  FROM seen
  GROUP BY kind, name, version, place
),
entries AS (
  SELECT
    software_allowed.entry,
    software_allowed.kind,
    lower(trim(software_allowed.software)) AS name,
    software_allowed.versions,
    software_allowed.approved_by,
    software_allowed.approved_at,
    software_allowed.withdrawn_at,
    CASE
      WHEN software_allowed.approved_at IS NULL OR software_allowed.approved_by IS NULL THEN FALSE
      WHEN people.person IS NOT NULL
        THEN people.starts_at <= software_allowed.approved_at
          AND coalesce(people.ends_at > software_allowed.approved_at, TRUE)
      WHEN covered('people', software_allowed.approved_at) THEN FALSE
    END AS is_approved
  FROM software_allowed
  LEFT JOIN people ON people.person = person_of(software_allowed.approved_by)
),
matched AS (
  SELECT
    uses.*,
    entries.entry,
    entries.approved_by,
    entries.approved_at,
    entries.withdrawn_at,
    entries.is_approved AND coalesce(list_contains(entries.versions, uses.version), entries.versions IS NULL OR NULL)
      AS is_allowed
  FROM uses
  LEFT JOIN entries ON entries.kind = uses.kind AND entries.name = uses.name
),
chosen AS (
  SELECT * FROM matched
  QUALIFY row_number() OVER (
    PARTITION BY kind, name, version, place
    ORDER BY
      CASE WHEN is_allowed THEN 0 WHEN entry IS NOT NULL AND is_allowed IS NULL THEN 1 ELSE 2 END,
      coalesce(withdrawn_at >= least(gone_at, last_seen_at), TRUE) DESC,
      approved_at NULLS LAST,
      entry NULLS LAST
  ) = 1
)
SELECT
  concat_ws(' | ', kind, name, coalesce(version, '(no version)'), place) AS use,
  kind,
  software,
  place,
  version,
  first_seen_at,
  nullif(gone_at, 'infinity'::TIMESTAMP) AS gone_at,
  is_pinned,
  CASE
    WHEN entry IS NOT NULL AND (is_allowed IS NULL OR is_allowed) THEN is_allowed
    WHEN covered('software_allowed', last_seen_at) THEN FALSE
  END AS is_listed,
  CASE WHEN is_allowed THEN approved_by END AS approved_by,
  CASE WHEN is_allowed THEN approved_at END AS approved_at,
  CASE WHEN is_allowed THEN withdrawn_at END AS withdrawn_at,
  record
FROM chosen
