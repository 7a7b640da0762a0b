-- empty without: branch_rule_parts, branch_rules
-- What a branch's rules asked, and from when until when that is proved.
-- 1. A look at the list of rule sets in force is a look at all of them; the classic protection that was read within an
--    hour of it belongs to it. A rule set holds since the moment that the forge says it was last edited; its versions
--    hold until the next one.
-- 2. Where the log of rule changes was read (its extract, or that of the owner's audit log), each source of rules
--    changes at its events alone: what was seen between two of them held all the time between. Before a rule was made or
--    switched on, and after it was deleted or switched off, it was not in force. Where two looks between the same two
--    events differ, the log does not tell all: each then holds for its own moment.
-- 3. All sources are taken together, piece by piece: what one of them asks is asked. A piece is whole where every source
--    that was ever seen is known and the list of rule sets is; else it tells what is asked at least.
-- 4. Who may go around one source goes around nothing where sources that nobody may go around ask as much.
-- Looks that told all rules at once (branch_rules) are a source of their own, which any event may have changed; they
-- stand beside, and are taken together with nothing.
WITH parts AS (
  SELECT
    repository,
    branch,
    rule,
    in_force,
    rulesets,
    {
      'pull_request': requires_pull_request, 'approvals': required_approvals, 'checks': required_checks,
      'dismisses': dismisses_stale_approvals, 'owners': requires_owner_approval, 'force_push': allows_force_push,
      'deletion': allows_deletion, 'binds': binds_administrators, 'bypass': bypass_actors
    } AS asked,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 SECOND) AS until,
    observed_at,
    record
  FROM branch_rule_parts
),
lists AS (
  SELECT repository, branch, rulesets, starts, until, observed_at, record
  FROM parts WHERE rule = 'rulesets' AND rulesets IS NOT NULL
),
sets AS (
  SELECT
    repository,
    'ruleset ' || ruleset AS rule,
    in_force,
    includes,
    excludes,
    {
      'pull_request': requires_pull_request, 'approvals': required_approvals, 'checks': required_checks,
      'dismisses': dismisses_stale_approvals, 'owners': requires_owner_approval, 'force_push': allows_force_push,
      'deletion': allows_deletion, 'binds': NULL::BOOLEAN, 'bypass': bypass_actors
    } AS asked,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 SECOND) AS until,
    observed_at,
    record
  FROM rule_sets
),
versions AS (
  SELECT
    repository,
    'ruleset ' || regexp_extract(rule, '^ruleset ([0-9]+)', 1) AS rule,
    (detail ->> '$.in_force')::BOOLEAN AS in_force,
    (detail -> '$.includes')::VARCHAR[] AS includes,
    (detail -> '$.excludes')::VARCHAR[] AS excludes,
    {
      'pull_request': (detail ->> '$.requires_pull_request')::BOOLEAN,
      'approvals': (detail ->> '$.required_approvals')::BIGINT,
      'checks': (detail -> '$.required_checks')::VARCHAR[],
      'dismisses': (detail ->> '$.dismisses_stale_approvals')::BOOLEAN,
      'owners': (detail ->> '$.requires_owner_approval')::BOOLEAN,
      'force_push': (detail ->> '$.allows_force_push')::BOOLEAN,
      'deletion': (detail ->> '$.allows_deletion')::BOOLEAN,
      'binds': NULL::BOOLEAN,
      'bypass': (detail -> '$.bypass_actors')::VARCHAR[]
    } AS asked,
    happened_at AS starts,
    lead(happened_at) OVER (
      PARTITION BY repository, regexp_extract(rule, '^ruleset ([0-9]+)', 1) ORDER BY happened_at, event_id
    ) AS until,
    observed_at,
    record
  FROM rule_events
  WHERE kind = 'version' AND json_valid(detail)
),
-- Which sources of rules each branch has, as far as anything tells.
named_sets AS (
  SELECT DISTINCT repository, 'ruleset ' || unnest(rulesets) AS rule FROM lists
  UNION SELECT repository, rule FROM parts WHERE rule LIKE 'ruleset %'
  UNION SELECT repository, rule FROM sets
  UNION
  SELECT repository, 'ruleset ' || regexp_extract(rule, '^ruleset ([0-9]+)', 1)
  FROM rule_events WHERE regexp_matches(rule, '^ruleset [0-9]+')
),
told AS (
  SELECT
    repository,
    branch,
    {
      'pull_request': requires_pull_request, 'approvals': required_approvals, 'checks': required_checks,
      'dismisses': dismisses_stale_approvals, 'owners': requires_owner_approval, 'force_push': allows_force_push,
      'deletion': allows_deletion, 'binds': binds_administrators, 'bypass': bypass_actors
    } AS asked,
    coalesce(held_from, observed_at) AS starts,
    coalesce(held_until, observed_at + INTERVAL 1 SECOND) AS until,
    observed_at,
    record
  FROM branch_rules
),
branches AS (
  SELECT DISTINCT repository, branch FROM parts
),
repositories_read AS (
  SELECT repository FROM branches UNION SELECT repository FROM told
),
sources AS (
  SELECT DISTINCT repository, branch, 'told' AS rule FROM told
  UNION ALL
  SELECT repository, branch, 'protection' AS rule FROM branches
  UNION ALL
  SELECT branches.repository, branches.branch, named_sets.rule
  FROM branches INNER JOIN named_sets ON named_sets.repository = branches.repository
),
-- (1) What each source asked at a look, or over its own time.
looked AS (
  SELECT repository, branch, rule, 1 AS rank, in_force, asked, starts, until, observed_at, record
  FROM parts WHERE rule = 'protection'
  UNION ALL
  SELECT * FROM (
    SELECT
      lists.repository, lists.branch, parts.rule, 2, parts.in_force, parts.asked, lists.starts, lists.until,
      lists.observed_at, parts.record
    FROM lists
    INNER JOIN parts
      ON parts.repository = lists.repository AND parts.branch = lists.branch AND parts.rule = 'protection'
      AND parts.starts BETWEEN lists.starts - INTERVAL 1 HOUR AND lists.starts + INTERVAL 1 HOUR
    QUALIFY row_number() OVER (
      PARTITION BY lists.repository, lists.branch, lists.starts
      ORDER BY abs(date_diff('second', lists.starts, parts.starts)), parts.record
    ) = 1
  )
  UNION ALL
  SELECT * FROM (
    SELECT
      lists.repository,
      lists.branch,
      sources.rule,
      1,
      list_contains(lists.rulesets, substr(sources.rule, 9)) AS in_force,
      CASE
        WHEN parts.record IS NOT NULL THEN struct_update(parts.asked, bypass := sets.asked.bypass)
        ELSE sets.asked
      END AS asked,
      lists.starts,
      lists.until,
      lists.observed_at,
      coalesce(parts.record, lists.record) AS record
    FROM lists
    INNER JOIN sources
      ON sources.repository = lists.repository AND sources.branch = lists.branch AND sources.rule LIKE 'ruleset %'
    LEFT JOIN parts
      ON parts.repository = lists.repository AND parts.branch = lists.branch AND parts.rule = sources.rule
      AND parts.starts = lists.starts
    LEFT JOIN sets
      ON sets.repository = lists.repository AND sets.rule = sources.rule
      AND sets.starts <= lists.starts + CASE WHEN sets.until = sets.starts + INTERVAL 1 SECOND THEN INTERVAL 1 HOUR ELSE INTERVAL 0 HOUR END
      AND sets.until >= lists.starts
    QUALIFY row_number() OVER (
      PARTITION BY lists.repository, lists.branch, lists.starts, sources.rule ORDER BY sets.observed_at, sets.record
    ) = 1
  )
),
-- Whether a rule set binds a branch: as the lists say that were read while it stood so.
bound AS (
  SELECT
    sets.repository,
    lists.branch,
    sets.rule,
    sets.record,
    bool_or(list_contains(lists.rulesets, substr(sets.rule, 9))) AS is_bound
  FROM sets
  INNER JOIN lists
    ON lists.repository = sets.repository AND lists.starts >= sets.starts
    AND lists.starts < sets.until + INTERVAL 1 HOUR
  GROUP BY sets.repository, lists.branch, sets.rule, sets.record
  HAVING count(DISTINCT list_contains(lists.rulesets, substr(sets.rule, 9))) = 1
),
stood AS (
  SELECT * FROM looked
  UNION ALL
  SELECT repository, branch, 'told', 1, TRUE, asked, starts, until, observed_at, record FROM told
  UNION ALL
  SELECT
    sources.repository, sources.branch, sources.rule, 3, coalesce(bound.is_bound, FALSE), sets.asked, sets.starts, sets.until,
    sets.observed_at, sets.record
  FROM sources
  INNER JOIN sets ON sets.repository = sources.repository AND sets.rule = sources.rule
  LEFT JOIN bound ON bound.record = sets.record AND bound.branch = sources.branch AND bound.rule = sets.rule
  WHERE bound.is_bound IS NOT NULL OR NOT sets.in_force
  UNION ALL
  SELECT DISTINCT
    sources.repository, sources.branch, sources.rule, 4, versions.in_force AND coalesce(bound.is_bound, FALSE),
    versions.asked, versions.starts, versions.until, versions.observed_at, versions.record
  FROM sources
  INNER JOIN versions ON versions.repository = sources.repository AND versions.rule = sources.rule
  LEFT JOIN sets
    ON sets.repository = versions.repository AND sets.rule = versions.rule AND sets.includes = versions.includes
    AND sets.excludes IS NOT DISTINCT FROM versions.excludes
  LEFT JOIN bound ON bound.record = sets.record AND bound.branch = sources.branch AND bound.rule = sets.rule
  WHERE versions.until > versions.starts AND (bound.is_bound OR NOT versions.in_force)
),
-- (2) The log of rule changes: which time it covers, and when what was changed.
told_spans AS (
  SELECT branches.repository, span.covers_from, span.covers_until
  FROM repositories_read AS branches
  INNER JOIN kept.part_coverage AS span
    ON span.population = 'rule_events' AND coalesce(span.part, branches.repository) = branches.repository
  UNION ALL
  SELECT branches.repository, log.covers_from, log.covers_until
  FROM repositories_read AS branches
  INNER JOIN extracts AS log
    ON log.population = 'audit_events' AND NOT log.truncated AND log.covers_from < log.covers_until
    AND coalesce(log.reported_total = log.row_count, TRUE)
    AND regexp_replace(log.recorded_from, '^github:(.*/)?', '') = split_part(branches.repository, '/', 1)
),
starting_spans AS (
  SELECT *, coalesce(covers_from > max(covers_until) OVER (
    PARTITION BY repository ORDER BY covers_from, covers_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ), TRUE) AS starts
  FROM told_spans
),
numbered_spans AS (
  SELECT *, count(*) FILTER (starts) OVER (PARTITION BY repository ORDER BY covers_from, covers_until) AS run
  FROM starting_spans
),
spans AS (
  SELECT repository, run, min(covers_from) AS covers_from, max(covers_until) AS covers_until
  FROM numbered_spans GROUP BY repository, run
),
single_sets AS (
  SELECT repository, min(rule) AS rule FROM named_sets GROUP BY repository HAVING count(*) = 1
),
edits AS (
  SELECT
    rule_events.repository,
    rule_events.branch,
    CASE
      WHEN rule_events.rule = 'protection' OR rule_events.rule LIKE 'protection %' THEN 'protection'
      WHEN regexp_matches(rule_events.rule, '^ruleset [0-9]+')
        THEN 'ruleset ' || regexp_extract(rule_events.rule, '^ruleset ([0-9]+)', 1)
      WHEN rule_events.rule = 'ruleset' OR rule_events.rule LIKE 'ruleset %' THEN coalesce(single_sets.rule, 'ruleset ?')
      ELSE '?'
    END AS rule,
    rule_events.kind,
    rule_events.happened_at,
    rule_events.record
  FROM rule_events
  LEFT JOIN single_sets ON single_sets.repository = rule_events.repository
  WHERE rule_events.kind NOT IN ('overridden', 'version')
  UNION ALL
  SELECT DISTINCT branches.repository, NULL, 'ruleset ?', 'updated', audit_events.happened_at, audit_events.record
  FROM audit_events
  INNER JOIN repositories_read AS branches ON split_part(branches.repository, '/', 1) = audit_events.organization
  WHERE audit_events.repository IS NULL AND audit_events.action LIKE '%ruleset.%'
),
turns AS (
  -- Of all sources that an event may have changed.
  SELECT
    sources.repository,
    sources.branch,
    sources.rule,
    edits.happened_at AS moment,
    max(edits.kind) FILTER (edits.rule = sources.rule) AS kind,
    max(edits.record) AS record
  FROM sources
  INNER JOIN edits
    ON edits.repository = sources.repository AND coalesce(edits.branch, sources.branch) = sources.branch
    AND (edits.rule IN (sources.rule, '?') OR sources.rule = 'told' OR edits.rule = 'ruleset ?' AND sources.rule LIKE 'ruleset %')
  GROUP BY sources.repository, sources.branch, sources.rule, edits.happened_at
),
marks AS (
  SELECT sources.*, spans.run, spans.covers_until, spans.covers_from AS moment, NULL AS kind, NULL AS record
  FROM sources INNER JOIN spans ON spans.repository = sources.repository
  UNION ALL
  SELECT turns.repository, turns.branch, turns.rule, spans.run, spans.covers_until, turns.moment, turns.kind, turns.record
  FROM turns
  INNER JOIN spans
    ON spans.repository = turns.repository AND turns.moment >= spans.covers_from AND turns.moment < spans.covers_until
),
quiet AS (
  SELECT
    repository,
    branch,
    rule,
    moment AS starts,
    coalesce(lead(moment) OVER same, covers_until) AS until,
    kind AS opened_by,
    lead(kind) OVER same AS closed_by,
    coalesce(record, lead(record) OVER same) AS record
  FROM marks
  WINDOW same AS (PARTITION BY repository, branch, rule, run ORDER BY moment, kind NULLS FIRST)
),
agreed AS (
  -- The look's own moment tells to which stretch it belongs: its end, for what stood until it was looked at.
  SELECT
    quiet.repository,
    quiet.branch,
    quiet.rule,
    quiet.starts,
    quiet.until,
    count(stood.record) AS looks,
    count(DISTINCT {'in_force': stood.in_force, 'asked': CASE WHEN stood.in_force THEN stood.asked END}) AS answers,
    arg_max(stood.in_force, (stood.observed_at, -stood.rank, stood.record)) AS in_force,
    arg_max(stood.asked, (stood.observed_at, -stood.rank, stood.record)) AS asked,
    max(stood.observed_at) AS observed_at,
    coalesce(arg_max(stood.record, (stood.observed_at, -stood.rank, stood.record)), min(quiet.record)) AS record,
    bool_or(quiet.opened_by IN ('deleted', 'disabled')) AS ended,
    bool_or(quiet.closed_by IN ('created', 'enabled')) AS unbegun
  FROM quiet
  LEFT JOIN stood
    ON stood.repository = quiet.repository AND stood.branch = quiet.branch AND stood.rule = quiet.rule AND stood.rank <= 3
    AND stood.until - INTERVAL 1 SECOND >= quiet.starts AND stood.until - INTERVAL 1 SECOND < quiet.until
  WHERE quiet.starts < quiet.until
  GROUP BY quiet.repository, quiet.branch, quiet.rule, quiet.starts, quiet.until
),
held AS (
  SELECT repository, branch, rule, rank, in_force, asked, starts, until, observed_at, record FROM stood
  UNION ALL
  SELECT
    repository, branch, rule, 5, CASE WHEN looks > 0 THEN in_force ELSE FALSE END, asked, starts, until,
    coalesce(observed_at, starts), record
  FROM agreed
  WHERE looks > 0 AND answers = 1 OR looks = 0 AND (ended OR unbegun)
),
-- When the list of rule sets is known: at a look, and as far as the log around it reaches.
listed AS (
  SELECT repository, branch, starts, until FROM lists
  UNION
  SELECT DISTINCT lists.repository, lists.branch, spans.covers_from, spans.covers_until
  FROM lists
  INNER JOIN spans
    ON spans.repository = lists.repository AND lists.starts >= spans.covers_from AND lists.starts < spans.covers_until
),
-- (3) Pieces in which nothing changes.
cuts AS (
  SELECT repository, branch, starts AS moment FROM held WHERE rule <> 'told'
  UNION SELECT repository, branch, until FROM held WHERE rule <> 'told'
  UNION SELECT repository, branch, starts FROM listed
  UNION SELECT repository, branch, until FROM listed
),
pieces AS (
  SELECT
    repository,
    branch,
    moment AS piece_from,
    lead(moment) OVER (PARTITION BY repository, branch ORDER BY moment) AS piece_until
  FROM cuts
),
known AS (
  SELECT
    pieces.repository, pieces.branch, pieces.piece_from, pieces.piece_until, held.rule, held.in_force, held.asked,
    held.observed_at, held.record,
    coalesce(
      len(held.asked.bypass) = 0 AND (held.rule <> 'protection' OR held.asked.binds), FALSE
    ) AS is_firm,
    CASE
      WHEN held.rule = 'protection' THEN held.asked.binds
      ELSE len(list_filter(held.asked.bypass, lambda who: who LIKE 'role admin%' OR who LIKE 'organisation owners%')) = 0
    END AS binds
  FROM pieces
  INNER JOIN held
    ON held.repository = pieces.repository AND held.branch = pieces.branch
    AND held.starts <= pieces.piece_from AND held.until > pieces.piece_from AND held.rule <> 'told'
  WHERE pieces.piece_until IS NOT NULL
  QUALIFY row_number() OVER (
    PARTITION BY pieces.repository, pieces.branch, pieces.piece_from, held.rule
    ORDER BY held.rank, held.observed_at DESC, held.record
  ) = 1
),
counted AS (
  SELECT repository, branch, count(*) AS sources FROM sources WHERE rule <> 'told' GROUP BY repository, branch
),
taken AS (
  SELECT
    known.repository,
    known.branch,
    known.piece_from,
    known.piece_until,
    any_value(counted.sources) = count(*)
      AND bool_or(EXISTS (
        SELECT 1 FROM listed
        WHERE listed.repository = known.repository AND listed.branch = known.branch
          AND listed.starts <= known.piece_from AND listed.until > known.piece_from
      ))
      AND coalesce(bool_and(
        known.asked.pull_request IS NOT NULL AND known.asked.approvals IS NOT NULL AND known.asked.checks IS NOT NULL
        AND known.asked.dismisses IS NOT NULL AND known.asked.force_push IS NOT NULL AND known.asked.deletion IS NOT NULL
      ) FILTER (known.in_force), TRUE) AS is_whole,
    count(*) FILTER (known.in_force) AS in_force,
    string_agg(known.rule, ', ' ORDER BY known.rule) FILTER (known.in_force) AS known_by,
    bool_or(known.asked.pull_request) FILTER (known.in_force) AS pull_request,
    bool_or(known.asked.pull_request) FILTER (known.in_force AND known.is_firm) AS firm_pull_request,
    max(known.asked.approvals) FILTER (known.in_force) AS approvals,
    max(known.asked.approvals) FILTER (known.in_force AND known.is_firm) AS firm_approvals,
    list_sort(list_distinct(flatten(list(known.asked.checks) FILTER (known.in_force AND known.asked.checks IS NOT NULL))))
      AS checks,
    list_distinct(flatten(list(known.asked.checks) FILTER (known.in_force AND known.is_firm AND known.asked.checks IS NOT NULL)))
      AS firm_checks,
    bool_or(known.asked.dismisses) FILTER (known.in_force) AS dismisses,
    bool_or(known.asked.dismisses) FILTER (known.in_force AND known.is_firm) AS firm_dismisses,
    bool_or(known.asked.owners) FILTER (known.in_force) AS owners,
    bool_or(known.asked.owners) FILTER (known.in_force AND known.is_firm) AS firm_owners,
    bool_and(known.asked.force_push) FILTER (known.in_force) AS force_push,
    bool_and(known.asked.force_push) FILTER (known.in_force AND known.is_firm) AS firm_force_push,
    bool_and(known.asked.deletion) FILTER (known.in_force) AS deletion,
    bool_and(known.asked.deletion) FILTER (known.in_force AND known.is_firm) AS firm_deletion,
    bool_and(known.binds) FILTER (known.in_force) AS all_bind,
    count(*) FILTER (known.in_force AND known.binds IS NULL) AS binding_unknown,
    count(*) FILTER (known.in_force AND known.asked.bypass IS NULL) AS bypass_unknown,
    list_sort(list_distinct(flatten(list(known.asked.bypass) FILTER (known.in_force AND known.asked.bypass IS NOT NULL))))
      AS bypass,
    max(known.observed_at) AS observed_at,
    arg_max(known.record, (known.in_force, known.observed_at, known.record)) AS record
  FROM known
  INNER JOIN counted ON counted.repository = known.repository AND counted.branch = known.branch
  GROUP BY known.repository, known.branch, known.piece_from, known.piece_until
),
judged AS (
  SELECT
    *,
    -- (4)
    coalesce(
      firm_pull_request IS NOT DISTINCT FROM pull_request AND firm_approvals >= approvals
      AND len(list_filter(checks, lambda own: NOT list_contains(firm_checks, own))) = 0
      AND (firm_dismisses OR NOT dismisses) AND (firm_owners OR NOT coalesce(owners, FALSE))
      AND (NOT firm_force_push OR force_push) AND (NOT firm_deletion OR deletion),
      FALSE
    ) AS is_firm
  FROM taken
  WHERE is_whole OR in_force > 0
),
composed AS (
  SELECT
    repository,
    branch,
    is_whole,
    coalesce(known_by, 'no rule in force') AS known_by,
    CASE WHEN pull_request THEN TRUE WHEN is_whole THEN FALSE END AS requires_pull_request,
    coalesce(approvals, CASE WHEN is_whole THEN 0 END) AS required_approvals,
    coalesce(checks, CASE WHEN is_whole THEN [] END) AS required_checks,
    CASE WHEN dismisses THEN TRUE WHEN is_whole THEN FALSE END AS dismisses_stale_approvals,
    CASE WHEN owners THEN TRUE WHEN is_whole THEN FALSE END AS requires_owner_approval,
    CASE WHEN NOT force_push THEN FALSE WHEN is_whole THEN TRUE END AS allows_force_push,
    CASE WHEN NOT deletion THEN FALSE WHEN is_whole THEN TRUE END AS allows_deletion,
    CASE
      WHEN in_force = 0 THEN NULL
      WHEN is_firm THEN TRUE
      WHEN NOT all_bind THEN FALSE
      WHEN binding_unknown = 0 THEN TRUE
    END AS binds_administrators,
    CASE WHEN in_force = 0 OR is_firm THEN [] WHEN bypass_unknown = 0 THEN coalesce(bypass, []) END AS bypass_actors,
    piece_from AS held_from,
    piece_until AS held_until,
    observed_at,
    record
  FROM judged
),
-- Neighbours that tell the same are one stretch; it cites the newest look of them.
neighbours AS (
  SELECT
    *,
    hash(
      is_whole, known_by, requires_pull_request, required_approvals, required_checks, dismisses_stale_approvals,
      requires_owner_approval, allows_force_push, allows_deletion, binds_administrators, bypass_actors
    ) AS content
  FROM composed
),
turned AS (
  SELECT
    *,
    coalesce(
      lag(content) OVER own <> content OR lag(held_until) OVER own <> held_from, TRUE
    ) AS turns
  FROM neighbours
  WINDOW own AS (PARTITION BY repository, branch ORDER BY held_from)
),
runs AS (
  SELECT *, count(*) FILTER (turns) OVER (PARTITION BY repository, branch ORDER BY held_from) AS run FROM turned
),
joined AS (
  SELECT
    repository,
    branch,
    is_whole,
    known_by,
    requires_pull_request,
    required_approvals,
    required_checks,
    dismisses_stale_approvals,
    requires_owner_approval,
    allows_force_push,
    allows_deletion,
    binds_administrators,
    bypass_actors,
    min(held_from) AS held_from,
    max(held_until) AS held_until,
    max(observed_at) AS observed_at,
    arg_max(record, (observed_at, record)) AS record
  FROM runs
  GROUP BY
    repository, branch, run, is_whole, known_by, requires_pull_request, required_approvals, required_checks,
    dismisses_stale_approvals, requires_owner_approval, allows_force_push, allows_deletion, binds_administrators,
    bypass_actors
),
united AS (
  SELECT * FROM joined
  UNION ALL
  SELECT
    repository, branch, TRUE, 'told', asked.pull_request, asked.approvals, asked.checks, asked.dismisses, asked.owners,
    asked.force_push, asked.deletion, asked.binds, asked.bypass, starts, until, observed_at, record
  FROM held
  WHERE rule = 'told' AND in_force AND NOT EXISTS (
    SELECT 1 FROM held AS wider
    WHERE wider.rule = 'told' AND wider.rank = 5 AND held.rank < 5 AND wider.repository = held.repository
      AND wider.branch = held.branch AND wider.starts <= held.starts AND wider.until >= held.until
  )
)
SELECT
  concat_ws(' | ', repository, branch, strftime(held_from, '%Y-%m-%dT%H:%M:%SZ'), known_by, left(record, 12)) AS stretch,
  repository,
  branch,
  is_whole,
  known_by,
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
FROM united
