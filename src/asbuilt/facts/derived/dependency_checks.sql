-- of changes it asks: SELECT change_id FROM dependencies_added
-- approved_by_another: by whoever is named for this package (with it, or in an approval of the package that held when it
-- came), or else by an approval of the whole change. The named person must be at work then, must have approved it before it
-- landed, and must have had no part in the change.
-- An approval of a package holds from its day until its end, for the version that it names or for every one; without a
-- reason it does not. What it excepts the package from counts with an end alone.
-- licences_named: every licence of an SPDX expression; of `X WITH exception` that, and X. licence_choice_N: what binds
-- whoever takes the Nth choice that the expression leaves (OR leaves one, AND binds both, and binds closer). Read are
-- expressions with up to four choices, in parentheses one deep, one side of which is a choice; of others no choice is told.
WITH written AS (
  SELECT
    licence,
    text,
    regexp_replace(text, '\([^()]*\)', '#', 'g') AS outside,
    regexp_extract_all(text, '\(([^()]*)\)', 1) AS groups
  FROM (
    SELECT DISTINCT licence, regexp_replace(trim(lower(licence)), '\s+', ' ', 'g') AS text
    FROM dependencies_added
    WHERE licence IS NOT NULL
  )
),
shaped AS (
  SELECT
    licence,
    text,
    outside,
    list_transform(
      list_filter(groups, lambda own: contains(own, ' or ')), lambda own: string_split(own, ' or ')
    ) AS options,
    -- In these the parentheses say nothing that the order of AND and OR does not say.
    NOT regexp_matches(outside, '[()]')
      AND (len(list_filter(groups, lambda own: contains(own, ' or '))) = 0 OR NOT contains(outside, ' and ')) AS is_flat,
    -- Choices that all bind: one of each is taken.
    NOT regexp_matches(outside, '[()]') AND NOT contains(outside, ' or ')
      AND len(list_filter(groups, lambda own: contains(own, ' and '))) = 0
      AND len(list_filter(groups, lambda own: contains(own, ' or '))) = len(groups) AND len(groups) <= 2 AS is_product,
    list_filter(string_split(outside, ' and '), lambda own: own <> '#') AS plain
  FROM written
),
chosen AS (
  SELECT
    licence,
    text,
    CASE
      WHEN is_flat THEN list_transform(
        string_split(replace(replace(text, '(', ''), ')', ''), ' or '), lambda own: string_split(own, ' and ')
      )
      WHEN is_product AND len(options) = 1 THEN list_transform(options[1], lambda own: list_append(plain, own))
      WHEN is_product THEN flatten(list_transform(
        options[1], lambda own: list_transform(options[2], lambda other: list_concat(plain, [own, other]))
      ))
    END AS choices
  FROM shaped
),
licensed AS (
  SELECT
    licence,
    list_distinct(flatten(list_transform(
      list_filter(
        regexp_split_to_array(regexp_replace(text, '[()]', ' ', 'g'), ' (and|or) '), lambda own: trim(own) <> ''
      ),
      lambda own: [trim(own), split_part(trim(own), ' with ', 1)]
    ))) AS named,
    list_transform(choices, lambda choice: list_distinct(flatten(list_transform(
      choice, lambda own: [trim(own), split_part(trim(own), ' with ', 1)]
    )))) AS choices
  FROM chosen
),
bringing AS (
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
  coalesce(licensed.named, []) AS licences_named,
  CASE WHEN len(licensed.choices) <= 4 THEN licensed.choices[1] END AS licence_choice_1,
  CASE WHEN len(licensed.choices) <= 4 THEN licensed.choices[2] END AS licence_choice_2,
  CASE WHEN len(licensed.choices) <= 4 THEN licensed.choices[3] END AS licence_choice_3,
  CASE WHEN len(licensed.choices) <= 4 THEN licensed.choices[4] END AS licence_choice_4,
  named.blocking_findings,
  approved.approved_by,
  CASE
    WHEN approved.record_id IS NULL THEN changes.independent_human_approvals > 0
    ELSE approved.by_another
  END AS approved_by_another,
  coalesce(approved.excepts, []) AS excepted_from,
  named.record
FROM dependencies_added AS named
LEFT JOIN licensed ON licensed.licence = named.licence
LEFT JOIN approved ON approved.record_id = named.record_id
LEFT JOIN changes ON changes.repository = named.repository AND changes.change_id = named.change_id
