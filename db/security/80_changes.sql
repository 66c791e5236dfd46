-- Workstations hear of each other's changes (db/changes). Every login may LISTEN, and every login may NOTIFY:
-- a notification says what kind of thing changed and where in the log, never a name, a number or a word.
CREATE OR REPLACE FUNCTION hotline.tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hotline', TG_ARGV[0]);
    RETURN NULL;
END
$$;

-- Which lines were added to the log; whom they concern is asked by each listener for himself (hotline.moved).
CREATE OR REPLACE FUNCTION hotline.tell_lines() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    low bigint;
    high bigint;
BEGIN
    SELECT min(id), max(id) INTO low, high FROM added;
    IF high IS NOT NULL THEN
        PERFORM pg_notify('hotline', format('tickets %s %s', low, high));
    END IF;
    RETURN NULL;
END
$$;

-- Somebody comes, goes, or begins to work on it. That he is still there is no news.
CREATE OR REPLACE FUNCTION hotline.tell_presence() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hotline', format('presence %s', coalesce(NEW.ticket_id, OLD.ticket_id)));
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER tell_lines AFTER INSERT ON ticket_event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotline.tell_lines();
CREATE OR REPLACE TRIGGER tell_coming AFTER INSERT OR DELETE ON presence
    FOR EACH ROW EXECUTE FUNCTION hotline.tell_presence();
CREATE OR REPLACE TRIGGER tell_working AFTER UPDATE ON presence
    FOR EACH ROW WHEN (OLD.editing IS DISTINCT FROM NEW.editing OR NEW.seen_at > OLD.seen_at + interval '1 minute')
    EXECUTE FUNCTION hotline.tell_presence();

-- Columns that are counted up by mere use tell nothing.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('call', 'calls', ''), ('blocked_number', 'calls', ''), ('police_transfer', 'calls', ''),
        ('bulletin', 'knowledge', ''), ('snippet', 'knowledge', ''),
        ('knowledge_entry', 'knowledge', 'title, question_variants, short_answer, long_answer, state, expires_on,
                                          category_code, responsible_unit, region, version'),
        ('person', 'people', ''), ('household', 'people', ''), ('special_group_member', 'people', ''),
        -- Changed from hour to hour by the grids: as 'places' every desk would read the whole address book again.
        ('house', 'people', ''), ('enterprise', 'people', ''), ('inspection', 'people', ''),
        ('visit', 'people', ''), ('patrol', 'people', ''), ('daily_task', 'people', ''),
        ('unit', 'places', ''), ('grid', 'places', ''), ('grid_staff', 'places', ''), ('duty_roster', 'places', ''),
        ('building', 'places', ''), ('road', 'places', ''), ('road_range', 'places', ''), ('estate', 'places', ''),
        ('address_book_entry', 'places', ''), ('component', 'places', ''), ('category', 'places', ''),
        ('account', 'accounts', 'name, agent_no, role, unit_id, disabled_at, expires_at'),
        ('staff', 'accounts', 'name, unit_id, post, duty_state'),
        ('attendance', 'seats', '')
    ) AS told (name, topic, columns) LOOP
        CONTINUE WHEN to_regclass('public.' || one.name) IS NULL;
        EXECUTE format(
            'CREATE OR REPLACE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE %s ON public.%I
             FOR EACH STATEMENT EXECUTE FUNCTION hotline.tell(%L)',
            CASE WHEN one.columns = '' THEN '' ELSE 'OF ' || one.columns END, one.name, one.topic);
    END LOOP;
END
$$;

-- Where the log stood some seconds ago.
CREATE OR REPLACE FUNCTION hotline.newest_line(behind double precision) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF behind <= 0 THEN
        RETURN (SELECT max(id) FROM ticket_event);
    END IF;
    RETURN (SELECT max(id) FROM (
        SELECT id FROM ticket_event WHERE at < clock_timestamp() - make_interval(secs => behind)
        ORDER BY at DESC LIMIT 20) AS before);
END
$$;

-- The work orders of these lines, as far as they are or ever were the asker's business: one that has just left his
-- branch has to leave his list as well. Bounded, whatever span somebody makes up.
CREATE OR REPLACE FUNCTION hotline.moved(lows bigint[], highs bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH who AS MATERIALIZED (
        SELECT NOT hotline.is_operator() OR hotline.whole_city() AS whole,
               hotline.my_role() IN ('grid_leader', 'grid_worker') AS verifies,
               hotline.my_id() AS id, hotline.my_code() AS low, hotline.code_end(hotline.my_code()) AS high
    )
    SELECT DISTINCT m.ticket_id FROM who, unnest(lows, highs) AS span (low, high)
    CROSS JOIN LATERAL (
        SELECT e.ticket_id FROM ticket_event e WHERE e.id BETWEEN span.low AND span.high ORDER BY e.id DESC LIMIT 500
    ) AS m
    WHERE who.whole
       OR EXISTS (SELECT FROM assignment a WHERE a.ticket_id = m.ticket_id
                  AND a.unit_code >= who.low AND a.unit_code < who.high)
       OR EXISTS (SELECT FROM notify_copy n JOIN unit u ON u.id = n.unit_id WHERE n.ticket_id = m.ticket_id
                  AND u.code >= who.low AND u.code < who.high)
       OR EXISTS (SELECT FROM ticket t WHERE t.id = m.ticket_id
                  AND (t.creator_id = who.id OR (who.verifies AND t.grid_code >= who.low AND t.grid_code < who.high)))
    LIMIT 201
$$;

REVOKE ALL ON FUNCTION hotline.newest_line(double precision), hotline.moved(bigint[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.newest_line(double precision), hotline.moved(bigint[], bigint[]) TO hotline_staff;

-- Seat states: everybody writes his own, the overseers see how many seats do what.
GRANT SELECT, INSERT ON attendance TO hotline_centre, hotline_unit;
GRANT UPDATE (ended_at) ON attendance TO hotline_centre, hotline_unit;
DROP POLICY IF EXISTS own_seat ON attendance;
DROP POLICY IF EXISTS overseen ON attendance;
CREATE POLICY own_seat ON attendance FOR ALL TO hotline_staff
    USING (account_id = (SELECT hotline.my_id())) WITH CHECK (account_id = (SELECT hotline.my_id()));
CREATE POLICY overseen ON attendance FOR SELECT TO hotline_auditor USING ((SELECT hotline.my_id()) IS NOT NULL);
