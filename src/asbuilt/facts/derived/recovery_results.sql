-- objectives_met: it worked, within the time and with the loss that are allowed; a part that nobody measured leaves it
-- open. full_recovery_is_listed: tests were listed without a break through the 365 days before.
SELECT
  recovery_tests.test,
  recovery_tests.kind,
  recovery_tests.held_at,
  recovery_tests.integrity_checked,
  recovery_tests.succeeded
    AND recovery_tests.recovery_minutes <= recovery_tests.recovery_objective_minutes
    AND recovery_tests.lost_minutes <= recovery_tests.loss_objective_minutes AS objectives_met,
  recovery_tests.action,
  date_diff('day', whole.held_at, recovery_tests.held_at) AS days_since_full_recovery,
  covered_between(
    'recovery_tests', recovery_tests.held_at - INTERVAL 365 DAY, recovery_tests.held_at
  ) AS full_recovery_is_listed,
  recovery_tests.record
FROM recovery_tests
LEFT JOIN (SELECT DISTINCT held_at FROM recovery_tests WHERE kind = 'full-recovery') AS whole
  ON whole.held_at = (
    SELECT max(earlier.held_at)
    FROM recovery_tests AS earlier
    WHERE earlier.kind = 'full-recovery' AND earlier.held_at <= recovery_tests.held_at
  )
