-- What SQL files of derived tables may ask besides tables and DuckDB's own functions.
-- kept.coverage, kept.part_coverage and kept.identities are made from extracts and people before any derived table.

-- covered('reviews', landed_at): whether extracts of that recorded table, cut off by no limit, hold every occurrence at
-- that moment: one of the whole, or one of each part that is listed (each repository). FALSE where none says so, and for
-- a moment that is NULL. Use it to tell "there is none" (covered) from "could not see" (not covered: NULL). Where the row
-- knows its repository or system, ask covered_for.
CREATE OR REPLACE MACRO covered(recorded_table, moment) AS EXISTS (
  SELECT 1 FROM kept.coverage AS span
  WHERE span.population = recorded_table AND span.covers_from <= moment AND moment < span.covers_until
);

-- covered_between('reviews', landed_at, landed_at + INTERVAL 7 DAY): whether extracts hold every occurrence from the
-- first moment through the second, without a hole between.
CREATE OR REPLACE MACRO covered_between(recorded_table, first_moment, last_moment) AS EXISTS (
  SELECT 1 FROM kept.coverage AS span
  WHERE span.population = recorded_table AND span.covers_from <= first_moment AND last_moment < span.covers_until
);

-- covered_until('reviews', landed_at): until when extracts hold every occurrence without a hole from that moment on, the
-- end left out. NULL where none covers the moment itself.
CREATE OR REPLACE MACRO covered_until(recorded_table, moment) AS (
  SELECT max(span.covers_until) FROM kept.coverage AS span
  WHERE span.population = recorded_table AND span.covers_from <= moment AND moment < span.covers_until
);

-- covered_from('reviews', landed_at): since when extracts hold every occurrence without a hole until that moment. NULL
-- where none covers the moment itself.
CREATE OR REPLACE MACRO covered_from(recorded_table, moment) AS (
  SELECT min(span.covers_from) FROM kept.coverage AS span
  WHERE span.population = recorded_table AND span.covers_from <= moment AND moment < span.covers_until
);

-- covered_for('reviews', repository, landed_at): the same for one part: whether an extract of it, or one of the whole, holds
-- every occurrence in it at that moment. Of a part that is NULL only an extract of the whole does.
CREATE OR REPLACE MACRO covered_for(recorded_table, wanted_part, moment) AS (EXISTS (
  SELECT 1 FROM kept.part_coverage AS span
  WHERE span.population = recorded_table AND span.part = wanted_part
    AND span.covers_from <= moment AND moment < span.covers_until
) OR EXISTS (
  SELECT 1 FROM kept.part_coverage AS span
  WHERE span.population = recorded_table AND span.part IS NULL
    AND span.covers_from <= moment AND moment < span.covers_until
));

-- covered_until_for('deployments', repository, landed_at): the same for one part: until when, without a hole.
CREATE OR REPLACE MACRO covered_until_for(recorded_table, wanted_part, moment) AS greatest((
  SELECT max(span.covers_until) FROM kept.part_coverage AS span
  WHERE span.population = recorded_table AND span.part = wanted_part
    AND span.covers_from <= moment AND moment < span.covers_until
), (
  SELECT max(span.covers_until) FROM kept.part_coverage AS span
  WHERE span.population = recorded_table AND span.part IS NULL
    AND span.covers_from <= moment AND moment < span.covers_until
));

-- account_of('Ana <ANA@Example.com>') = 'ana@example.com': an account's name in the one form in which two are
-- compared: the address where angle brackets hold one, lower case, without @ in front; of a forge's no-reply address
-- (12+ana@users.noreply.github.com) the login.
CREATE OR REPLACE MACRO account_of(identity) AS regexp_replace(
  ltrim(lower(trim(coalesce(nullif(regexp_extract(identity, '<([^<>]+)>\s*$', 1), ''), identity))), '@'),
  '^(?:[0-9]+\+)?([^@+]+)@users\.noreply\.github\.com$', '\1'
);

-- person_of('ana-gh') = 'ana': the id of the person who has that login or address, by people.person or
-- people.identities, in any letter case. NULL when nobody has it, or two have: then nobody can tell.
CREATE OR REPLACE MACRO person_of(identity) AS (
  SELECT CASE WHEN count(DISTINCT known.person) = 1 THEN min(known.person) END
  FROM kept.identities AS known WHERE known.account = account_of(identity)
);

-- business_days(landed_at, reviewed_at): days from Monday to Friday, UTC, after the first moment's day up to and with
-- the second's: Friday to Monday is 1, the same day 0. Holidays are not known. (0001-01-01 was a Monday.)
CREATE OR REPLACE MACRO weekdays_through(moment) AS
  5 * ((date_diff('day', DATE '0001-01-01', moment::DATE) + 1) // 7)
  + least((date_diff('day', DATE '0001-01-01', moment::DATE) + 1) % 7, 5);
CREATE OR REPLACE MACRO business_days(first_moment, last_moment) AS
  weekdays_through(last_moment) - weekdays_through(first_moment);
