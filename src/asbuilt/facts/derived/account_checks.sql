-- belongs_to: of a person's account the person that the list names, else the one whose login it is; of any other its
-- owner. is_attributed: that person is on the HR list; FALSE where an HR list that reaches over the account's time knows
-- nobody, or two, by that name; of a shared account always FALSE; of an agent FALSE too where the register of agents was
-- read and does not have it.
WITH named AS (
  SELECT
    accounts.*,
    person_of(CASE WHEN accounts.kind = 'human' THEN coalesce(accounts.person, accounts.account) ELSE accounts.owner END)
      AS found,
    EXISTS (
      SELECT 1 FROM extracts
      WHERE extracts.population = 'people' AND NOT extracts.truncated AND extracts.part IS NULL
        AND extracts.covers_until > coalesce(accounts.created_at, '-infinity'::TIMESTAMP)
        AND extracts.covers_from < coalesce(accounts.disabled_at, 'infinity'::TIMESTAMP)
    ) AS people_seen,
    EXISTS (
      SELECT 1 FROM extracts
      WHERE extracts.population = 'agents' AND NOT extracts.truncated AND extracts.part IS NULL
        AND extracts.covers_until > coalesce(accounts.created_at, '-infinity'::TIMESTAMP)
        AND extracts.covers_from < coalesce(accounts.disabled_at, 'infinity'::TIMESTAMP)
    ) AS agents_seen,
    EXISTS (SELECT 1 FROM agents WHERE list_contains(list_transform(agents.accounts, lambda own: account_of(own)), account_of(accounts.account)))
      AS is_registered
  FROM accounts
)
SELECT
  named.record_id AS account_id,
  named.system,
  named.account,
  named.kind,
  named.created_at,
  named.disabled_at,
  systems.in_scope,
  named.found AS belongs_to,
  CASE
    WHEN named.kind = 'shared' THEN FALSE
    WHEN named.kind = 'agent' AND NOT named.is_registered THEN CASE WHEN named.agents_seen THEN FALSE END
    WHEN named.found IS NOT NULL THEN TRUE
    WHEN named.people_seen THEN FALSE
  END AS is_attributed,
  named.single_sign_on,
  named.exception,
  named.exception_until,
  named.last_sign_in_at,
  named.record
FROM named
LEFT JOIN systems ON systems.system = named.system
