-- driven by: changes_seen
-- meets: requests, checks
-- A change may come out otherwise when changes may: then it, its request, a check of it or what was read came in.
SELECT key AS change_id FROM touched_changes
UNION
SELECT change_id FROM fresh_changes_seen
