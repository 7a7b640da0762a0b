-- What each person owes: the version that binds when they start (or when the policy begins, if later): "first";
-- each later version that staff must read anew: "version"; and anew after each acknowledgement: "renewal".
-- done_at: the first acknowledgement of a version that was not outdated on that day and is no older than the one owed;
-- one before the first day counts. An acknowledgement of a version that is on no register leaves the duty unseen.
-- A person without any code of conduct or policy on the use of AI owes one all the same.
WITH registered AS (
  SELECT
    policy,
    arg_max(kind, (effective_from, version)) AS kind,
    arg_max(coalesce(applies_to, 'everyone'), (effective_from, version)) AS applies_to,
    min(effective_from) AS first_effective_from,
    max(withdrawn_at) AS withdrawn_at
  FROM policies
  GROUP BY policy
),
read_to AS (
  SELECT max(covers_from) AS covers_from FROM extracts WHERE population = 'policies' AND NOT truncated
),
bound AS (
  SELECT
    people.person,
    registered.policy,
    registered.kind,
    CASE registered.applies_to WHEN 'engineers' THEN people.is_engineer ELSE TRUE END AS applies,
    people.is_engineer,
    greatest(people.starts_at, registered.first_effective_from) AS first_owed,
    least(people.ends_at, registered.withdrawn_at) AS lapsed_at,
    FALSE AS is_absent
  FROM people
  CROSS JOIN registered
  UNION ALL
  SELECT
    people.person,
    kind,
    kind,
    TRUE,
    people.is_engineer,
    greatest(people.starts_at, read_to.covers_from),
    people.ends_at,
    TRUE
  FROM people
  CROSS JOIN (VALUES ('code-of-conduct'), ('ai-use')) AS basic(kind)
  CROSS JOIN read_to
  WHERE kind NOT IN (SELECT kind FROM registered)
),
given AS (
  SELECT
    acknowledgements.person,
    acknowledgements.policy,
    acknowledgements.version,
    acknowledgements.acknowledged_at,
    acknowledgements.record,
    own.material_from,
    policies.topics,
    policies.allow_list_version,
    coalesce(
      own.material_from >= (
        SELECT max(policy_versions.material_from)
        FROM policy_versions
        WHERE policy_versions.policy = acknowledgements.policy
          AND policy_versions.effective_from <= acknowledgements.acknowledged_at
      ),
      own.material_from IS NOT NULL
    ) AS is_current
  FROM acknowledgements
  LEFT JOIN policy_versions AS own
    ON own.policy = acknowledgements.policy AND own.version = acknowledgements.version
  LEFT JOIN policies ON policies.policy = own.policy AND policies.version = own.version
  QUALIFY row_number() OVER (
    PARTITION BY acknowledgements.person, acknowledgements.policy, acknowledgements.acknowledged_at
    ORDER BY own.material_from DESC NULLS LAST, acknowledgements.version
  ) = 1
),
owed AS (
  SELECT
    bound.*,
    'first' AS occasion,
    bound.first_owed AS owed_from,
    '-infinity'::TIMESTAMP AS after,
    (
      SELECT max(policy_versions.material_from)
      FROM policy_versions
      WHERE policy_versions.policy = bound.policy AND policy_versions.effective_from <= bound.first_owed
    ) AS needed_from
  FROM bound
  UNION ALL
  SELECT bound.*, 'version', policy_versions.effective_from, '-infinity'::TIMESTAMP, policy_versions.effective_from
  FROM bound
  JOIN policy_versions ON policy_versions.policy = bound.policy
  WHERE policy_versions.starts_reading AND policy_versions.effective_from > bound.first_owed
    AND coalesce(bound.lapsed_at > policy_versions.effective_from, TRUE)
  UNION ALL
  SELECT bound.*, 'renewal', given.acknowledged_at, given.acknowledged_at, given.material_from
  FROM bound
  JOIN given ON given.person = bound.person AND given.policy = bound.policy
  WHERE given.is_current
),
answered AS (
  SELECT
    owed.person,
    owed.policy,
    owed.kind,
    owed.applies,
    owed.is_engineer,
    owed.lapsed_at,
    owed.is_absent,
    owed.occasion,
    owed.owed_from,
    owed.needed_from,
    min(given.acknowledged_at) FILTER (WHERE given.is_current AND given.material_from >= owed.needed_from) AS done_at,
    coalesce(bool_or(given.person IS NOT NULL AND given.material_from IS NULL), FALSE) AS has_unplaced
  FROM owed
  LEFT JOIN given
    ON given.person = owed.person AND given.policy = owed.policy AND given.acknowledged_at > owed.after
  GROUP BY ALL
)
SELECT
  concat_ws(
    ' | ', answered.person, answered.policy, answered.occasion, strftime(answered.owed_from, '%Y-%m-%dT%H:%M:%SZ')
  ) AS duty,
  answered.owed_from,
  answered.done_at,
  answered.lapsed_at,
  CASE
    WHEN answered.has_unplaced THEN NULL
    WHEN answered.is_absent THEN covered_until('policies', answered.owed_from)
    ELSE covered_until('acknowledgements', answered.owed_from)
  END AS seen_until,
  answered.person,
  answered.policy,
  answered.kind AS document_kind,
  answered.occasion,
  answered.applies,
  answered.is_engineer,
  (
    SELECT arg_max(policy_versions.version, (policy_versions.effective_from, policy_versions.version))
    FROM policy_versions
    WHERE policy_versions.policy = answered.policy AND policy_versions.effective_from = answered.needed_from
  ) AS version,
  given.version AS done_version,
  given.topics,
  given.allow_list_version,
  given.record
FROM answered
LEFT JOIN given
  ON given.person = answered.person AND given.policy = answered.policy AND given.acknowledged_at = answered.done_at
