-- An action is logged when an entry names its id, or, naming none, tells of the same agent, target and object within
-- five minutes of it. Of several entries the one that names the id counts, then the one that tells most, then the
-- nearest. missing: what an auditor needs to see who decided what.
WITH matched AS (
  SELECT
    agent_actions.record_id AS trail,
    agent_log_entries.entry,
    agent_log_entries.principal,
    list_filter(
      [
        CASE WHEN agent_log_entries.principal IS NULL THEN 'principal' END,
        CASE WHEN agent_log_entries.input_reference IS NULL THEN 'input' END,
        CASE WHEN agent_log_entries.tool IS NULL THEN 'tool' END,
        CASE WHEN agent_log_entries.result IS NULL THEN 'result' END
      ],
      lambda part: part IS NOT NULL
    ) AS missing
  FROM agent_actions
  JOIN agent_log_entries
    ON agent_log_entries.target = agent_actions.target
    AND (
      agent_log_entries.action = agent_actions.action
      OR (
        agent_log_entries.action IS NULL
        AND account_of(agent_log_entries.agent) = account_of(agent_actions.agent)
        AND agent_log_entries.object = agent_actions.object
        AND abs(date_diff('second', agent_log_entries.logged_at, agent_actions.acted_at)) <= 300
      )
    )
  QUALIFY row_number() OVER (
    PARTITION BY agent_actions.record_id
    ORDER BY
      agent_log_entries.action IS NULL,
      len(missing),
      abs(date_diff('second', agent_log_entries.logged_at, agent_actions.acted_at)),
      agent_log_entries.entry
  ) = 1
)
SELECT
  agent_actions.record_id AS trail,
  agent_actions.target,
  agent_actions.agent,
  agent_actions.acted_at,
  agent_actions.operation,
  CASE
    WHEN matched.entry IS NOT NULL THEN TRUE
    WHEN covered('agent_log_entries', agent_actions.acted_at) THEN FALSE
  END AS logged,
  matched.principal,
  CASE
    WHEN matched.principal IS NULL THEN NULL
    WHEN person_of(matched.principal) IS NOT NULL THEN TRUE
    WHEN covered('people', agent_actions.acted_at) THEN FALSE
  END AS principal_is_person,
  coalesce(matched.missing, []::VARCHAR[]) AS missing,
  agent_actions.record
FROM agent_actions
LEFT JOIN matched ON matched.trail = agent_actions.record_id
