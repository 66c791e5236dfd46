-- Keys of numbers (db/models/private.py): the same for the same number, made with a secret that never leaves the
-- server, so that whoever reads keys cannot try all the numbers there are at home.
CREATE TABLE IF NOT EXISTS hotline.secret (value bytea NOT NULL);
INSERT INTO hotline.secret
SELECT sha256(convert_to(string_agg(gen_random_uuid()::text, ''), 'UTF8')) FROM generate_series(1, 4)
HAVING NOT EXISTS (SELECT FROM hotline.secret);

CREATE OR REPLACE FUNCTION hotline.make_key(value text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    its_secret bytea;
BEGIN
    IF coalesce($1, '') = '' THEN
        RETURN '';
    END IF;
    SELECT s.value INTO its_secret FROM hotline.secret s;
    RETURN left(encode(sha256(its_secret || sha256(its_secret || convert_to($1, 'UTF8'))), 'hex'), 32);
END
$$;

-- Transactions that import (78_known_people.sql): they write numbers without turns and without keys, which are made when
-- all of it is saved. Until then there is nothing to be read back.
CREATE TABLE IF NOT EXISTS hotline.import_mode (
    txid bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    ask bigint,
    begun timestamptz NOT NULL DEFAULT clock_timestamp(),
    batch bigint,
    filling boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS hotline.without_key (
    txid bigint NOT NULL,
    kind text NOT NULL,
    id bigint NOT NULL,
    CONSTRAINT pk_without_key PRIMARY KEY (txid, kind, id)
);

-- The key of what is written now over what stood there before; `later` where all of it is saved first.
CREATE OR REPLACE FUNCTION hotline.next_key(now text, before text, later boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF later OR coalesce(now, '') = '' THEN
        RETURN '';
    END IF;
    -- Who writes numbers and reads their keys back tries numbers, whatever becomes of the rows. The trigger's own depth.
    IF pg_trigger_depth() = 1 AND now IS DISTINCT FROM before THEN
        PERFORM hotline.pace();
    END IF;
    RETURN hotline.make_key(now);
END
$$;
-- No client makes a key itself.
CREATE OR REPLACE FUNCTION hotline.keep_keys() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- Nothing: no import. False: its keys come later. True: they are being made.
    filling boolean;
    later boolean := false;
BEGIN
    IF TG_TABLE_NAME IN ('appellant', 'person', 'enterprise') THEN
        SELECT m.filling INTO filling FROM hotline.import_mode m WHERE m.txid = txid_current_if_assigned();
        IF filling THEN
            RETURN NEW;
        END IF;
        later := filling IS NOT NULL;
        IF later THEN
            INSERT INTO hotline.without_key VALUES (txid_current(), TG_TABLE_NAME, NEW.id) ON CONFLICT DO NOTHING;
        END IF;
    END IF;
    IF TG_TABLE_NAME = 'call' THEN
        NEW.caller_key := hotline.next_key(NEW.caller_no, OLD.caller_no, later);
        RETURN NEW;
    END IF;
    NEW.phone_key := hotline.next_key(NEW.phone, OLD.phone, later);
    IF TG_TABLE_NAME = 'person' THEN
        NEW.id_key := hotline.next_key(NEW.id_number, OLD.id_number, later);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER keep_keys BEFORE INSERT OR UPDATE OF phone, phone_key ON appellant
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_keys();
CREATE OR REPLACE TRIGGER keep_keys BEFORE INSERT OR UPDATE OF phone, phone_key, id_number, id_key ON person
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_keys();
CREATE OR REPLACE TRIGGER keep_keys BEFORE INSERT OR UPDATE OF caller_no, caller_key ON call
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_keys();
CREATE OR REPLACE TRIGGER keep_keys BEFORE INSERT OR UPDATE OF phone, phone_key ON blocked_number
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_keys();
CREATE OR REPLACE TRIGGER keep_keys BEFORE INSERT OR UPDATE OF phone, phone_key ON enterprise
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_keys();

-- Rows from before the guard, or of a restored backup with another secret. Only what differs is written.
DO $$
BEGIN
    UPDATE appellant SET phone_key = '' WHERE phone_key <> hotline.make_key(phone);
    UPDATE person SET phone_key = '' WHERE phone_key <> hotline.make_key(phone) OR id_key <> hotline.make_key(id_number);
    UPDATE call SET caller_key = '' WHERE caller_key <> hotline.make_key(caller_no);
    UPDATE blocked_number SET phone_key = '' WHERE phone_key <> hotline.make_key(phone);
    UPDATE enterprise SET phone_key = '' WHERE phone_key <> hotline.make_key(phone);
END
$$;

-- How fast one login may look citizens up: one turn in three seconds in the long run, three hundred in one go. What is
-- counted in a table is gone when the asker rolls back; a sequence never goes back, so its value is the moment until
-- which this login has used up its turns (in milliseconds; the generic cell rate algorithm).
CREATE OR REPLACE FUNCTION hotline.make_pace() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS hotline.%I', 'pace_' || NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER make_pace AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION hotline.make_pace();
DO $$
DECLARE
    one bigint;
BEGIN
    FOR one IN SELECT id FROM account LOOP
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS hotline.%I', 'pace_' || one);
    END LOOP;
END
$$;

DROP FUNCTION IF EXISTS hotline.pace();
CREATE OR REPLACE FUNCTION hotline.pace(turns integer DEFAULT 1) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    its text;
    used bigint;
    before bigint;
    this_moment bigint;
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN;
    END IF;
    IF hotline.my_id() IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    its := format('hotline.%I', 'pace_' || hotline.my_id());
    -- Several sessions of one login must not read the same moment. Let go at once: a transaction may last.
    PERFORM pg_advisory_lock(1234514, hotline.my_id()::integer);
    this_moment := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
    EXECUTE 'SELECT last_value FROM ' || its INTO before;
    used := greatest(before, this_moment) + 3000 * greatest(turns, 1);
    IF used - this_moment <= 900000 THEN
        PERFORM setval(its, used);
    END IF;
    PERFORM pg_advisory_unlock(1234514, hotline.my_id()::integer);
    -- The server's own log keeps it whatever becomes of this transaction.
    IF used - this_moment > 900000 THEN
        RAISE LOG 'hotline: % looks citizens up too fast', session_user;
        RAISE EXCEPTION 'too many lookups' USING ERRCODE = 'HL005';
    ELSIF used - this_moment > 450000 AND before - this_moment <= 450000 THEN
        RAISE LOG 'hotline: % has made 150 lookups almost at once', session_user;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION hotline.key_of(value text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM hotline.pace();
    RETURN hotline.make_key(value);
END
$$;
