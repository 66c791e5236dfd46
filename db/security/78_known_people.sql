-- Registers imported with an operator's own login: what of a file is known, and what of it differs, without anybody
-- reading a private column; and how numbers are written by the thousand although a turn is not taken for each.
--
-- An answer is two steps, as a reveal is (70_contacts.sql): the file is asked about, and the asking stands in the audit
-- with how many it named; only then, in another transaction, is it told. Whoever imports a list of numbers to learn who
-- lives where leaves a line for it, learns nothing of what lies outside his branch but that it is registered, gets no row
-- for a number whose name he does not know, and may ask about one row a dozen times a day.
CREATE TABLE IF NOT EXISTS hotline.import_ask (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL,
    register text NOT NULL,
    txid bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    asked integer NOT NULL DEFAULT 0,
    strange integer NOT NULL DEFAULT 0,
    line bigint
);
CREATE INDEX IF NOT EXISTS ix_import_ask_account ON hotline.import_ask (account_id, at);
-- Which identity numbers were asked about, by their keys: what is imported is what was asked about.
CREATE TABLE IF NOT EXISTS hotline.import_asked (
    ask bigint NOT NULL REFERENCES hotline.import_ask ON DELETE CASCADE,
    number_key bigint NOT NULL,
    CONSTRAINT pk_import_asked PRIMARY KEY (ask, number_key)
);
CREATE TABLE IF NOT EXISTS hotline.import_answer (
    ask bigint NOT NULL REFERENCES hotline.import_ask ON DELETE CASCADE,
    row_id bigint NOT NULL,
    place integer NOT NULL,
    state text NOT NULL,
    version integer,
    differs text[] NOT NULL,
    CONSTRAINT pk_import_answer PRIMARY KEY (ask, row_id)
);
CREATE INDEX IF NOT EXISTS ix_import_answer_row ON hotline.import_answer (row_id);

CREATE OR REPLACE FUNCTION hotline.short_key(the_key text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || left(the_key, 16))::bit(64)::bigint $$;

-- --- asking

