-- was_wiped: a wipe stands in the log, after the asset was last in use and before it was handed over (or at all, while it
-- was not). FALSE where the log of wipes was read at that moment and there is none.
WITH wiped AS (
  SELECT
    assets.asset,
    max(wipes.wiped_at) AS wiped_at,
    arg_max(wipes.certificate IS NOT NULL, wipes.wiped_at) AS has_certificate
  FROM assets
  JOIN wipes
    ON wipes.asset = assets.asset AND coalesce(wipes.wiped_at <= assets.handed_over_at, TRUE)
    AND coalesce(date_trunc('day', assets.retired_at) <= wipes.wiped_at, TRUE)
  GROUP BY assets.asset
)
SELECT
  assets.asset,
  assets.kind,
  assets.retired_at,
  assets.handed_over_at,
  wiped.wiped_at,
  CASE
    WHEN wiped.asset IS NOT NULL THEN TRUE
    WHEN covered('wipes', coalesce(assets.handed_over_at, assets.retired_at)) THEN FALSE
  END AS was_wiped,
  wiped.has_certificate,
  assets.record
FROM assets
LEFT JOIN wiped ON wiped.asset = assets.asset
WHERE assets.retired_at IS NOT NULL OR assets.handed_over_at IS NOT NULL
