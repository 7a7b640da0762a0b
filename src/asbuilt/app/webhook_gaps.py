"""What webhooks did not bring: deliveries held against what a sync saw of the same time.

1. The time in which webhooks came: from the first delivery to the last, of each repository.
2. What a sync told of that time (requests merged, reviews given, checks, deployments, pushes), and no delivery was
   about. GitLab's deliveries name no approval: one of the same request by the same account is taken for it.
3. Each kind that is missing is a gap, with how many and the first of them.
"""

from pathlib import Path
from typing import Final

from asbuilt.app.chain_facts import LedgerFacts, open_ledger_facts
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent

# What each kind of delivery should have told; the sync's own rows name it in the words of ``subject_of``.
_MISSED: Final = """
WITH span AS (
  SELECT repository, event, min(received_at) AS since, max(received_at) AS until
  FROM deliveries GROUP BY repository, event
),
seen AS (
  SELECT repository, 'pull_request' AS event, NULL AS action, 'request ' || number AS subject, merged_at AS at
  FROM requests WHERE merged_at IS NOT NULL
  UNION ALL
  SELECT repository, 'pull_request_review', NULL, 'review ' || review_id, submitted_at FROM reviews
  UNION ALL
  SELECT repository, 'check_run', NULL, 'check ' || check_id, completed_at FROM checks
  WHERE NOT starts_with(check_id, 'status-')
  UNION ALL
  SELECT repository, 'Merge Request Hook', 'merge', 'request ' || number, merged_at FROM requests
  WHERE merged_at IS NOT NULL
  UNION ALL
  SELECT repository, 'Merge Request Hook', NULL, 'approval ' || number || ' by ' || reviewer, submitted_at
  FROM reviews WHERE state IN ('approved', 'dismissed')
  UNION ALL
  SELECT repository, 'Note Hook', NULL, replace(review_id, '-', ' '), submitted_at FROM reviews
  WHERE state = 'commented'
  UNION ALL
  SELECT repository, 'Pipeline Hook', NULL, 'check ' || check_id, completed_at FROM checks
  WHERE starts_with(check_id, 'pipeline-')
  UNION ALL
  SELECT repository, 'Job Hook', NULL, 'check ' || check_id, completed_at FROM checks
  WHERE starts_with(check_id, 'job-')
  UNION ALL
  SELECT repository, 'Deployment Hook', NULL, 'deployment ' || deployment_id, deployed_at FROM deployments
  UNION ALL
  SELECT repository, 'Push Hook', NULL, 'commit ' || after_commit, pushed_at FROM pushes
  WHERE after_commit IS NOT NULL
)
SELECT seen.repository, seen.event, count(*) AS missed, min(seen.subject) AS first, min(seen.at) AS at
FROM seen
JOIN span ON span.repository = seen.repository AND span.event = seen.event
  AND seen.at >= span.since AND seen.at < span.until
WHERE NOT EXISTS (
  SELECT 1 FROM deliveries
  WHERE deliveries.repository = seen.repository
    AND deliveries.event IN (seen.event, 'Confidential ' || seen.event)
    AND deliveries.subject = seen.subject AND coalesce(deliveries.action = seen.action, seen.action IS NULL)
)
GROUP BY seen.repository, seen.event
ORDER BY seen.repository, seen.event
"""


def missed_deliveries(facts: LedgerFacts) -> tuple[Gap, ...]:
    """What a sync saw and no webhook told, as gaps; empty where each was told, or webhooks never came."""
    return tuple(
        Gap(
            code="GAP-WEBHOOK",
            what=f"{row['missed']:,} {row['event']} deliveries of {row['repository']} did not come, the first "
            f"about {row['first']} at {row['at']:%Y-%m-%d %H:%M} UTC.",
            why="The sync saw them, and webhooks came before and after.",
            remedy="Send them again from the forge's page of the webhook, and look why they failed.",
            path=row["repository"],
            count=row["missed"],
        )
        for row in facts.rows(_MISSED)
    )


def check_deliveries(folder: Path, on: Listener = silent) -> tuple[int, tuple[Gap, ...]]:
    """How many deliveries the ledger in a folder holds, and what did not come.

    Raises:
        UsageError, LedgerError: see ``app.chain_facts``.
    """
    with open_ledger_facts(folder, on) as facts:
        return facts.rows("SELECT count(*) AS held FROM deliveries")[0]["held"], missed_deliveries(facts)
