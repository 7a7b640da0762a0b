-- component: owed since it came into use, done by the first version that lists it. version: owed by each version for
-- each component in use on the day it took effect. review: the next version, owed since the one before.
-- Components are systems and repositories in scope, vendors on the register that hold customers' data or serve the
-- product as subservice or critical, and what the inventory of cloud and pipeline lists.
WITH components AS (
  SELECT system AS component, 'system' AS kind, in_use_from, in_use_until FROM systems WHERE in_scope
  UNION ALL
  SELECT repository, 'repository', in_use_from, in_use_until FROM repositories WHERE in_scope
  UNION ALL
  SELECT vendor, 'vendor', in_use_from, in_use_until
  FROM vendors
  WHERE tier = 'critical' OR holds_customer_data
  UNION ALL
  SELECT component, kind, in_use_from, in_use_until FROM components_seen
),
known AS (
  SELECT component, min(kind) AS kind, min(in_use_from) AS in_use_from,
    CASE WHEN count(*) = count(in_use_until) THEN max(in_use_until) END AS in_use_until
  FROM components
  GROUP BY component
),
listed AS (
  SELECT version, effective_from, unnest(components) AS component FROM descriptions
),
first_listed AS (
  SELECT component, min(effective_from) AS effective_from, arg_min(version, effective_from) AS version
  FROM listed
  GROUP BY component
),
ordered AS (
  SELECT
    *,
    lead(effective_from) OVER (ORDER BY effective_from, version) AS next_from,
    shared_with_staff_at IS NOT NULL AND shared_with_customers_at IS NOT NULL AND approved_by IS NOT NULL AS is_shared
  FROM descriptions
),
owed AS (
  SELECT
    'component' AS kind, known.component, known.kind AS component_kind, first_listed.version,
    known.in_use_from AS owed_from, first_listed.effective_from AS done_at, known.in_use_until AS lapsed_at,
    covered_until('descriptions', known.in_use_from) AS seen_until, NULL::BOOLEAN AS is_shared, NULL::VARCHAR AS record
  FROM known
  LEFT JOIN first_listed ON first_listed.component = known.component
  WHERE known.in_use_from IS NOT NULL
  UNION ALL
  SELECT
    'version', known.component, known.kind, ordered.version, ordered.effective_from,
    CASE WHEN list_contains(ordered.components, known.component) THEN ordered.effective_from END,
    known.in_use_until,
    CASE WHEN ordered.components IS NOT NULL THEN ordered.observed_at END,
    NULL, ordered.record
  FROM ordered
  JOIN known
    ON coalesce(known.in_use_from <= ordered.effective_from, TRUE)
    AND coalesce(known.in_use_until > ordered.effective_from, TRUE)
  UNION ALL
  SELECT
    'review', NULL, NULL, version, effective_from, next_from, NULL,
    covered_until('descriptions', effective_from), is_shared, record
  FROM ordered
)
SELECT
  concat_ws(' | ', kind, component, version, strftime(owed_from, '%Y-%m-%dT%H:%M:%SZ')) AS duty,
  owed.*
FROM owed
