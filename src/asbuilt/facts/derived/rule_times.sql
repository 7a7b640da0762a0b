-- Whole looks, as they were told.
SELECT
  concat_ws(' | ', repository, branch, strftime(coalesce(held_from, observed_at), '%Y-%m-%dT%H:%M:%SZ'), 'told', left(record, 12))
    AS stretch,
  repository,
  branch,
  TRUE AS is_whole,
  'told' AS known_by,
  requires_pull_request,
  required_approvals,
  required_checks,
  dismisses_stale_approvals,
  requires_owner_approval,
  allows_force_push,
  allows_deletion,
  binds_administrators,
  bypass_actors,
  held_from,
  held_until,
  observed_at,
  record
FROM branch_rules
