-- evaluated: the last evaluation, not after the release, of just the configuration that was released.
-- longest_unsampled_days: from the release to the feature's next one (or the last day for which samples are listed), the
-- longest time between two samples that a named person looked through; the two ends count too.
WITH spans AS (
  SELECT
    *,
    least(
      lead(released_at) OVER (PARTITION BY feature ORDER BY released_at, release),
      covered_until('output_samples', released_at)
    ) AS sampled_until,
    covered('output_samples', released_at) AS is_sampled
  FROM ai_releases
),
evaluated AS (
  SELECT spans.record_id, ai_evaluations.*
  FROM spans
  JOIN ai_evaluations
    ON ai_evaluations.feature = spans.feature
    AND ai_evaluations.configuration = spans.configuration
    AND ai_evaluations.evaluated_at <= spans.released_at
  QUALIFY row_number() OVER (
    PARTITION BY spans.record_id ORDER BY ai_evaluations.evaluated_at DESC, ai_evaluations.evaluation
  ) = 1
),
sampled AS (
  SELECT spans.record_id, output_samples.*
  FROM spans
  JOIN output_samples
    ON output_samples.feature = spans.feature
    AND output_samples.reviewed_at >= spans.released_at
    AND output_samples.reviewed_at < spans.sampled_until
  WHERE output_samples.reviewed_by IS NOT NULL
),
points AS (
  SELECT record_id, released_at AS point FROM spans WHERE is_sampled
  UNION
  SELECT record_id, sampled_until FROM spans WHERE is_sampled
  UNION
  SELECT record_id, reviewed_at FROM sampled
),
steps AS (
  SELECT record_id, date_diff('second', lag(point) OVER (PARTITION BY record_id ORDER BY point), point) AS seconds
  FROM points
),
gaps AS (
  SELECT record_id, max(seconds) // 86400 AS longest FROM steps GROUP BY record_id
),
faults AS (
  SELECT
    record_id,
    bool_and(faults = 0 OR escalation IS NOT NULL) AS escalated,
    bool_or(faults IS NULL AND escalation IS NULL) AS is_unclear
  FROM sampled
  GROUP BY record_id
)
SELECT
  spans.record_id AS gate,
  spans.feature,
  spans.released_at,
  CASE
    WHEN evaluated.evaluation IS NOT NULL THEN TRUE
    WHEN covered('ai_evaluations', spans.released_at) THEN FALSE
  END AS evaluated,
  evaluated.repetitions,
  evaluated.score_at_least,
  evaluated.threshold,
  CASE WHEN evaluated.evaluation IS NOT NULL THEN evaluated.set_digest IS NOT NULL END AS set_named,
  CASE WHEN spans.is_sampled THEN coalesce(gaps.longest, 0) END AS longest_unsampled_days,
  CASE
    WHEN NOT faults.escalated THEN FALSE
    WHEN faults.is_unclear OR NOT spans.is_sampled THEN NULL
    ELSE TRUE
  END AS faults_escalated,
  spans.record
FROM spans
LEFT JOIN evaluated ON evaluated.record_id = spans.record_id
LEFT JOIN gaps ON gaps.record_id = spans.record_id
LEFT JOIN faults ON faults.record_id = spans.record_id
