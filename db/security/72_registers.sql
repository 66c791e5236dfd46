-- Registers are written by those who keep them, each in his own branch, the centre's head everywhere
-- (console/domain/registers/kinds.py `KEEPERS`). Private columns are written here and read by nobody: `tell_register`.
CREATE OR REPLACE FUNCTION hotline.keeps() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hotline.my_role() IN ('supervisor', 'street_desk', 'grid_leader', 'grid_worker')
$$;

-- Whether the asker keeps what lies in this grid. Its plans are kept: it is asked for each row of an import.
CREATE OR REPLACE FUNCTION hotline.keeps_grid(the_grid bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account := hotline.me();
    low text;
BEGIN
    IF mine.role = 'supervisor' THEN
        RETURN true;
    END IF;
    IF mine.role IS NULL OR mine.role NOT IN ('street_desk', 'grid_leader', 'grid_worker') THEN
        RETURN false;
    END IF;
    SELECT u.code INTO low FROM unit u WHERE u.id = mine.unit_id;
    RETURN EXISTS (SELECT FROM grid g WHERE g.unit_id = the_grid AND g.code >= low AND g.code < hotline.code_end(low));
END
$$;
-- The same for a whole statement at once: everything, or these grids.
CREATE OR REPLACE FUNCTION hotline.keeps_city() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(hotline.my_role() = 'supervisor', false)
$$;
CREATE OR REPLACE FUNCTION hotline.kept_grids() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.unit_id FROM grid g WHERE hotline.keeps() AND NOT hotline.keeps_city()
       AND g.code >= hotline.my_code() AND g.code < hotline.code_end(hotline.my_code())
$$;

-- Classes of people only named staff may know of (field-facts 10.5); never the telephone desk.
CREATE OR REPLACE FUNCTION hotline.is_named() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((hotline.me()).may_view_sensitive AND hotline.my_role() <> 'agent', false)
$$;

CREATE OR REPLACE FUNCTION hotline.serves_person(the_person bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM person p WHERE p.id = the_person AND hotline.serves(p.grid_id))
$$;

CREATE OR REPLACE FUNCTION hotline.keeps_person(the_person bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM person p WHERE p.id = the_person AND hotline.keeps_grid(p.grid_id));
END
$$;

CREATE OR REPLACE FUNCTION hotline.knows_member(the_member bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM special_group_member m WHERE m.id = the_member
                   AND hotline.serves_person(m.person_id) AND (NOT m.restricted OR hotline.is_named()))
$$;

-- Whether a row of a register is the asker's to see, or to write: for its history and its private columns.
CREATE OR REPLACE FUNCTION hotline.knows_row(the_table text, the_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE the_table
        WHEN 'person' THEN hotline.serves_person(the_id)
        WHEN 'special_group_member' THEN hotline.knows_member(the_id)
        WHEN 'household' THEN EXISTS (SELECT FROM household h WHERE h.id = the_id AND hotline.serves(h.grid_id))
        WHEN 'house' THEN EXISTS (SELECT FROM house h WHERE h.id = the_id AND hotline.serves(h.grid_id))
        WHEN 'building' THEN EXISTS (SELECT FROM building b WHERE b.id = the_id AND hotline.serves(b.grid_id))
        WHEN 'enterprise' THEN EXISTS (SELECT FROM enterprise e WHERE e.id = the_id AND hotline.serves(e.grid_id))
        WHEN 'grid' THEN hotline.my_id() IS NOT NULL
        WHEN 'staff' THEN hotline.my_id() IS NOT NULL
        WHEN 'unit' THEN hotline.my_id() IS NOT NULL
        WHEN 'road_range' THEN hotline.my_id() IS NOT NULL
        ELSE false END
$$;
CREATE OR REPLACE FUNCTION hotline.keeps_row(the_table text, the_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    CASE the_table
        WHEN 'person' THEN
            RETURN EXISTS (SELECT FROM person p WHERE p.id = the_id AND hotline.keeps_grid(p.grid_id));
        WHEN 'special_group_member' THEN
            RETURN EXISTS (SELECT FROM special_group_member m WHERE m.id = the_id AND hotline.keeps_person(m.person_id)
                           AND (NOT m.restricted OR hotline.is_named()));
        WHEN 'household' THEN
            RETURN EXISTS (SELECT FROM household h WHERE h.id = the_id AND hotline.keeps_grid(h.grid_id));
        WHEN 'house' THEN
            RETURN EXISTS (SELECT FROM house h WHERE h.id = the_id AND hotline.keeps_grid(h.grid_id));
        WHEN 'building' THEN
            RETURN EXISTS (SELECT FROM building b WHERE b.id = the_id AND hotline.keeps_grid(b.grid_id));
        WHEN 'enterprise' THEN
            RETURN EXISTS (SELECT FROM enterprise e WHERE e.id = the_id AND hotline.keeps_grid(e.grid_id));
        ELSE
            RETURN the_table IN ('grid', 'staff', 'unit', 'road_range') AND hotline.keeps_city();
    END CASE;
END
$$;
GRANT EXECUTE ON FUNCTION hotline.keeps(), hotline.keeps_grid(bigint), hotline.keeps_city(), hotline.kept_grids(),
    hotline.is_named(), hotline.serves_person(bigint),
    hotline.keeps_person(bigint), hotline.knows_member(bigint), hotline.knows_row(text, bigint), hotline.serves(bigint),
    hotline.keeps_row(text, bigint) TO hotline_staff;

-- Rows that lie in a grid.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['person', 'household', 'house', 'building', 'enterprise'] LOOP
        EXECUTE format('GRANT INSERT, UPDATE ON public.%I TO hotline_supervisor, hotline_street_desk, hotline_grid_leader,
                        hotline_grid_worker', name);
        -- Answered once for a statement, however many rows it writes.
        EXECUTE format('CREATE POLICY kept_in ON public.%I FOR INSERT TO hotline_staff
            WITH CHECK ((SELECT hotline.keeps_city()) OR grid_id IN (SELECT hotline.kept_grids()))', name);
        EXECUTE format('CREATE POLICY kept ON public.%I FOR UPDATE TO hotline_staff
            USING ((SELECT hotline.keeps_city()) OR grid_id IN (SELECT hotline.kept_grids()))
            WITH CHECK ((SELECT hotline.keeps_city()) OR grid_id IN (SELECT hotline.kept_grids()))', name);
    END LOOP;
END
$$;
GRANT INSERT, UPDATE ON estate TO hotline_supervisor, hotline_street_desk, hotline_grid_leader, hotline_grid_worker;
CREATE POLICY kept_in ON estate FOR INSERT TO hotline_staff WITH CHECK (hotline.keeps_grid(grid_id));
CREATE POLICY kept ON estate FOR UPDATE TO hotline_staff
    USING (hotline.keeps_grid(grid_id)) WITH CHECK (hotline.keeps_grid(grid_id));

-- The skeleton is the centre's.
GRANT INSERT, UPDATE ON staff, post_history TO hotline_supervisor;
GRANT INSERT, DELETE ON grid_staff TO hotline_supervisor;
GRANT UPDATE ON unit, grid TO hotline_supervisor;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['staff', 'post_history', 'grid_staff', 'unit', 'grid'] LOOP
        EXECUTE format('CREATE POLICY founded ON public.%I FOR ALL TO hotline_supervisor
                        USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL)', name);
    END LOOP;
END
$$;

-- Special groups: a class few may know of is read and written by named staff of the branch alone.
CREATE POLICY named_staff ON special_group_member FOR SELECT TO hotline_centre, hotline_unit
    USING (restricted AND (SELECT hotline.is_named()) AND hotline.serves_person(person_id));
GRANT INSERT, UPDATE ON special_group_member TO hotline_supervisor, hotline_street_desk, hotline_grid_leader, hotline_grid_worker;
CREATE POLICY kept_in ON special_group_member FOR INSERT TO hotline_staff
    WITH CHECK (hotline.keeps_person(person_id) AND (NOT restricted OR (SELECT hotline.is_named())));
CREATE POLICY kept ON special_group_member FOR UPDATE TO hotline_staff
    USING (hotline.keeps_person(person_id) AND (NOT restricted OR (SELECT hotline.is_named())))
    WITH CHECK (hotline.keeps_person(person_id) AND (NOT restricted OR (SELECT hotline.is_named())));

-- Which class somebody is in, and whether few may know of it, is said once: nobody makes it public by an update.
CREATE OR REPLACE FUNCTION hotline.keep_class() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF hotline.is_operator() AND (NEW.group_class <> OLD.group_class OR NEW.restricted <> OLD.restricted
                                  OR NEW.person_id <> OLD.person_id) THEN
        RAISE EXCEPTION 'a class is not changed' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER keep_class BEFORE UPDATE ON special_group_member
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_class();

CREATE OR REPLACE FUNCTION hotline.restrict_class() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF hotline.is_operator() AND NOT NEW.restricted AND NEW.group_class <> ALL (string_to_array(
            '高龄,独居老人,空巢老人,留守老人,残疾,低保,特困,失独,退役军人,下岗失业', ',')) THEN
        RAISE EXCEPTION 'this class is restricted' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER restrict_class BEFORE INSERT ON special_group_member
    FOR EACH ROW EXECUTE FUNCTION hotline.restrict_class();

-- Visits and life events are added, never altered.
GRANT SELECT, INSERT ON visit, life_event TO hotline_centre, hotline_unit;
CREATE POLICY with_member ON visit FOR SELECT TO hotline_centre, hotline_unit USING (hotline.knows_member(member_id));
CREATE POLICY visited ON visit FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (hotline.keeps_row('special_group_member', member_id));
CREATE POLICY with_person ON life_event FOR SELECT TO hotline_centre, hotline_unit USING (hotline.serves_person(person_id));
CREATE POLICY happened ON life_event FOR INSERT TO hotline_centre, hotline_unit WITH CHECK (hotline.keeps_person(person_id));

-- History: added with each change, by the server's clock and in the name of whoever is signed in; never altered.
GRANT SELECT, INSERT ON register_change TO hotline_centre, hotline_unit;
CREATE POLICY with_row ON register_change FOR SELECT TO hotline_centre, hotline_unit
    USING (hotline.knows_row(register, row_id));
CREATE POLICY own_hand ON register_change FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (hotline.keeps_row(register, row_id));
ALTER TABLE register_change ADD COLUMN IF NOT EXISTS txid bigint;
CREATE OR REPLACE FUNCTION hotline.stamp_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account;
BEGIN
    NEW.txid := txid_current();
    IF hotline.is_operator() THEN
        mine := hotline.me();
        NEW.changed_by := mine.name || ' ' || mine.agent_no;
        NEW.at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON register_change
    FOR EACH ROW EXECUTE FUNCTION hotline.stamp_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON register_change
    FOR EACH STATEMENT EXECUTE FUNCTION hotline.refuse();

-- At commit every row an operator wrote must have a line of its history of this transaction.
-- By the row as well: an import looks for each of its hundred thousand lines among as many of one transaction.
DROP INDEX IF EXISTS ix_register_change_txid;
CREATE INDEX IF NOT EXISTS ix_register_change_line ON register_change (txid, row_id, register);
CREATE OR REPLACE FUNCTION hotline.require_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    its bigint;
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NULL;
    END IF;
    its := NEW.id;
    IF NOT EXISTS (
        SELECT FROM register_change c
         WHERE c.txid = txid_current() AND c.row_id = its AND c.register = TG_TABLE_NAME) THEN
        RAISE EXCEPTION 'a register changes with its history only' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END
$$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['person', 'household', 'house', 'building', 'enterprise', 'special_group_member', 'staff'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS require_history ON public.%I', name);
        -- Keys are the server's own, and follow what they are made of.
        EXECUTE format('CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR UPDATE OF %s ON public.%I
                        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.require_history()',
            (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
              WHERE attrelid = format('public.%I', name)::regclass AND attnum > 0 AND NOT attisdropped
                AND attname NOT IN ('phone_key', 'id_key')), name);
    END LOOP;
END
$$;

-- Patrols and the day's tasks: of one's own grids.
CREATE OR REPLACE FUNCTION hotline.serves_staff(the_staff bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM grid_staff s WHERE s.staff_id = the_staff AND hotline.serves(s.grid_id))
$$;
CREATE OR REPLACE FUNCTION hotline.tasks_of(the_staff bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hotline.my_role() IN ('agent', 'supervisor', 'street_desk', 'grid_leader', 'grid_worker')
       AND hotline.serves_staff(the_staff)
$$;
GRANT EXECUTE ON FUNCTION hotline.serves_staff(bigint), hotline.tasks_of(bigint) TO hotline_staff;
GRANT SELECT, INSERT ON patrol TO hotline_centre, hotline_unit;
CREATE POLICY own_grids ON patrol FOR SELECT TO hotline_centre, hotline_unit USING (hotline.serves(grid_id));
CREATE POLICY patrolled ON patrol FOR INSERT TO hotline_centre, hotline_unit WITH CHECK (hotline.keeps_grid(grid_id));
GRANT SELECT, INSERT ON daily_task TO hotline_centre, hotline_unit;
GRANT UPDATE (done_at, checked_at, check_result) ON daily_task TO hotline_centre, hotline_unit;
CREATE POLICY own_grids ON daily_task FOR SELECT TO hotline_centre, hotline_unit USING (hotline.serves_staff(staff_id));
CREATE POLICY given ON daily_task FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (hotline.my_role() IN ('supervisor', 'street_desk', 'grid_leader') AND hotline.serves_staff(staff_id));
CREATE POLICY done ON daily_task FOR UPDATE TO hotline_centre, hotline_unit
    USING (hotline.tasks_of(staff_id)) WITH CHECK (hotline.tasks_of(staff_id));

-- Nobody checks his own task (field-facts K16).
CREATE OR REPLACE FUNCTION hotline.check_by_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.is_operator() AND NEW.checked_at IS DISTINCT FROM OLD.checked_at
       AND (hotline.my_role() = 'grid_worker' OR (hotline.me()).staff_id = NEW.staff_id) THEN
        RAISE EXCEPTION 'checked by another' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER check_by_another BEFORE UPDATE ON daily_task
    FOR EACH ROW EXECUTE FUNCTION hotline.check_by_another();

-- Private columns in full, in the two steps of 70_contacts.sql, with a ledger of its own.
CREATE TABLE IF NOT EXISTS hotline.register_disclosure (
    line bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    register text NOT NULL,
    row_id bigint NOT NULL,
    fields text[] NOT NULL,
    txid bigint NOT NULL,
    at timestamptz NOT NULL
);
CREATE OR REPLACE FUNCTION hotline.ask_register(the_table text, the_id bigint, wanted text[], why text, station text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line bigint;
    key text := '';
BEGIN
    IF btrim(coalesce(why, '')) = '' THEN
        RAISE EXCEPTION 'a reason is required' USING ERRCODE = 'HL001';
    END IF;
    IF hotline.my_id() IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    IF the_table <> ALL (ARRAY['person', 'household', 'house', 'building', 'enterprise', 'special_group_member'])
       OR EXISTS (SELECT FROM unnest(wanted) w
                  WHERE the_table || '.' || w <> ALL (string_to_array(:private_columns, ','))) THEN
        PERFORM hotline.refuse_reveal('HL003');
    END IF;
    -- Whoever keeps it, and the telephone desk for the people it talks to.
    IF NOT (hotline.keeps_row(the_table, the_id)
            OR (the_table = 'person' AND hotline.my_role() = 'agent' AND hotline.serves_person(the_id))) THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    PERFORM hotline.allow_reveal('reveal');
    IF the_table = 'person' THEN
        SELECT phone_key INTO key FROM person WHERE id = the_id;
        -- A resident who asked for confidence is not found out by way of the register (70_contacts.sql).
        IF hotline.my_role() <> 'supervisor' AND EXISTS (
            SELECT FROM appellant a JOIN ticket t ON t.id = a.ticket_id
             WHERE t.confidential AND t.creator_id <> hotline.my_id()
               AND (a.person_id = the_id OR (key <> '' AND a.phone_key = key))) THEN
            PERFORM hotline.refuse_reveal('HL003');
        END IF;
    END IF;
    line := hotline.add_line('reveal', left(the_table, 20), the_id::text, why, coalesce(key, ''), station,
        jsonb_build_object('fields', to_jsonb(wanted), the_table, the_id));
    INSERT INTO hotline.register_disclosure
        VALUES (line, hotline.my_id(), the_table, the_id, wanted, txid_current(), clock_timestamp());
    RETURN line;
END
$$;
CREATE OR REPLACE FUNCTION hotline.tell_register(the_line bigint) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked hotline.register_disclosure;
    found jsonb;
BEGIN
    SELECT * INTO asked FROM hotline.register_disclosure
     WHERE line = the_line AND account_id = hotline.my_id() AND at > clock_timestamp() - interval '1 minute';
    IF asked.line IS NULL OR asked.txid = txid_current_if_assigned() THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    EXECUTE format('SELECT to_jsonb(t) FROM public.%I t WHERE id = $1', asked.register) INTO found USING asked.row_id;
    RETURN ARRAY(SELECT coalesce(found ->> f, '') FROM unnest(asked.fields) f);
END
$$;

-- Keys of a private document over those there, unread; an empty word takes its key out.
CREATE OR REPLACE FUNCTION hotline.merge_details(the_table text, the_id bigint, given text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    new jsonb := given::jsonb;
BEGIN
    IF NOT hotline.keeps_row(the_table, the_id) THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    IF the_table = 'person' THEN
        UPDATE person SET class_details = (SELECT coalesce(jsonb_object_agg(k, v), '{}')
            FROM jsonb_each_text(coalesce(class_details, '{}') || new) AS e (k, v) WHERE v <> '') WHERE id = the_id;
    ELSIF the_table = 'special_group_member' THEN
        UPDATE special_group_member SET details = (SELECT coalesce(jsonb_object_agg(k, v), '{}')
            FROM jsonb_each_text(coalesce(details, '{}') || new) AS e (k, v) WHERE v <> '') WHERE id = the_id;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION hotline.ask_register(text, bigint, text[], text, text), hotline.tell_register(bigint),
    hotline.merge_details(text, bigint, text), hotline.check_by_another(), hotline.stamp_change(), hotline.require_history()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.ask_register(text, bigint, text[], text, text), hotline.tell_register(bigint),
    hotline.merge_details(text, bigint, text) TO hotline_centre, hotline_unit;
