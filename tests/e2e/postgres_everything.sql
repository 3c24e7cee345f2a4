CREATE ROLE everything_owner NOLOGIN;
CREATE ROLE "Röle ""x"" -y" LOGIN PASSWORD 'secret' CONNECTION LIMIT 3 VALID UNTIL '2099-01-01';
CREATE ROLE everything_reader;
GRANT everything_owner TO "Röle ""x"" -y" WITH ADMIN OPTION;
GRANT everything_reader TO everything_owner;
ALTER ROLE everything_reader SET statement_timeout = '1min';
COMMENT ON ROLE everything_reader IS 'reads';

CREATE SCHEMA app AUTHORIZATION everything_owner;
CREATE SCHEMA "Ŝ ""odd"" name";
CREATE EXTENSION hstore;
CREATE EXTENSION citext SCHEMA app;
CREATE EXTENSION pg_trgm;
CREATE COLLATION app.natural (provider = icu, locale = 'und-u-kn-true');
CREATE TYPE app.mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE TYPE app.pair AS (a int, b text);
CREATE TYPE app.span AS RANGE (subtype = float8);
CREATE DOMAIN app.email AS app.citext CHECK (VALUE ~ '@') DEFAULT 'a@b';

CREATE TABLE app.users (
  id bigint GENERATED ALWAYS AS IDENTITY (START 100) PRIMARY KEY,
  email app.email UNIQUE NOT NULL,
  name text COLLATE app.natural,
  mood app.mood DEFAULT 'happy',
  tags hstore,
  full_name text GENERATED ALWAYS AS (upper(name)) STORED,
  spans app.span[],
  pair app.pair,
  raw bytea,
  doc jsonb,
  CONSTRAINT named CHECK (length(name) > 0)
);
ALTER TABLE app.users OWNER TO everything_owner;
COMMENT ON COLUMN app.users.email IS E'a comment\nwith; a ''quote''';
INSERT INTO app.users (email, name, tags, spans, pair, raw, doc)
  SELECT 'u' || g || '@x', 'n' || g, hstore('k', g::text), ARRAY[app.span(g, g + 1)], ROW(g, E'\t\\N\n'::text)::app.pair, decode(md5(g::text), 'hex'),
    jsonb_build_object('g', g, 'ü', E'\u20ac') FROM generate_series(1, 500) g;
CREATE INDEX users_trgm ON app.users USING gin (name gin_trgm_ops) WHERE mood = 'happy';
CREATE STATISTICS app.users_stats (dependencies) ON name, mood FROM app.users;

CREATE TABLE app.events (id int, at timestamptz NOT NULL, user_id bigint REFERENCES app.users, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE app.events_2025 PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (id);
CREATE TABLE app.events_2026_0 PARTITION OF app.events_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.events_2026_1 PARTITION OF app.events_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX ON app.events (user_id);
INSERT INTO app.events SELECT g, '2025-06-01'::timestamptz + g * interval '1 day', 100 + g FROM generate_series(1, 400) g;

CREATE TABLE "Ŝ ""odd"" name"."t ""x""; --" ("c ;" int PRIMARY KEY, t text);
INSERT INTO "Ŝ ""odd"" name"."t ""x""; --" VALUES (1, NULL), (2, ''), (3, E'\\.');
CREATE TABLE app.parent (a int);
CREATE TABLE app.child (b int) INHERITS (app.parent);
INSERT INTO app.child VALUES (1, 2);
INSERT INTO app.parent VALUES (3);
CREATE UNLOGGED TABLE app.cache (k text PRIMARY KEY);
INSERT INTO app.cache VALUES ('x');
CREATE TABLE app.unchecked (a int);
INSERT INTO app.unchecked VALUES (-1);
ALTER TABLE app.unchecked ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;
CREATE TABLE app.rooms (room int, during tsrange, EXCLUDE USING gist (during WITH &&));

CREATE SEQUENCE app.counter INCREMENT 5 START 7;
SELECT nextval('app.counter'), nextval('app.counter');

CREATE VIEW app.happy WITH (security_barrier) AS SELECT id, email FROM app.users WHERE mood = 'happy';
CREATE MATERIALIZED VIEW app.counts AS SELECT mood, count(*) FROM app.users GROUP BY mood;
CREATE UNIQUE INDEX ON app.counts (mood);
CREATE MATERIALIZED VIEW app.empty AS SELECT 1 AS one WITH NO DATA;

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  -- $$ ; COMMENT ON DATABASE x IS 'no';
  NEW.name := NEW.name || '';
  RETURN NEW;
END $body$;
CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION app.touch();
ALTER TABLE app.users DISABLE TRIGGER touch;
CREATE PROCEDURE app.nothing(INOUT x int DEFAULT 1) LANGUAGE sql BEGIN ATOMIC SELECT x + 1; END;
CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE RULE no_delete AS ON DELETE TO app.unchecked DO INSTEAD NOTHING;

ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.users FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON app.users FOR SELECT TO everything_reader USING (email = current_user::text);
GRANT SELECT (id, email), UPDATE (name) ON app.users TO everything_reader;
GRANT USAGE ON SCHEMA app TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE everything_owner IN SCHEMA app GRANT SELECT ON TABLES TO everything_reader;
REVOKE EXECUTE ON FUNCTION app.touch() FROM PUBLIC;

CREATE PUBLICATION changes FOR TABLE app.users (id, email) WHERE (id > 5);
CREATE PUBLICATION all_odd FOR TABLES IN SCHEMA "Ŝ ""odd"" name" WITH (publish = 'insert');
CREATE TEXT SEARCH CONFIGURATION app.plain (COPY = simple);
CREATE FOREIGN DATA WRAPPER dummy;
CREATE SERVER far FOREIGN DATA WRAPPER dummy OPTIONS (host 'x');
CREATE USER MAPPING FOR everything_reader SERVER far OPTIONS (password 'far-secret');

SELECT lo_from_bytea(7001, 'one');
SELECT lo_from_bytea(7002, decode(repeat('00ff', 5000), 'hex'));
ALTER LARGE OBJECT 7002 OWNER TO everything_owner;
GRANT SELECT ON LARGE OBJECT 7001 TO everything_reader;
COMMENT ON LARGE OBJECT 7001 IS 'one';
