-- Tools that any source shows, and those of the inventory. `configuration` shows that something is set up for a tool,
-- and proves no use. A tool is not approved when the inventory refuses it, withdrew it before it was last seen, or,
-- where the inventory covers that moment, does not name it.
WITH seen AS (
  SELECT
    lower(trim(tool)) AS tool,
    arg_max(name, (seen_at, name)) AS name,
    arg_max(vendor, (seen_at, vendor)) AS vendor,
    max(commits) AS commits,
    arg_max(lines, seen_at) AS lines,
    min(coalesce(first_seen_at, seen_at)) FILTER (WHERE seen_in <> 'configuration') AS first_seen,
    max(seen_at) FILTER (WHERE seen_in <> 'configuration') AS last_seen,
    max(seen_at) AS last_told,
    bool_or(seen_in <> 'configuration') AS observed,
    bool_or(seen_in = 'configuration') AS configured,
    list_sort(list_distinct(list(seen_in))) AS seen_in,
    list_sort(list_distinct(list(account_type) FILTER (WHERE account_type IS NOT NULL))) AS account_types,
    arg_max(record, (seen_at, record)) AS record
  FROM ai_tools_seen
  GROUP BY ALL
),
listed AS (
  SELECT * FROM ai_tool_inventory
  QUALIFY row_number() OVER (PARTITION BY lower(trim(tool)) ORDER BY approved_at DESC NULLS LAST, tool) = 1
)
SELECT
  coalesce(seen.tool, lower(trim(listed.tool))) AS tool,
  coalesce(seen.name, listed.name, seen.tool, listed.tool) AS name,
  coalesce(seen.vendor, listed.provider, '') AS vendor,
  coalesce(seen.commits, 0) AS commits,
  coalesce(seen.lines, 0) AS lines,
  seen.first_seen,
  seen.last_seen,
  coalesce(seen.observed, FALSE) AS observed,
  coalesce(seen.configured, FALSE) AS configured,
  CASE
    WHEN listed.tool IS NOT NULL THEN listed.approved AND coalesce(listed.withdrawn_at > seen.last_told, listed.withdrawn_at IS NULL)
    WHEN covered('ai_tool_inventory', seen.last_told) THEN FALSE
  END AS approved,
  seen.seen_in,
  seen.account_types,
  CASE
    WHEN listed.account_type IS NULL THEN FALSE
    WHEN seen.account_types IS NOT NULL AND len(seen.account_types) > 0 THEN seen.account_types <> [listed.account_type]
  END AS wrong_account,
  CASE
    WHEN listed.tool IS NOT NULL
      THEN list_filter(
        [
          CASE WHEN listed.approved_by IS NULL THEN 'approver' END,
          CASE WHEN listed.owner IS NULL THEN 'owner' END,
          CASE WHEN listed.data_class IS NULL THEN 'data class' END
        ],
        lambda part: part IS NOT NULL
      )
  END AS missing,
  coalesce(seen.record, listed.record) AS record
FROM seen
FULL JOIN listed ON lower(trim(listed.tool)) = seen.tool
