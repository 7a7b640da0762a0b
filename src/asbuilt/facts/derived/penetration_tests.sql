-- covers_ai_features: where the product has none, there is nothing to test. tracked_findings: findings of the report
-- that stand in the list of all findings, whose deadlines VUL-02 tests.
WITH tracked AS (
  SELECT pentest, count(DISTINCT finding) AS findings FROM findings_seen WHERE pentest IS NOT NULL GROUP BY pentest
)
SELECT
  pentests.pentest,
  pentests.ended_at,
  pentests.tester,
  pentests.is_independent,
  pentests.covers_production,
  CASE
    WHEN NOT pentests.has_ai_features THEN TRUE
    WHEN pentests.has_ai_features OR pentests.covers_ai_features THEN pentests.covers_ai_features
  END AS covers_ai_features,
  pentests.finding_count,
  CASE
    WHEN tracked.findings IS NOT NULL THEN tracked.findings
    WHEN covered('findings_seen', pentests.ended_at) THEN 0
  END AS tracked_findings,
  pentests.record
FROM pentests
LEFT JOIN tracked ON tracked.pentest = pentests.pentest
