-- What each release's own row says, beside what the ledger keeps: lists of components (sboms, and signed statements that
-- hold one), and provenance (attestations) of the artefact.
-- A list is one of a release when it names the release's artefact, or is recorded for the release by its name; of
-- several, one that names the artefact counts, then the one kept first. So a list recorded for a release that names
-- another artefact is told as it is.
-- Where the row and the ledger contradict each other (no list, and there is one; another digest; a signature that holds,
-- and does not), the value is NULL, and `disagreements` says why: neither is believed over the other.
-- 'none' and FALSE without a word of the row only where extracts of the lists, or of the statements, cover the release.
WITH listed AS (
  SELECT
    repository,
    format,
    list_transform(coalesce(artifact_digests, []), lambda each: lower(each)) AS digests,
    release,
    recorded_at AS kept_since,
    lists_models,
    document
  FROM sboms
  UNION ALL
  SELECT
    repository,
    CASE WHEN contains(lower(predicate_type), 'cyclonedx') THEN 'CycloneDX' ELSE 'SPDX' END,
    [lower(subject)],
    NULL,
    recorded_at,
    NULL,
    attestation
  FROM attestations
  WHERE regexp_matches(lower(predicate_type), '^https?://(cyclonedx\.org/bom|spdx\.dev/document)')
),
own_lists AS (
  SELECT
    releases.record_id,
    listed.format,
    list_contains(listed.digests, lower(releases.artifact_digest)) AS is_of_it,
    listed.digests,
    listed.kept_since,
    listed.lists_models
  FROM releases
  JOIN listed
    ON listed.repository = releases.repository
    AND (list_contains(listed.digests, lower(releases.artifact_digest)) OR listed.release = releases.release)
  QUALIFY row_number() OVER (
    PARTITION BY releases.record_id
    ORDER BY list_contains(listed.digests, lower(releases.artifact_digest)) DESC, listed.kept_since, listed.document
  ) = 1
),
built AS (
  SELECT
    releases.record_id,
    -- As for the decision chain: one signature that does not hold is not made good by another.
    CASE
      WHEN bool_or(NOT attestations.is_verified) THEN FALSE
      WHEN bool_or(attestations.is_verified) THEN TRUE
    END AS is_verified
  FROM releases
  JOIN attestations
    ON attestations.repository = releases.repository
    AND lower(attestations.subject) = lower(releases.artifact_digest)
    AND contains(lower(attestations.predicate_type), 'provenance')
  GROUP BY releases.record_id
),
joined AS (
  SELECT
    releases.*,
    own_lists.record_id IS NOT NULL AS is_listed,
    own_lists.format AS kept_format,
    CASE WHEN own_lists.is_of_it THEN releases.artifact_digest ELSE own_lists.digests[1] END AS kept_digest,
    own_lists.kept_since,
    own_lists.lists_models,
    built.record_id IS NOT NULL AS is_built,
    built.is_verified,
    own_lists.record_id IS NOT NULL AND coalesce(lower(releases.sbom_format) = 'none', FALSE) AS no_list_told,
    coalesce(
      lower(releases.sbom_artifact_digest)
        <> lower(CASE WHEN own_lists.is_of_it THEN releases.artifact_digest ELSE own_lists.digests[1] END),
      FALSE
    ) AS other_digest,
    own_lists.lists_models <> releases.sbom_lists_models AS other_models,
    built.record_id IS NOT NULL AND coalesce(NOT releases.has_provenance, FALSE) AS no_build_told,
    built.record_id IS NOT NULL
      AND coalesce(lower(releases.provenance_digest) <> lower(releases.artifact_digest), FALSE) AS other_build,
    coalesce(built.is_verified <> releases.signature_verified, FALSE) AS other_signature
  FROM releases
  LEFT JOIN own_lists ON own_lists.record_id = releases.record_id
  LEFT JOIN built ON built.record_id = releases.record_id
)
SELECT
  record_id AS release_id,
  repository,
  release,
  released_at,
  artifact_digest,
  CASE
    WHEN no_list_told THEN NULL
    WHEN is_listed THEN regexp_extract(kept_format, '^[A-Za-z]+')
    WHEN sbom_format IS NOT NULL THEN sbom_format
    WHEN covered_for('sboms', repository, released_at) THEN 'none'
  END AS sbom_format,
  CASE WHEN other_digest THEN NULL WHEN is_listed THEN kept_digest ELSE sbom_artifact_digest END
    AS sbom_artifact_digest,
  kept_since AS sbom_kept_since,
  sbom_kept_until,
  CASE
    WHEN no_build_told THEN NULL
    WHEN is_built THEN TRUE
    WHEN has_provenance IS NOT NULL THEN has_provenance
    WHEN covered_for('attestations', repository, released_at) THEN FALSE
  END AS has_provenance,
  CASE WHEN other_build THEN NULL WHEN is_built THEN artifact_digest ELSE provenance_digest END AS provenance_digest,
  CASE WHEN other_signature THEN NULL ELSE coalesce(is_verified, signature_verified) END AS signature_verified,
  ships_models,
  CASE WHEN other_models THEN NULL ELSE coalesce(lists_models, sbom_lists_models) END AS sbom_lists_models,
  list_filter(
    [
      CASE WHEN no_list_told THEN 'the release says that there is no list; the ledger keeps one' END,
      CASE WHEN other_digest
        THEN 'the release says that its list names ' || sbom_artifact_digest || '; the list that is kept names ' || kept_digest END,
      CASE WHEN other_models
        THEN 'the release and the list that is kept differ on whether it lists AI models' END,
      CASE WHEN no_build_told
        THEN 'the release says that there is no provenance; the ledger holds some of its artefact' END,
      CASE WHEN other_build
        THEN 'the release says that its provenance names ' || provenance_digest || '; the ledger holds some of its artefact' END,
      CASE WHEN other_signature
        THEN 'the release and the statement that was read differ on whether the signature holds' END
    ],
    lambda each: each IS NOT NULL
  ) AS disagreements,
  record
FROM joined