CREATE OR REPLACE FUNCTION hotline.ask_known(the_register text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF hotline.my_id() IS NULL OR hotline.my_role() NOT IN ('supervisor', 'street_desk', 'grid_leader')
       OR the_register NOT IN ('person', 'household', 'house', 'building', 'enterprise') THEN
        PERFORM hotline.refuse_reveal('HL003');
    END IF;
    -- Two sessions of one login must not both take what is left of the hour.
    PERFORM pg_advisory_xact_lock(1234517, hotline.my_id()::integer);
    DELETE FROM hotline.import_ask WHERE account_id = hotline.my_id() AND at < clock_timestamp() - interval '1 day';
    INSERT INTO hotline.import_ask (account_id, register, txid)
    VALUES (hotline.my_id(), the_register, txid_current()) RETURNING id INTO made;
    RETURN made;
END
$$;

-- A piece of the file. Each row: `at` its place, `key` the number it is known by or `id` the row, `values` its private
-- columns as the file has them.
CREATE OR REPLACE FUNCTION hotline.compare_known(the_ask bigint, the_rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    its text;
    known text[];
BEGIN
    -- How many rows a statement has touched everybody may read of his own transaction (pg_stat_xact_user_tables), and then
    -- roll it back: a piece takes a turn and its rows come off the bulk, which no rollback gives back, and the log keeps it.
    PERFORM hotline.pace();
    PERFORM hotline.take_bulk(jsonb_array_length(the_rows));
    RAISE LOG 'hotline: % compares % rows of a file with the register', session_user, jsonb_array_length(the_rows);
    UPDATE hotline.import_ask SET asked = asked + jsonb_array_length(the_rows)
     WHERE id = the_ask AND account_id = hotline.my_id() AND txid = txid_current() AND line IS NULL
    RETURNING register INTO its;
    IF its IS NULL OR jsonb_array_length(the_rows) > 10000 THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    IF its = 'person' THEN
        INSERT INTO hotline.import_asked
        SELECT the_ask, hotline.short_key(encode(sha256(s.value || sha256(s.value || convert_to(r ->> 'key', 'UTF8'))), 'hex'))
          FROM hotline.secret s, jsonb_array_elements(the_rows) r ON CONFLICT DO NOTHING;
    END IF;
    known := ARRAY(SELECT split_part(c, '.', 2) FROM unnest(string_to_array(:private_columns, ',')) c
                    WHERE split_part(c, '.', 1) = its);
    EXECUTE format($q$
        INSERT INTO hotline.import_answer (ask, row_id, place, state, version, differs)
        SELECT $1, t.id, r.at, CASE WHEN NOT (%1$s) THEN 'elsewhere' WHEN often.so THEN 'often' WHEN %2$s THEN 'other'
                                    ELSE 'here' END, t.version,
               ARRAY(SELECT v.key FROM jsonb_each(r.values) v
                      WHERE v.key = ANY ($3) AND CASE jsonb_typeof(v.value)
                            WHEN 'object' THEN NOT coalesce(now.row -> v.key, '{}') @> v.value
                            ELSE coalesce(now.row ->> v.key, '') <> coalesce(r.values ->> v.key, '') END)
          FROM jsonb_to_recordset($2) AS r (at integer, key text, id bigint, values jsonb)
          JOIN public.%3$I t ON %4$s
         CROSS JOIN LATERAL (SELECT to_jsonb(t) AS row OFFSET 0) now
         CROSS JOIN LATERAL (SELECT count(*) >= 12 AS so FROM hotline.import_answer a JOIN hotline.import_ask k ON k.id = a.ask
                              WHERE a.row_id = t.id AND a.state <> 'elsewhere' AND k.register = %3$L
                                AND k.account_id = hotline.my_id()) often
        ON CONFLICT DO NOTHING $q$,
        CASE WHEN hotline.keeps_city() THEN 'true' ELSE 't.grid_id IN (SELECT hotline.kept_grids())' END,
        CASE WHEN its = 'person' THEN $n$ coalesce(r.values ->> 'name', '') <> t.name
                                          AND coalesce(r.values ->> 'former_name', '') <> t.name $n$ ELSE 'false' END,
        its,
        CASE its WHEN 'person' THEN 't.id_number = r.key' WHEN 'household' THEN 't.number = r.key' ELSE 't.id = r.id' END)
    USING the_ask, the_rows, known;
END
$$;

-- The line in the audit, and whether it was too much for an hour: a roster of one's own branch names few people who are
-- registered elsewhere or under another name, a list of people one wants to know about names many.
CREATE OR REPLACE FUNCTION hotline.close_known(the_ask bigint, the_file text, station text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine hotline.import_ask;
    there integer;
    odd integer;
    rows_of_hour bigint;
    odd_of_hour bigint;
BEGIN
    SELECT * INTO mine FROM hotline.import_ask
     WHERE id = the_ask AND account_id = hotline.my_id() AND txid = txid_current() AND line IS NULL;
    IF mine.id IS NULL THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    SELECT count(*), count(*) FILTER (WHERE state <> 'here') INTO there, odd FROM hotline.import_answer WHERE ask = the_ask;
    SELECT coalesce(sum(asked), 0), coalesce(sum(strange), 0) + odd INTO rows_of_hour, odd_of_hour FROM hotline.import_ask
     WHERE account_id = hotline.my_id() AND at > clock_timestamp() - interval '1 hour';
    IF rows_of_hour > 400000 OR odd_of_hour > 300 + rows_of_hour / 20 THEN
        RAISE LOG 'hotline: % compares too many people with the register: % rows, % of them registered elsewhere or under another name',
            session_user, rows_of_hour, odd_of_hour;
        RAISE EXCEPTION 'too many people compared' USING ERRCODE = 'HL006';
    END IF;
    UPDATE hotline.import_ask SET strange = odd, line = hotline.add_line(
        'import_check', 'import_' || mine.register, the_ask::text, '导入前比对', '', station,
        jsonb_build_object('file', left(the_file, 64), 'rows', mine.asked, 'known', there, 'strange', odd))
     WHERE id = the_ask RETURNING line INTO mine.line;
    RETURN mine.line;
END
$$;

-- --- telling, once the asking is committed

CREATE OR REPLACE FUNCTION hotline.tell_known(the_ask bigint)
RETURNS TABLE (place integer, state text, row_id bigint, version integer, differs text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM hotline.import_ask k WHERE k.id = the_ask AND k.account_id = hotline.my_id()
                   AND k.line IS NOT NULL AND k.at > clock_timestamp() - interval '10 minutes'
                   AND k.txid IS DISTINCT FROM txid_current_if_assigned()) THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    RETURN QUERY SELECT a.place, a.state, CASE a.state WHEN 'here' THEN a.row_id END,
                        CASE a.state WHEN 'here' THEN a.version END,
                        CASE a.state WHEN 'here' THEN a.differs ELSE '{}' END
                   FROM hotline.import_answer a WHERE a.ask = the_ask;
END
$$;

-- --- writing

-- From now on this transaction imports: the numbers it writes take no turns, for their keys are made when all of it is
-- saved and they stand there for good, in the importer's name and with his line in the audit.
CREATE OR REPLACE FUNCTION hotline.begin_import(the_ask bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.my_id() IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    IF the_ask IS NOT NULL AND NOT EXISTS (
        SELECT FROM hotline.import_ask k WHERE k.id = the_ask AND k.account_id = hotline.my_id() AND k.line IS NOT NULL
           AND k.txid <> txid_current() AND k.at > clock_timestamp() - interval '12 hours') THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    DELETE FROM hotline.import_mode WHERE account_id = hotline.my_id() AND begun < clock_timestamp() - interval '1 day';
    INSERT INTO hotline.import_mode (txid, account_id, ask) VALUES (txid_current(), hotline.my_id(), the_ask);
END
$$;
CREATE OR REPLACE FUNCTION hotline.end_import(the_batch bigint, station text, more jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    what text;
BEGIN
    SELECT b.kind INTO what FROM import_batch b WHERE b.id = the_batch AND b.account_id = hotline.my_id()
       AND NOT EXISTS (SELECT FROM hotline.import_mode m WHERE m.batch = the_batch);
    UPDATE hotline.import_mode SET batch = the_batch WHERE txid = txid_current() AND batch IS NULL AND what IS NOT NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such import' USING ERRCODE = '42501';
    END IF;
    RETURN hotline.add_line('import', 'import_' || what, the_batch::text, '导入登记', '', station, more);
END
$$;
-- At the commit itself and at no word that would run this earlier and leave time to look: who imported, and the keys.
CREATE OR REPLACE FUNCTION hotline.finish_import() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    secret bytea := (SELECT value FROM hotline.secret);
BEGIN
    IF lower(btrim(current_query(), E' ;\n\t')) <> 'commit' THEN
        RAISE LOG 'hotline: % wants to look at an import before it is saved', session_user;
        RAISE EXCEPTION 'an import is finished by COMMIT' USING ERRCODE = '42501';
    END IF;
    UPDATE hotline.import_mode SET filling = true WHERE txid = NEW.txid AND batch IS NOT NULL;
    IF NOT FOUND THEN
        RAISE LOG 'hotline: % imports without saying so', session_user;
        RAISE EXCEPTION 'an import ends with its line in the audit' USING ERRCODE = '42501';
    END IF;
    -- As hotline.make_key, for all of them at once.
    UPDATE person t SET phone_key = CASE WHEN t.phone = '' THEN '' ELSE
               left(encode(sha256(secret || sha256(secret || convert_to(t.phone, 'UTF8'))), 'hex'), 32) END,
           id_key = left(encode(sha256(secret || sha256(secret || convert_to(t.id_number, 'UTF8'))), 'hex'), 32)
      FROM hotline.without_key w WHERE w.txid = NEW.txid AND w.kind = 'person' AND t.id = w.id;
    UPDATE enterprise t SET phone_key = hotline.make_key(t.phone)
      FROM hotline.without_key w WHERE w.txid = NEW.txid AND w.kind = 'enterprise' AND t.id = w.id;
    UPDATE appellant t SET phone_key = hotline.make_key(t.phone)
      FROM hotline.without_key w WHERE w.txid = NEW.txid AND w.kind = 'appellant' AND t.id = w.id;
    DELETE FROM hotline.without_key WHERE txid = NEW.txid;
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS require_batch ON hotline.import_mode;
DROP TRIGGER IF EXISTS finish_import ON hotline.import_mode;
CREATE CONSTRAINT TRIGGER finish_import AFTER INSERT ON hotline.import_mode
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.finish_import();

-- A number that was not asked about is not imported: the unique key would say whether it is registered, and a rollback
-- would take the trace away.
CREATE OR REPLACE FUNCTION hotline.asked_first() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM hotline.import_mode m WHERE m.txid = txid_current_if_assigned())
       AND (TG_OP = 'INSERT' OR NEW.id_number <> OLD.id_number) AND NOT EXISTS (
        SELECT FROM hotline.import_mode m JOIN hotline.import_asked a ON a.ask = m.ask
         WHERE m.txid = txid_current() AND a.number_key = hotline.short_key(hotline.make_key(NEW.id_number))) THEN
        RAISE LOG 'hotline: % imports a number that was not asked about', session_user;
        RAISE EXCEPTION 'this number was not asked about' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER asked_first BEFORE INSERT OR UPDATE OF id_number ON person
    FOR EACH ROW EXECUTE FUNCTION hotline.asked_first();

-- A caller is imported with a work order of his own, registered in the same transaction: ten thousand numbers to be tried
-- are ten thousand work orders in everybody's pool, not a draft that nobody sees.
CREATE OR REPLACE FUNCTION hotline.one_caller() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM hotline.import_mode m WHERE m.txid = txid_current_if_assigned() AND NOT m.filling) AND (
        TG_OP = 'UPDATE'
        OR NOT EXISTS (SELECT FROM ticket t JOIN ticket_event e ON e.ticket_id = t.id AND e.txid = txid_current()
                        WHERE t.id = NEW.ticket_id AND t.creator_id = hotline.my_id() AND t.state <> 'draft'
                          AND e.move IN ('register', 'receive', 'carry_over'))
        OR EXISTS (SELECT FROM appellant a WHERE a.ticket_id = NEW.ticket_id)) THEN
        RAISE LOG 'hotline: % imports callers without work orders', session_user;
        RAISE EXCEPTION 'one caller a work order' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER one_caller BEFORE INSERT OR UPDATE OF phone, phone_key ON appellant
    FOR EACH ROW EXECUTE FUNCTION hotline.one_caller();

-- How many numbers one login may compare and import: 600,000 in one go, 180,000 an hour in the long run; of callers, who
-- are a work order each, 10,000 and 3,000. Kept in a sequence, as the
-- pace is (25_keys.sql), for a sequence never goes back.
CREATE OR REPLACE FUNCTION hotline.make_bulk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS hotline.%I', 'bulk_' || NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER make_bulk AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION hotline.make_bulk();
DO $$
DECLARE
    one bigint;
BEGIN
    FOR one IN SELECT id FROM account LOOP
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS hotline.%I', 'bulk_' || one);
    END LOOP;
END
$$;
CREATE OR REPLACE FUNCTION hotline.take_bulk(numbers bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    its text := format('hotline.%I', 'bulk_' || hotline.my_id());
    used bigint;
    this_moment bigint;
BEGIN
    PERFORM pg_advisory_lock(1234518, hotline.my_id()::integer);
    this_moment := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
    EXECUTE 'SELECT last_value FROM ' || its INTO used;
    used := greatest(used, this_moment) + 20 * greatest(numbers, 0);
    IF used - this_moment <= 12000000 THEN
        PERFORM setval(its, used);
    END IF;
    PERFORM pg_advisory_unlock(1234518, hotline.my_id()::integer);
    IF used - this_moment > 12000000 THEN
        RAISE LOG 'hotline: % imports numbers too fast', session_user;
        RAISE EXCEPTION 'too many numbers imported' USING ERRCODE = 'HL005';
    END IF;
END
$$;
CREATE OR REPLACE FUNCTION hotline.count_bulk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM hotline.import_mode m WHERE m.txid = txid_current_if_assigned() AND NOT m.filling) THEN
        PERFORM hotline.take_bulk((SELECT count(*) FROM added) * CASE TG_TABLE_NAME WHEN 'appellant' THEN 60 ELSE 1 END);
    END IF;
    RETURN NULL;
END
$$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['appellant', 'person', 'enterprise'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER count_bulk AFTER INSERT ON public.%I REFERENCING NEW TABLE AS added
                        FOR EACH STATEMENT EXECUTE FUNCTION hotline.count_bulk()', name);
        EXECUTE format('CREATE OR REPLACE TRIGGER count_bulk_changed AFTER UPDATE ON public.%I REFERENCING NEW TABLE AS added
                        FOR EACH STATEMENT EXECUTE FUNCTION hotline.count_bulk()', name);
    END LOOP;
END
$$;

-- --- the skeleton: what the centre's head keeps may be imported by him; a unit keeps its code (93_lines.sql)
GRANT INSERT ON unit, grid, road TO hotline_supervisor;
GRANT INSERT, UPDATE ON road_range TO hotline_supervisor;
CREATE POLICY founded ON road FOR INSERT TO hotline_supervisor WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY founded ON road_range FOR ALL TO hotline_supervisor
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);

REVOKE ALL ON FUNCTION hotline.ask_known(text), hotline.compare_known(bigint, jsonb), hotline.close_known(bigint, text, text),
    hotline.tell_known(bigint), hotline.begin_import(bigint), hotline.end_import(bigint, text, jsonb), hotline.finish_import(),
    hotline.asked_first(), hotline.one_caller(), hotline.make_bulk(), hotline.take_bulk(bigint), hotline.count_bulk(),
    hotline.short_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.ask_known(text), hotline.compare_known(bigint, jsonb), hotline.close_known(bigint, text, text),
    hotline.tell_known(bigint), hotline.begin_import(bigint), hotline.end_import(bigint, text, jsonb)
    TO hotline_centre, hotline_unit;
