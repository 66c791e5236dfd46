-- Row policies and grants. Everything is refused that is not granted here; the owner is not bound by policies.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hotline FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hotline_staff, hotline_centre, hotline_unit, hotline_auditor;
GRANT USAGE ON SCHEMA public TO hotline_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO hotline_centre, hotline_unit;
GRANT EXECUTE ON FUNCTION hotline.my_id(), hotline.my_role(), hotline.my_code(), hotline.is_operator(),
    hotline.code_end(text), hotline.codes_above(text) TO hotline_staff;

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    END LOOP;
    FOR name IN SELECT format('%I ON public.%I', policyname, tablename) FROM pg_policies
                WHERE schemaname = 'public' LOOP
        EXECUTE 'DROP POLICY ' || name;
    END LOOP;
END
$$;

-- What everybody who is signed in may read: the city, its units, rules and words. Nobody may write it here.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'city', 'policy_pack', 'category', 'calendar_day', 'template', 'preference', 'unit', 'grid', 'grid_staff',
        'duty_roster', 'building', 'road', 'road_range', 'estate', 'component', 'address_book_entry', 'campaign', 'visit_policy',
        'knowledge_entry', 'alembic_version', 'scenario'
    ] LOOP
        CONTINUE WHEN to_regclass('public.' || name) IS NULL;
        EXECUTE format('GRANT SELECT ON public.%I TO hotline_staff', name);
        EXECUTE format('CREATE POLICY signed_in ON public.%I FOR SELECT TO hotline_staff
                        USING ((SELECT hotline.my_id()) IS NOT NULL)', name);
    END LOOP;
END
$$;

-- Accounts and staff: names, never the password's hash, failures or private numbers.
GRANT SELECT (id, login, agent_no, name, role, unit_id, staff_id, disabled_at, expires_at, language, demo, version)
    ON account TO hotline_staff;
CREATE POLICY signed_in ON account FOR SELECT TO hotline_staff USING ((SELECT hotline.my_id()) IS NOT NULL);
GRANT SELECT (id, staff_no, name, initials, unit_id, post, full_time, phone, duty_state, version) ON staff TO hotline_staff;
CREATE POLICY signed_in ON staff FOR SELECT TO hotline_staff USING ((SELECT hotline.my_id()) IS NOT NULL);

-- The work order. Its number, writer and moment of birth are never changed; nothing is ever deleted.
GRANT SELECT, INSERT ON ticket TO hotline_centre, hotline_unit;
DO $$
BEGIN
    EXECUTE (
        SELECT format('GRANT UPDATE (%s) ON ticket TO hotline_centre, hotline_unit', string_agg(quote_ident(attname), ', '))
        FROM pg_attribute
        WHERE attrelid = 'public.ticket'::regclass AND attnum > 0 AND NOT attisdropped
          AND attname NOT IN ('id', 'number', 'creator_id', 'creator_name', 'created_at', 'channel', 'training')
    );
END
$$;
CREATE POLICY whole_city ON ticket FOR ALL TO hotline_centre
    USING ((SELECT hotline.my_id()) IS NOT NULL
           AND (state <> 'draft' OR creator_id = (SELECT hotline.my_id())))
    WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY own_branch ON ticket FOR ALL TO hotline_unit
    USING (
        creator_id = (SELECT hotline.my_id())
        OR (
            (EXISTS (SELECT FROM ticket_scope s WHERE s.ticket_id = ticket.id
                     AND s.unit_code >= (SELECT hotline.my_code())
                     AND s.unit_code < (SELECT hotline.code_end(hotline.my_code())))
             OR (state = 'pending_verify' AND (SELECT hotline.my_role()) IN ('grid_leader', 'grid_worker')
                 AND grid_code >= (SELECT hotline.my_code())
                 AND grid_code < (SELECT hotline.code_end(hotline.my_code()))))
            AND NOT (confidential AND respondent_code = ANY ((SELECT hotline.codes_above(hotline.my_code()))::text[]))
        )
    )
    WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);

