-- An update tells a change when it names it, or, naming none, speaks of the same interface and was published no earlier
-- than thirty days before the release. One that names the change counts first, then the earliest.
WITH told AS (
  SELECT
    interface_changes.record_id AS duty,
    specification_updates.update_id,
    specification_updates.published_at,
    specification_updates.states_ai_limits
  FROM interface_changes
  JOIN specification_updates
    ON lower(trim(specification_updates.interface)) = lower(trim(interface_changes.interface))
    AND coalesce(
      specification_updates.change = interface_changes.change,
      specification_updates.published_at >= interface_changes.released_at - INTERVAL 30 DAY
    )
  QUALIFY row_number() OVER (
    PARTITION BY interface_changes.record_id
    ORDER BY
      specification_updates.change IS NULL, specification_updates.published_at, specification_updates.update_id
  ) = 1
)
SELECT
  interface_changes.record_id AS duty,
  interface_changes.released_at AS owed_from,
  told.published_at AS done_at,
  NULL::TIMESTAMP AS lapsed_at,
  covered_until('specification_updates', interface_changes.released_at) AS seen_until,
  interface_changes.interface,
  interface_changes.kind,
  told.update_id,
  told.states_ai_limits,
  interface_changes.record
FROM interface_changes
LEFT JOIN told ON told.duty = interface_changes.record_id
