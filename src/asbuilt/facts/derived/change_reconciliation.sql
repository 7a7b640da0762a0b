-- asked for, not kept
-- Each change, merged request, push and production deployment of a repository, held against the other source.
--
-- A change and a request tie one for one. They are a pair when the forge names the change as the request's merge commit
-- (merge-commit), or the request was merged and its head is what git merged (head). Of several requests that name one
-- change the first by this order stays its pair: the number that git names, the same head, the lowest number.
--
-- Reasons of a change without a pair, the first that holds: initial-import; squash, rebase (git names the number of a
-- merged request whose merge commit is not told or not on the branch; by its landing); number-of-another (that request
-- landed as another change); request-not-merged; forge-not-read (requests are not covered at its landing: is_matched is
-- NULL); number-unknown (there is no such request); bot; direct-push (a plain commit); no-request (a merge).
-- Reasons of a merged request without a pair: squash, rebase (a change names its number; as above); with-another (the
-- forge names the same change for another request: they landed together); other-branch (its base is none on which a
-- request of this repository is known to have reached the branch, nor the protected one that is recorded);
-- after-git-record, before-git-record (merged outside of the time that the record of git covers, or after the newest
-- change in it); inside-another (its head is a commit of another request that has a pair); git-not-read (NULL); retargeted (its base was changed on the
-- way); unreachable (its merge commit is not on the branch: forced away).
-- A push to such a branch ties to the change of its new tip; a deployment to the change of its commit.
WITH spans AS MATERIALIZED (
  -- covered_for(…), written as a join: of each repository its own spans, those of all where it has none.
  SELECT named.repository, span.population, span.covers_from, span.covers_until
  FROM (SELECT repository FROM changes_seen UNION SELECT repository FROM requests) AS named
  INNER JOIN kept.part_coverage AS span ON coalesce(span.part, named.repository) = named.repository
  WHERE span.population IN ('changes_seen', 'requests')
  QUALIFY (span.part IS NOT NULL) = bool_or(span.part IS NOT NULL) OVER (
    PARTITION BY named.repository, span.population
  )
),
record_of_git AS (
  SELECT
    covered.repository,
    covered.since,
    covered.until AS covered_until,
    least(covered.until, newest.landed_at + INTERVAL 1 SECOND) AS until
  FROM (
    SELECT repository, min(covers_from) AS since, max(covers_until) AS until
    FROM spans WHERE population = 'changes_seen' GROUP BY repository
  ) AS covered
  INNER JOIN (SELECT repository, max(landed_at) AS landed_at FROM changes_seen GROUP BY repository) AS newest
    ON newest.repository = covered.repository
),
seen AS MATERIALIZED (
  SELECT change_id, repository, landed_at, landing, number, head_commit, record FROM changes_seen
),
merged AS MATERIALIZED (
  SELECT repository, number, merged_at, merge_commit, head_commit, base_branch, record
  FROM requests WHERE merged_at IS NOT NULL
),
candidates AS (
  SELECT
    seen.repository, seen.change_id, seen.landed_at, seen.number AS named, merged.number, 'merge-commit' AS how,
    coalesce(seen.head_commit = merged.head_commit, FALSE) AS same_head
  FROM seen INNER JOIN merged ON merged.repository = seen.repository AND merged.merge_commit = seen.change_id
  UNION ALL
  SELECT seen.repository, seen.change_id, seen.landed_at, seen.number, merged.number, 'head', TRUE
  FROM seen INNER JOIN merged ON merged.repository = seen.repository AND merged.head_commit = seen.head_commit
  WHERE merged.merge_commit IS DISTINCT FROM seen.change_id
),
by_change AS MATERIALIZED (
  SELECT * FROM candidates
  QUALIFY row_number() OVER (
    PARTITION BY repository, change_id
    ORDER BY how = 'head', coalesce(named = number, FALSE) DESC, same_head DESC, number
  ) = 1
),
pairs AS MATERIALIZED (
  SELECT * FROM by_change
  QUALIFY row_number() OVER (PARTITION BY repository, number ORDER BY how = 'head', landed_at, change_id) = 1
),
bases AS MATERIALIZED (
  SELECT DISTINCT merged.repository, merged.base_branch AS branch
  FROM merged INNER JOIN pairs ON pairs.repository = merged.repository AND pairs.number = merged.number
  WHERE merged.base_branch IS NOT NULL AND pairs.how = 'merge-commit'
  UNION
  SELECT repository, protected_branch FROM repositories WHERE protected_branch IS NOT NULL
),
changes_tied AS (
  SELECT
    'change ' || seen.repository || ' ' || seen.change_id AS item,
    'change' AS kind,
    seen.repository,
    seen.landed_at AS happened_at,
    seen.landed_at AS ties_at,
    seen.change_id,
    coalesce(pairs.number, seen.number) AS number,
    CASE
      WHEN pairs.how IS NOT NULL THEN pairs.how
      WHEN seen.landing = 'initial' THEN 'initial-import'
      WHEN named.merged_at IS NOT NULL AND other.change_id IS NULL
        THEN CASE WHEN seen.landing = 'rebase' THEN 'rebase' ELSE 'squash' END
      WHEN named.merged_at IS NOT NULL THEN 'number-of-another'
      WHEN named.number IS NOT NULL THEN 'request-not-merged'
      WHEN read_requests.repository IS NULL THEN 'forge-not-read'
      WHEN seen.number IS NOT NULL THEN 'number-unknown'
      WHEN seen.landing = 'bot' THEN 'bot'
      WHEN seen.landing = 'direct' THEN 'direct-push'
      ELSE 'no-request'
    END AS reason,
    CASE
      WHEN pairs.number IS NOT NULL THEN '#' || pairs.number
      WHEN other.change_id IS NOT NULL THEN '#' || seen.number || ' landed as ' || other.change_id
      WHEN seen.number IS NOT NULL THEN '#' || seen.number
      WHEN pushed.push_id IS NOT NULL THEN pushed.kind || ' by ' || coalesce(pushed.actor, 'an account that is gone')
    END AS detail,
    seen.record
  FROM seen
  LEFT JOIN pairs ON pairs.repository = seen.repository AND pairs.change_id = seen.change_id
  LEFT JOIN requests AS named ON named.repository = seen.repository AND named.number = seen.number
  LEFT JOIN pairs AS other
    ON other.repository = seen.repository AND other.number = seen.number AND other.change_id <> seen.change_id
  LEFT JOIN (SELECT * FROM spans WHERE population = 'requests') AS read_requests
    ON read_requests.repository = seen.repository AND read_requests.covers_from <= seen.landed_at
    AND seen.landed_at < read_requests.covers_until
  LEFT JOIN (
    SELECT * FROM pushes WHERE after_commit IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY repository, after_commit ORDER BY pushed_at, push_id) = 1
  ) AS pushed ON pushed.repository = seen.repository AND pushed.after_commit = seen.change_id
),
-- Of the changes that name a request by its number alone, the first.
by_number AS MATERIALIZED (
  SELECT repository, number, change_id, happened_at, reason
  FROM changes_tied WHERE reason IN ('squash', 'rebase')
  QUALIFY row_number() OVER (PARTITION BY repository, number ORDER BY happened_at, change_id) = 1
),
inside AS MATERIALIZED (
  SELECT own.repository, own.number, min(request_commits.number) AS outer_number
  FROM merged AS own
  INNER JOIN request_commits
    ON request_commits.repository = own.repository AND request_commits.commit = own.head_commit
    AND request_commits.number <> own.number
  INNER JOIN pairs ON pairs.repository = own.repository AND pairs.number = request_commits.number
  GROUP BY own.repository, own.number
),
retargeted AS MATERIALIZED (
  SELECT DISTINCT repository, number FROM request_events WHERE kind = 'base-changed'
),
requests_tied AS (
  SELECT
    'request ' || merged.repository || ' ' || merged.number AS item,
    'request' AS kind,
    merged.repository,
    merged.merged_at AS happened_at,
    coalesce(pairs.landed_at, by_number.happened_at, together.landed_at) AS ties_at,
    coalesce(pairs.change_id, by_number.change_id, together.change_id) AS change_id,
    merged.number,
    CASE
      WHEN pairs.how IS NOT NULL THEN pairs.how
      WHEN by_number.reason IS NOT NULL THEN by_number.reason
      WHEN together.change_id IS NOT NULL THEN 'with-another'
      WHEN record_of_git.repository IS NULL THEN 'git-not-read'
      WHEN merged.base_branch IS NOT NULL AND bases.branch IS NULL THEN 'other-branch'
      WHEN merged.merged_at >= record_of_git.until THEN 'after-git-record'
      WHEN merged.merged_at < record_of_git.since THEN 'before-git-record'
      WHEN inside.number IS NOT NULL THEN 'inside-another'
      WHEN read_git.repository IS NULL THEN 'git-not-read'
      WHEN retargeted.number IS NOT NULL THEN 'retargeted'
      ELSE 'unreachable'
    END AS reason,
    CASE
      WHEN pairs.change_id IS NOT NULL THEN 'landed as ' || pairs.change_id
      WHEN by_number.change_id IS NOT NULL THEN 'named by ' || by_number.change_id
      WHEN together.change_id IS NOT NULL THEN 'with #' || together.number
      WHEN inside.number IS NOT NULL THEN 'in #' || inside.outer_number
      ELSE 'to ' || coalesce(merged.base_branch, 'a branch that is not told')
        || coalesce(' as ' || merged.merge_commit, ', merge commit not told')
    END AS detail,
    merged.record
  FROM merged
  LEFT JOIN pairs ON pairs.repository = merged.repository AND pairs.number = merged.number
  LEFT JOIN by_number ON by_number.repository = merged.repository AND by_number.number = merged.number
  LEFT JOIN pairs AS together
    ON together.repository = merged.repository AND together.change_id = merged.merge_commit
    AND together.number <> merged.number
  LEFT JOIN bases ON bases.repository = merged.repository AND bases.branch = merged.base_branch
  LEFT JOIN record_of_git ON record_of_git.repository = merged.repository
  LEFT JOIN (SELECT * FROM spans WHERE population = 'changes_seen') AS read_git
    ON read_git.repository = merged.repository AND read_git.covers_from <= merged.merged_at
    AND merged.merged_at < read_git.covers_until
  LEFT JOIN inside ON inside.repository = merged.repository AND inside.number = merged.number
  LEFT JOIN retargeted ON retargeted.repository = merged.repository AND retargeted.number = merged.number
),
pushes_tied AS (
  SELECT
    'push ' || pushes.repository || ' ' || pushes.push_id AS item,
    'push' AS kind,
    pushes.repository,
    pushes.pushed_at AS happened_at,
    seen.landed_at AS ties_at,
    seen.change_id,
    seen.number,
    CASE
      WHEN seen.change_id IS NOT NULL THEN 'merge-commit'
      WHEN pushes.pushed_at >= record_of_git.until THEN 'after-git-record'
      WHEN read_git.repository IS NULL THEN 'git-not-read'
      ELSE 'unreachable'
    END AS reason,
    pushes.kind || ' to ' || pushes.branch || coalesce(': ' || pushes.after_commit, '') AS detail,
    pushes.record
  FROM pushes
  INNER JOIN bases ON bases.repository = pushes.repository AND bases.branch = pushes.branch
  LEFT JOIN seen ON seen.repository = pushes.repository AND seen.change_id = pushes.after_commit
  LEFT JOIN record_of_git ON record_of_git.repository = pushes.repository
  LEFT JOIN (SELECT * FROM spans WHERE population = 'changes_seen') AS read_git
    ON read_git.repository = pushes.repository AND read_git.covers_from <= pushes.pushed_at
    AND pushes.pushed_at < read_git.covers_until
  WHERE pushes.kind IN ('push', 'force-push', 'merge', 'queue-merge')
),
deployments_tied AS (
  SELECT
    'deployment ' || deployments.repository || ' ' || deployments.deployment_id AS item,
    'deployment' AS kind,
    deployments.repository,
    deployments.deployed_at AS happened_at,
    seen.landed_at AS ties_at,
    seen.change_id,
    coalesce(seen.number, inner_commit.number) AS number,
    CASE
      WHEN seen.change_id IS NOT NULL THEN 'merge-commit'
      WHEN deployments.commit IS NULL THEN 'commit-not-told'
      WHEN inner_commit.number IS NOT NULL THEN 'commit-of-request'
      WHEN deployments.deployed_at >= record_of_git.covered_until THEN 'after-git-record'
      WHEN read_git.repository IS NULL THEN 'git-not-read'
      ELSE 'commit-unknown'
    END AS reason,
    deployments.environment || coalesce(': ' || deployments.commit, '') AS detail,
    deployments.record
  FROM deployments
  LEFT JOIN seen ON seen.repository = deployments.repository AND seen.change_id = deployments.commit
  LEFT JOIN (
    SELECT repository, commit, min(number) AS number FROM request_commits GROUP BY repository, commit
  ) AS inner_commit ON inner_commit.repository = deployments.repository AND inner_commit.commit = deployments.commit
  LEFT JOIN record_of_git ON record_of_git.repository = deployments.repository
  LEFT JOIN (SELECT * FROM spans WHERE population = 'changes_seen') AS read_git
    ON read_git.repository = deployments.repository AND read_git.covers_from <= deployments.deployed_at
    AND deployments.deployed_at < read_git.covers_until
  WHERE deployments.is_production
)
SELECT
  item,
  kind,
  repository,
  happened_at,
  ties_at,
  change_id,
  number,
  CASE
    WHEN reason IN ('forge-not-read', 'git-not-read', 'commit-not-told') THEN NULL
    ELSE reason IN ('merge-commit', 'head')
  END AS is_matched,
  reason,
  detail,
  record
FROM (
  SELECT * FROM changes_tied
  UNION ALL
  SELECT * FROM requests_tied
  UNION ALL
  SELECT * FROM pushes_tied
  UNION ALL
  SELECT * FROM deployments_tied
)
