-- of changes it asks: SELECT change_id FROM dependencies_added
-- approved_by_another: by whoever is named for this package (with it, or in an approval of the package that held when it
-- came), or else by an approval of the whole change. The named person must be at work then, must have approved it before it
-- landed, and must have had no part in the change.
-- An approval of a package holds from its day until its end, for the version that it names or for every one; without a
-- reason it does not. What it excepts the package from counts with an end alone.
-- licences_bound: the licences of an SPDX expression that nobody may choose to leave: what stands inside a choice (OR),
-- in parentheses or over the whole, is left out.
WITH bringing AS (
  SELECT repository, change_id, author, participants
  FROM changes_seen
  WHERE (repository, change_id) IN (SELECT (repository, change_id) FROM dependencies_added)
),
-- Names as their ecosystem compares them.
spelt AS (
  SELECT
    package,
    split_part(lower(package), ':', 1) AS ecosystem,
    CASE split_part(lower(package), ':', 1)
      WHEN 'pypi' THEN regexp_replace(lower(package), '[-_.]+', '-', 'g')
      WHEN 'nuget' THEN lower(package)
      WHEN 'packagist' THEN lower(package)
      WHEN 'hex' THEN lower(package)
      WHEN 'github actions' THEN lower(package)
      ELSE substr(package, strpos(package, ':'))
    END AS name
  FROM (SELECT package FROM dependencies_added UNION SELECT package FROM dependency_approvals)
),
-- One row for each person who is named for a package: with it, or by an approval.
naming AS (
  SELECT
    record_id,
    repository,
    change_id,
    added_at,
    approved_by,
    approved_at,
    []::TEXT[] AS excepts
  FROM dependencies_added
  WHERE approved_by IS NOT NULL
  UNION ALL
  SELECT
    added.record_id,
    added.repository,
    added.change_id,
    added.added_at,
    given.approved_by,
    given.approved_at,
    CASE WHEN given.expires_at IS NOT NULL THEN coalesce(given.excepts, []) ELSE [] END
  FROM dependencies_added AS added
  JOIN spelt AS own ON own.package = added.package
  JOIN spelt AS other ON other.ecosystem = own.ecosystem AND other.name = own.name
  JOIN dependency_approvals AS given
    ON given.package = other.package
      AND coalesce(given.version = added.version, TRUE)
      AND given.approved_at <= added.added_at
      AND coalesce(given.expires_at > added.added_at, TRUE)
      AND trim(given.reason) <> ''
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
),
judged AS (
  SELECT
    naming.record_id,
    naming.approved_by,
    naming.excepts,
    CASE
      WHEN naming.approved_at > naming.added_at THEN FALSE
      WHEN list_contains(parties.accounts, account_of(naming.approved_by)) THEN FALSE
      WHEN list_contains(parties.persons, person_of(naming.approved_by)) THEN FALSE
      WHEN people.person IS NULL THEN CASE WHEN covered('people', naming.added_at) THEN FALSE END
      WHEN people.starts_at > naming.approved_at OR people.ends_at <= naming.approved_at THEN FALSE
      WHEN parties.change_id IS NOT NULL AND naming.approved_at IS NOT NULL THEN TRUE
    END AS by_another
  FROM naming
  LEFT JOIN people ON people.person = person_of(naming.approved_by)
  LEFT JOIN parties ON parties.repository = naming.repository AND parties.change_id = naming.change_id
),
-- Of several who are named one is enough; else one of whom it is not known leaves it unknown.
approved AS (
  SELECT
    record_id,
    CASE WHEN bool_or(by_another) THEN TRUE WHEN bool_and(by_another IS NOT NULL) THEN FALSE END AS by_another,
    arg_max(
      approved_by, (CASE WHEN by_another THEN 2 WHEN by_another IS NULL THEN 1 ELSE 0 END, approved_by)
    ) AS approved_by,
    list_sort(list_distinct(flatten(list(excepts) FILTER (by_another)))) AS excepts
  FROM judged
  GROUP BY record_id
)
SELECT
  named.record_id AS dependency,
  named.repository,
  named.change_id,
  coalesce(changes.attribution, 'unknown') AS attribution,
  named.package,
  named.version,
  named.kind,
  named.added_at,
  named.exists_in_registry,
  date_diff('day', named.published_at, named.added_at) AS age_days,
  named.looks_like,
  named.licence,
  CASE
    WHEN regexp_matches(named.bound_text, '\bor\b') THEN []
    ELSE list_distinct(list_filter(regexp_extract_all(named.bound_text, '[a-z0-9.+:-]+'), lambda each: each NOT IN ('and', 'with')))
  END AS licences_bound,
  named.blocking_findings,
  approved.approved_by,
  CASE
    WHEN approved.record_id IS NULL THEN changes.independent_human_approvals > 0
    ELSE approved.by_another
  END AS approved_by_another,
  coalesce(approved.excepts, []) AS excepted_from,
  named.record
FROM (
  SELECT *, regexp_replace(lower(coalesce(licence, '')), '\([^()]*\bor\b[^()]*\)', '', 'g') AS bound_text
  FROM dependencies_added
) AS named
LEFT JOIN approved ON approved.record_id = named.record_id
LEFT JOIN changes ON changes.repository = named.repository AND changes.change_id = named.change_id
