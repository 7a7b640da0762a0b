-- The register as it stood when an assessment was approved: of each risk the newest entry until then, if it is live.
-- renewed_categories: of entries that were rated after the assessment before was approved, so for this one.
WITH approved AS (
  SELECT
    *,
    lag(approved_at) OVER (ORDER BY approved_at, assessment) AS before_at
  FROM risk_assessments
  WHERE approved_at IS NOT NULL
),
standing AS (
  SELECT approved.assessment, approved.before_at, risks.*
  FROM approved
  JOIN risks ON risks.rated_at <= approved.approved_at
  QUALIFY row_number() OVER (PARTITION BY approved.assessment, risks.risk ORDER BY risks.rated_at DESC) = 1
),
live AS (
  SELECT
    *,
    likelihood IS NOT NULL AND impact IS NOT NULL AS is_rated,
    coalesce(rated_at > before_at, TRUE) AS is_renewed
  FROM standing
  WHERE is_open
),
counted AS (
  SELECT
    assessment,
    count(*) AS open_risks,
    list(risk ORDER BY risk) FILTER (WHERE NOT is_rated) AS unrated,
    list(risk ORDER BY risk) FILTER (WHERE owner IS NULL) AS unowned
  FROM live
  GROUP BY assessment
),
sorted AS (
  SELECT
    assessment,
    list(DISTINCT category ORDER BY category) AS categories,
    list(DISTINCT category ORDER BY category) FILTER (WHERE is_renewed) AS renewed_categories
  FROM (SELECT assessment, is_renewed, unnest(categories) AS category FROM live WHERE is_rated AND owner IS NOT NULL)
  GROUP BY assessment
)
SELECT
  approved.assessment,
  approved.approved_at,
  CASE
    WHEN EXISTS (
      SELECT 1
      FROM people
      WHERE people.person = person_of(approved.approved_by) AND people.starts_at <= approved.approved_at
        AND coalesce(people.ends_at > approved.approved_at, TRUE)
    ) THEN TRUE
    WHEN covered('people', approved.approved_at) THEN FALSE
  END AS approver_is_person,
  approved.states_objectives,
  approved.method,
  coalesce(counted.open_risks, 0) AS open_risks,
  coalesce(counted.unrated, []) AS unrated,
  coalesce(counted.unowned, []) AS unowned,
  coalesce(sorted.categories, []) AS categories,
  coalesce(sorted.renewed_categories, []) AS renewed_categories,
  approved.record
FROM approved
LEFT JOIN counted ON counted.assessment = approved.assessment
LEFT JOIN sorted ON sorted.assessment = approved.assessment
