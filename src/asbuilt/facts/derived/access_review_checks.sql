-- is_complete: the list was taken before the first decision, has as many accounts as the system itself counted, as many
-- were decided on, and none that the list of accounts shows for that moment was left out (service and agent accounts too).
-- A revocation is carried out when the system shows it: the account disabled, or every grant of that right revoked. What
-- was gone already counts as carried out at once.
WITH decided AS (
  SELECT
    access_reviews.review,
    count(DISTINCT access_review_items.account) AS decided_accounts,
    min(access_review_items.decided_at) AS first_decided_at
  FROM access_reviews
  LEFT JOIN access_review_items ON access_review_items.review = access_reviews.review
  GROUP BY access_reviews.review
),
left_out AS (
  SELECT access_reviews.review, list(accounts.account ORDER BY accounts.account) AS accounts
  FROM access_reviews
  JOIN accounts
    ON accounts.system = access_reviews.system AND accounts.created_at < access_reviews.listed_at
    AND coalesce(accounts.disabled_at > access_reviews.listed_at, TRUE)
  WHERE NOT EXISTS (
    SELECT 1 FROM access_review_items
    WHERE access_review_items.review = access_reviews.review AND access_review_items.account = accounts.account
  )
  GROUP BY access_reviews.review
),
own AS (
  SELECT
    access_review_items.review,
    CASE
      WHEN bool_or(
        person_of(access_review_items.decided_by)
        = person_of(CASE WHEN accounts.kind = 'human' THEN coalesce(accounts.person, accounts.account) END)
      ) THEN TRUE
      WHEN bool_or(person_of(access_review_items.decided_by) IS NULL) THEN NULL
      WHEN bool_or(
        coalesce(accounts.kind, 'human') = 'human'
        AND person_of(coalesce(accounts.person, accounts.account)) IS NULL
      ) THEN NULL
      ELSE FALSE
    END AS someone_reviewed_themselves
  FROM access_review_items
  JOIN access_reviews ON access_reviews.review = access_review_items.review
  LEFT JOIN accounts
    ON accounts.system = access_reviews.system AND accounts.account = access_review_items.account
  GROUP BY access_review_items.review
),
revoked AS (
  SELECT
    access_review_items.review,
    access_review_items.decided_at,
    accounts.disabled_at,
    count(grants.grant_id) AS rights,
    count(grants.revoked_at) AS rights_gone,
    max(grants.revoked_at) AS right_gone_at,
    any_value(accounts.account) IS NOT NULL AS account_seen
  FROM access_review_items
  JOIN access_reviews ON access_reviews.review = access_review_items.review
  LEFT JOIN accounts
    ON accounts.system = access_reviews.system AND accounts.account = access_review_items.account
  LEFT JOIN grants
    ON grants.system = access_reviews.system AND grants.account = access_review_items.account
    AND grants.access_right = access_review_items.access_right
    AND grants.granted_at < access_review_items.decided_at
  WHERE access_review_items.decision = 'revoke'
  GROUP BY
    access_review_items.review,
    access_review_items.access_right,
    access_review_items.account,
    access_review_items.decided_at,
    accounts.disabled_at
),
carried AS (
  SELECT
    review,
    decided_at,
    greatest(
      decided_at,
      CASE WHEN rights > 0 AND rights = rights_gone THEN least(right_gone_at, disabled_at) ELSE disabled_at END
    ) AS moved_at,
    disabled_at IS NOT NULL OR (rights > 0 AND rights = rights_gone) AS is_done,
    account_seen OR rights > 0 AS is_seen
  FROM revoked
),
outcome AS (
  SELECT
    review,
    count(*) AS revocations,
    max(date_diff('day', decided_at, moved_at)) FILTER (WHERE is_done) AS slowest_revocation_days,
    min(decided_at) FILTER (WHERE is_seen AND NOT is_done) AS open_revocation_from,
    bool_and(is_seen) AS revocations_seen
  FROM carried
  GROUP BY review
)
SELECT
  access_reviews.review,
  access_reviews.system,
  access_reviews.completed_at,
  decided.decided_accounts,
  access_reviews.system_accounts,
  CASE
    WHEN access_reviews.listed_at > coalesce(decided.first_decided_at, access_reviews.completed_at) THEN FALSE
    WHEN left_out.accounts IS NOT NULL THEN FALSE
    WHEN access_reviews.listed_accounts <> access_reviews.system_accounts THEN FALSE
    ELSE decided.decided_accounts >= access_reviews.system_accounts
  END AS is_complete,
  coalesce(left_out.accounts, []) AS undecided_accounts,
  own.someone_reviewed_themselves,
  coalesce(outcome.revocations, 0) AS revocations,
  outcome.slowest_revocation_days,
  outcome.open_revocation_from,
  coalesce(outcome.revocations_seen, TRUE) AS revocations_seen,
  access_reviews.record
FROM access_reviews
JOIN decided ON decided.review = access_reviews.review
LEFT JOIN left_out ON left_out.review = access_reviews.review
LEFT JOIN own ON own.review = access_reviews.review
LEFT JOIN outcome ON outcome.review = access_reviews.review
