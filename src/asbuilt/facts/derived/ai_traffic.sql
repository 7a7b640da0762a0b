-- Requests that went through the gateway, and connections to AI hosts that came from anywhere else. Connections that
-- the network saw coming from the gateway are the same requests again, and are left out.
-- provider: whose hosts on the register hold this host or end of it, while in use.
WITH hosts AS (
  SELECT provider, lower(trim(unnest(hosts))) AS host, allowed_data_classes, in_use_from, in_use_until
  FROM ai_providers
),
seen AS (
  SELECT
    'gateway | ' || request AS traffic,
    requested_at AS happened_at,
    lower(trim(host)) AS host,
    TRUE AS through_gateway,
    data_class,
    decision,
    record
  FROM ai_requests
  UNION ALL
  SELECT 'egress | ' || egress, seen_at, lower(trim(host)), FALSE, NULL, NULL, record
  FROM ai_egress
  WHERE NOT through_gateway
),
matched AS (
  SELECT seen.traffic, hosts.provider, hosts.allowed_data_classes
  FROM seen
  JOIN hosts
    ON (seen.host = hosts.host OR ends_with(seen.host, '.' || hosts.host))
    AND coalesce(hosts.in_use_from <= seen.happened_at, TRUE)
    AND coalesce(hosts.in_use_until > seen.happened_at, TRUE)
  QUALIFY row_number() OVER (PARTITION BY seen.traffic ORDER BY len(hosts.host) DESC, hosts.provider) = 1
)
SELECT
  seen.traffic,
  seen.happened_at,
  seen.host,
  seen.through_gateway,
  matched.provider,
  CASE
    WHEN matched.provider IS NOT NULL THEN TRUE
    WHEN covered('ai_providers', seen.happened_at) THEN FALSE
  END AS provider_known,
  seen.data_class,
  seen.decision,
  list_contains(matched.allowed_data_classes, seen.data_class) AS class_allowed,
  seen.record
FROM seen
LEFT JOIN matched ON matched.traffic = seen.traffic
