-- Installations that a system listed, and enabled accounts of agents: one that stands in one list alone is there all the same.
-- in_use_from, in_use_until: as the list of accounts says; else the begin of the first listed time and the end of the last,
-- where the list of installations was read over that moment and looked at again afterwards.
WITH installed AS (
  SELECT
    system,
    system || ' | ' || account AS installation,
    min(coalesce(held_from, observed_at)) AS starts,
    max(coalesce(held_until, observed_at)) AS until,
    max(observed_at) AS seen_at,
    arg_max(record, (observed_at, record)) AS record
  FROM agent_installations
  GROUP BY system, account
),
own AS (
  SELECT record_id AS installation, created_at, disabled_at, record FROM accounts WHERE kind = 'agent'
)
SELECT
  coalesce(installed.installation, own.installation) AS installation,
  coalesce(own.created_at, CASE WHEN covered_for('agent_installations', installed.system, installed.starts) THEN installed.starts END)
    AS in_use_from,
  coalesce(
    own.disabled_at,
    CASE WHEN installed.until < installed.seen_at AND covered_for('agent_installations', installed.system, installed.until) THEN installed.until END
  ) AS in_use_until,
  coalesce(installed.record, own.record) AS record
FROM installed
FULL JOIN own ON own.installation = installed.installation
