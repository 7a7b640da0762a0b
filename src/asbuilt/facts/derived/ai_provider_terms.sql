-- Providers of the register, and those that the inventory of AI tools names, by id or name in any letter case.
-- classification_fits: whoever is called by the product, or gets customers' data, is a subservice organisation unless
-- a reason says why not.
WITH known AS (
  SELECT lower(trim(name)) AS name, min(provider) AS provider
  FROM (SELECT provider, unnest([provider, name]) AS name FROM ai_providers)
  GROUP BY ALL
),
named AS (
  SELECT provider, 'register' AS place, in_use_from AS used_from, record FROM ai_providers
  UNION ALL
  SELECT coalesce(known.provider, lower(trim(tools.provider))), 'inventory', tools.approved_at, tools.record
  FROM ai_tool_inventory AS tools
  LEFT JOIN known ON known.name = lower(trim(tools.provider))
  WHERE tools.provider IS NOT NULL AND tools.approved
),
together AS (
  SELECT
    provider,
    list_sort(list_distinct(list(place))) AS named_in,
    min(used_from) AS in_use_from,
    min(record) AS record
  FROM named
  GROUP BY provider
)
SELECT
  lower(together.provider) AS provider,
  together.named_in,
  coalesce(own.in_use_from, together.in_use_from) AS in_use_from,
  own.in_use_until,
  own.receives_customer_data,
  own.in_product_path,
  own.classification,
  CASE
    WHEN own.classification IN ('vendor', 'subservice') THEN TRUE
    WHEN own.provider IS NOT NULL THEN FALSE
    WHEN covered('ai_providers', together.in_use_from) THEN FALSE
  END AS classified,
  CASE
    WHEN own.classification = 'subservice' THEN TRUE
    WHEN own.classification = 'vendor' AND own.classification_reason IS NOT NULL THEN TRUE
    WHEN own.classification = 'vendor' THEN NOT (own.in_product_path OR own.receives_customer_data)
  END AS classification_fits,
  CASE WHEN own.provider IS NOT NULL THEN coalesce(len(own.expected_controls), 0) END AS expected_controls,
  own.is_carved_out,
  CASE
    WHEN own.provider IS NOT NULL
      THEN own.data_terms IS NOT NULL AND own.no_training_evidence IS NOT NULL
        AND own.retention_terms IS NOT NULL AND own.monitoring IS NOT NULL
  END AS terms_kept,
  own.classified_at,
  coalesce(own.record, together.record) AS record
FROM together
LEFT JOIN ai_providers AS own ON own.provider = together.provider