GRANT SELECT ON ticket_scope TO hotline_unit;
CREATE POLICY own_branch ON ticket_scope FOR SELECT TO hotline_unit
    USING (unit_code >= (SELECT hotline.my_code()) AND unit_code < (SELECT hotline.code_end(hotline.my_code())));

-- What hangs on a work order is seen by whoever sees that, and written by nobody else.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'assignment', 'handling_result', 'contact', 'attachment', 'return_request', 'extension_request', 'suspension',
        'urging', 'supervision', 'callback', 'verification', 'mediation_round', 'whistle_call', 'promise',
        'joint_sheet', 'gate_override', 'notify_copy', 'ticket_campaign', 'presence', 'police_transfer'
    ] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.%I TO hotline_centre, hotline_unit', name);
        EXECUTE format('CREATE POLICY with_ticket ON public.%I FOR ALL TO hotline_centre, hotline_unit
            USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id))
            WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id))', name);
    END LOOP;
END
$$;
GRANT DELETE ON presence, ticket_campaign, attachment TO hotline_centre, hotline_unit;
GRANT DELETE ON callback TO hotline_revisitor, hotline_supervisor;

-- The flow log is only ever added to; 50_guards.sql stamps who and when.
GRANT SELECT, INSERT ON ticket_event TO hotline_centre, hotline_unit;
CREATE POLICY with_ticket ON ticket_event FOR SELECT TO hotline_centre, hotline_unit
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id));
CREATE POLICY own_hand ON ticket_event FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id) AND actor_id = (SELECT hotline.my_id()));

-- Files by their hash, for whoever sees a work order that holds them.
GRANT SELECT, INSERT ON stored_file TO hotline_centre, hotline_unit;
CREATE POLICY attached ON stored_file FOR SELECT TO hotline_centre, hotline_unit
    USING (EXISTS (SELECT FROM attachment a WHERE a.sha256 = stored_file.sha256));
CREATE POLICY added ON stored_file FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);

-- The search index holds every word of every work order: read through hotline.find_tickets alone.
GRANT INSERT ON ticket_text TO hotline_centre, hotline_unit;
CREATE POLICY index_own ON ticket_text FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id));

-- Leased numbers, one's own filters and phrases, the day's notices.
GRANT SELECT, INSERT ON number_lease TO hotline_centre, hotline_unit;
CREATE POLICY leases ON number_lease FOR ALL TO hotline_centre, hotline_unit
    USING (true) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_filter, snippet TO hotline_centre, hotline_unit;
CREATE POLICY own_or_shared ON saved_filter FOR SELECT TO hotline_staff
    USING (shared OR account_id IS NULL OR account_id = (SELECT hotline.my_id()));
CREATE POLICY own ON saved_filter FOR ALL TO hotline_staff
    USING (account_id = (SELECT hotline.my_id())) WITH CHECK (account_id = (SELECT hotline.my_id()));
CREATE POLICY own_or_shared ON snippet FOR SELECT TO hotline_staff
    USING (account_id IS NULL OR account_id = (SELECT hotline.my_id()));
CREATE POLICY own ON snippet FOR ALL TO hotline_staff
    USING (account_id = (SELECT hotline.my_id())) WITH CHECK (account_id = (SELECT hotline.my_id()));
GRANT SELECT, INSERT ON bulletin TO hotline_centre;
CREATE POLICY centre ON bulletin FOR ALL TO hotline_centre
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);

-- Who printed what, and who saw whom, is for auditors to read; it is written by functions only.
GRANT SELECT ON audit_entry, print_log TO hotline_auditor;
CREATE POLICY auditors ON audit_entry FOR SELECT TO hotline_auditor USING ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY auditors ON print_log FOR SELECT TO hotline_auditor USING ((SELECT hotline.my_id()) IS NOT NULL);

-- Large objects and server files are no way round a policy.
DO $$
DECLARE
    one regprocedure;
BEGIN
    -- Not the owner's to revoke unless he is a superuser; `db check` says so when it is still to be done.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RETURN;
    END IF;
    FOR one IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
               WHERE n.nspname = 'pg_catalog' AND (p.proname LIKE 'lo\_%' OR p.proname IN ('lowrite', 'loread'))
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
END
$$;
