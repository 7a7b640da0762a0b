-- Each look at an environment against every other whose look overlaps it in time (a snapshot vouches for a day).
-- shares_account_with: environments of the other kind (production or not) in the same account or project.
-- shares_credentials_with: other environments where one of its credentials is valid too.
-- Not known where a value of it, or of an environment that it is held against, is not known and nothing shared was found.
WITH looks AS (
  SELECT
    *,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 DAY) AS until
  FROM environments
),
pairs AS (
  SELECT
    looks.record_id,
    other.environment,
    CASE WHEN looks.is_production = other.is_production THEN FALSE ELSE looks.cloud_account = other.cloud_account END
      AS shares_account,
    CASE
      WHEN looks.credentials IS NOT NULL AND other.credentials IS NOT NULL
        THEN len(list_intersect(looks.credentials, other.credentials)) > 0
    END AS shares_credentials
  FROM looks
  JOIN looks AS other
    ON other.environment <> looks.environment AND other.starts < looks.until AND other.until > looks.starts
),
held_against AS (
  SELECT
    record_id,
    list(DISTINCT environment ORDER BY environment) FILTER (WHERE shares_account) AS accounts,
    bool_and(shares_account IS NOT NULL) AS accounts_known,
    list(DISTINCT environment ORDER BY environment) FILTER (WHERE shares_credentials) AS credentials,
    bool_and(shares_credentials IS NOT NULL) AS credentials_known
  FROM pairs
  GROUP BY record_id
)
SELECT
  looks.record_id || ' | ' || left(looks.record, 12) AS look,
  looks.environment,
  looks.is_production,
  CASE
    WHEN held_against.accounts IS NOT NULL THEN held_against.accounts
    WHEN looks.cloud_account IS NOT NULL AND coalesce(held_against.accounts_known, TRUE) THEN []
  END AS shares_account_with,
  CASE
    WHEN held_against.credentials IS NOT NULL THEN held_against.credentials
    WHEN looks.credentials IS NOT NULL AND coalesce(held_against.credentials_known, TRUE) THEN []
  END AS shares_credentials_with,
  looks.holds_production_data,
  looks.agents,
  looks.held_from,
  looks.held_until,
  looks.observed_at,
  looks.record
FROM looks
LEFT JOIN held_against ON held_against.record_id = looks.record_id
