-- role: a person's role has a written description; owed from the first day, done when its first version took effect.
-- hire: an evaluation of that kind after the start of the work. yearly: owed from the first day, and from each yearly
-- evaluation anew. breach: what was decided, and by whom.
WITH described AS (SELECT role, min(effective_from) AS effective_from, arg_min(record, effective_from) AS record FROM role_descriptions GROUP BY role),
yearly AS (SELECT person, evaluated_at, min(evaluated_by) AS evaluated_by, min(record) AS record FROM evaluations WHERE kind = 'yearly' GROUP BY person, evaluated_at),
hired AS (
  SELECT person, min(evaluated_at) AS evaluated_at, arg_min(evaluated_by, evaluated_at) AS evaluated_by, arg_min(record, evaluated_at) AS record
  FROM evaluations
  WHERE kind = 'hire'
  GROUP BY person
),
owed AS (
  SELECT 'role' AS kind, people.person AS subject, people.starts_at AS owed_from, described.effective_from AS done_at,
    people.ends_at AS lapsed_at,
    CASE WHEN people.role IS NOT NULL THEN covered_until('role_descriptions', people.starts_at) END AS seen_until,
    NULL::VARCHAR AS decided_by, described.record
  FROM people
  LEFT JOIN described ON described.role = people.role
  UNION ALL
  SELECT 'hire', people.person, people.starts_at, hired.evaluated_at, people.ends_at,
    covered_until('evaluations', people.starts_at), hired.evaluated_by, hired.record
  FROM people
  LEFT JOIN hired ON hired.person = people.person
  UNION ALL
  SELECT 'yearly', begun.person, begun.moment, yearly.evaluated_at, begun.ends_at,
    covered_until('evaluations', begun.moment), yearly.evaluated_by, yearly.record
  FROM (
    SELECT person, starts_at AS moment, ends_at FROM people
    UNION
    SELECT yearly.person, yearly.evaluated_at, people.ends_at FROM yearly JOIN people ON people.person = yearly.person
  ) AS begun
  ASOF LEFT JOIN yearly ON yearly.person = begun.person AND yearly.evaluated_at > begun.moment
  UNION ALL
  SELECT 'breach', breach, reported_at, CASE WHEN disposition IS NOT NULL THEN decided_at END, NULL::TIMESTAMP,
    observed_at, decided_by, record
  FROM policy_breaches
)
SELECT
  concat_ws(' | ', kind, subject, strftime(owed_from, '%Y-%m-%dT%H:%M:%SZ')) AS duty,
  owed.*
FROM owed
