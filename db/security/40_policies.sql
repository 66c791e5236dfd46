-- Row policies and grants. Everything is refused that is not granted here; the owner is not bound by policies.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hotline FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hotline_staff, hotline_centre, hotline_unit, hotline_auditor;
GRANT USAGE ON SCHEMA public TO hotline_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO hotline_centre, hotline_unit;
GRANT EXECUTE ON FUNCTION hotline.my_id(), hotline.my_role(), hotline.my_code(), hotline.is_operator(), hotline.whole_city(),
    hotline.code_end(text), hotline.codes_above(text), hotline.in_my_hand(bigint) TO hotline_staff;

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

-- Columns that say who a citizen is (db/models/private.py): granted to nobody, whatever else of the row is.
CREATE OR REPLACE PROCEDURE hotline.grant_readable(name text, to_role text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE (
        SELECT format('GRANT SELECT (%s) ON public.%I TO %I', string_agg(quote_ident(attname), ', '), name, to_role)
        FROM pg_attribute
        WHERE attrelid = format('public.%I', name)::regclass AND attnum > 0 AND NOT attisdropped
          AND name || '.' || attname <> ALL (string_to_array(:private_columns, ','))
    );
END
$$;
REVOKE ALL ON PROCEDURE hotline.grant_readable(text, text) FROM PUBLIC;

-- What everybody who is signed in may read: the city, its units, rules and words. Nobody may write it here.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'city', 'policy_pack', 'category', 'calendar_day', 'template', 'preference', 'unit', 'grid', 'grid_staff',
        'duty_roster', 'building', 'road', 'road_range', 'estate', 'component', 'address_book_entry', 'campaign', 'visit_policy',
        'knowledge_entry', 'alembic_version', 'scenario', 'house', 'enterprise', 'staff', 'post_history'
    ] LOOP
        CONTINUE WHEN to_regclass('public.' || name) IS NULL;
        CALL hotline.grant_readable(name, 'hotline_staff');
        EXECUTE format('CREATE POLICY signed_in ON public.%I FOR SELECT TO hotline_staff
                        USING ((SELECT hotline.my_id()) IS NOT NULL)', name);
    END LOOP;
END
$$;

-- Accounts and staff: names, never the password's hash, failures or private numbers.
CALL hotline.grant_readable('account', 'hotline_staff');
CREATE POLICY signed_in ON account FOR SELECT TO hotline_staff USING ((SELECT hotline.my_id()) IS NOT NULL);

-- The work order. Its number, writer and moment of birth are never changed; nothing is ever deleted.
-- Everybody may ask; whom no policy below names sees none.
CALL hotline.grant_readable('ticket', 'hotline_staff');
GRANT INSERT ON ticket TO hotline_centre, hotline_unit;
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
    USING ((SELECT hotline.whole_city())
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
                 AND grid_code < (SELECT hotline.code_end(hotline.my_code())))
             OR (state IN ('pending_callback', 'pending_review', 'redo')
                 AND (SELECT hotline.my_role()) IN ('grid_leader', 'grid_worker') AND hotline.in_my_hand(id)))
            AND NOT (confidential AND respondent_code = ANY ((SELECT hotline.codes_above(hotline.my_code()))::text[]))
        )
    )
    WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);

GRANT SELECT ON ticket_scope TO hotline_unit;
CREATE POLICY own_branch ON ticket_scope FOR SELECT TO hotline_unit
    USING (unit_code >= (SELECT hotline.my_code()) AND unit_code < (SELECT hotline.code_end(hotline.my_code())));

-- What hangs on a work order is seen by whoever sees that, and written by nobody else. What is sealed with it when
-- it is archived is written no more.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'assignment', 'handling_result', 'contact', 'attachment', 'return_request', 'extension_request', 'suspension',
        'callback', 'verification', 'mediation_round', 'whistle_call', 'joint_sheet', 'notify_copy'
    ] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.%I TO hotline_centre, hotline_unit', name);
        EXECUTE format('CREATE POLICY with_ticket ON public.%I FOR ALL TO hotline_centre, hotline_unit
            USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id))
            WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id AND t.state <> ''archived''))', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'urging', 'supervision', 'promise', 'gate_override', 'ticket_campaign', 'presence'
    ] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON public.%I TO hotline_centre, hotline_unit', name);
        EXECUTE format('CREATE POLICY with_ticket ON public.%I FOR ALL TO hotline_centre, hotline_unit
            USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id))
            WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id))', name);
    END LOOP;
END
$$;
-- Between 110 and us: seen with its work order; one that became no work order is the centre's.
GRANT SELECT, INSERT, UPDATE ON police_transfer TO hotline_centre, hotline_unit;
CREATE POLICY with_ticket ON police_transfer FOR SELECT TO hotline_unit
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id));
CREATE POLICY centre ON police_transfer FOR ALL TO hotline_centre
    USING ((SELECT hotline.whole_city())) WITH CHECK ((SELECT hotline.whole_city()));
GRANT DELETE ON presence, ticket_campaign, attachment TO hotline_centre, hotline_unit;
GRANT DELETE ON callback TO hotline_revisitor, hotline_supervisor;

-- The flow log is only ever added to; 50_guards.sql stamps who and when.
GRANT SELECT, INSERT ON ticket_event TO hotline_centre, hotline_unit;
CREATE POLICY with_ticket ON ticket_event FOR SELECT TO hotline_centre, hotline_unit
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id));
CREATE POLICY own_hand ON ticket_event FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id) AND actor_id = (SELECT hotline.my_id()));

-- The search index holds every word of every work order: hotline.index_ticket and hotline.find_tickets alone.

-- Texts as they were typed, numbers and all: added by whoever typed them, told by hotline.disclose alone.
GRANT INSERT ON original_text TO hotline_centre, hotline_unit;
CREATE POLICY typed ON original_text FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL AND (table_name <> 'ticket' OR hotline.sees(row_id)));

-- Calls are the centre's; the seats' states are one's own, and the supervisor's to see.
CALL hotline.grant_readable('call', 'hotline_centre');
GRANT INSERT ON call TO hotline_centre;
GRANT UPDATE (account_id, queue, language, answered_at, ended_at, wait_s, talk_s, hold_s, wrap_s, hangup_side, result,
              transfer_target, recording_ref, recording_sha256, key_rating, ticket_id, is_repeat)
    ON call TO hotline_centre;
CREATE POLICY centre ON call FOR ALL TO hotline_centre
    USING ((SELECT hotline.whole_city())) WITH CHECK ((SELECT hotline.whole_city()));
CALL hotline.grant_readable('blocked_number', 'hotline_centre');
GRANT INSERT ON blocked_number TO hotline_centre;
GRANT UPDATE (approved_by, expires_at) ON blocked_number TO hotline_supervisor;
CREATE POLICY seen ON blocked_number FOR SELECT TO hotline_centre USING ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY asked ON blocked_number FOR INSERT TO hotline_centre WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY decided ON blocked_number FOR UPDATE TO hotline_supervisor
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON attendance TO hotline_centre, hotline_unit;
CREATE POLICY own ON attendance FOR ALL TO hotline_centre, hotline_unit
    USING (account_id = (SELECT hotline.my_id())) WITH CHECK (account_id = (SELECT hotline.my_id()));
CREATE POLICY watched ON attendance FOR SELECT TO hotline_auditor USING ((SELECT hotline.my_id()) IS NOT NULL);

-- Residents, masked, for whose work is with citizens; a unit's own branch. Restricted groups for nobody here.
DO $$
DECLARE
    name text;
    its text;
BEGIN
    FOREACH name IN ARRAY ARRAY['person', 'household'] LOOP
        CALL hotline.grant_readable(name, 'hotline_centre');
        CALL hotline.grant_readable(name, 'hotline_unit');
        EXECUTE format('CREATE POLICY desks ON public.%I FOR SELECT TO hotline_centre
            USING ((SELECT hotline.my_role()) IN (''agent'', ''supervisor'', ''dispatcher'', ''revisitor'', ''overseer''))',
            name);
        EXECUTE format('CREATE POLICY own_branch ON public.%I FOR SELECT TO hotline_unit
            USING ((SELECT hotline.my_role()) = ANY (string_to_array(%L, '',''))
                   AND grid_id IN (SELECT g.unit_id FROM grid g WHERE g.code >= (SELECT hotline.my_code())
                               AND g.code < (SELECT hotline.code_end(hotline.my_code()))))', name, :unit_roles);
    END LOOP;
    CALL hotline.grant_readable('special_group_member', 'hotline_centre');
    CALL hotline.grant_readable('special_group_member', 'hotline_unit');
END
$$;
CREATE POLICY with_person ON special_group_member FOR SELECT TO hotline_centre, hotline_unit
    USING (NOT restricted AND EXISTS (SELECT FROM person p WHERE p.id = person_id));

-- What a desk keeps of its own doing.
GRANT SELECT, INSERT ON knowledge_feedback TO hotline_centre, hotline_unit;
CREATE POLICY heard ON knowledge_feedback FOR ALL TO hotline_centre, hotline_unit
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
GRANT UPDATE (hit_count) ON knowledge_entry TO hotline_centre, hotline_unit;
CREATE POLICY counted ON knowledge_entry FOR UPDATE TO hotline_centre, hotline_unit
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
GRANT INSERT ON campaign TO hotline_centre;
CREATE POLICY named ON campaign FOR INSERT TO hotline_centre WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
GRANT SELECT ON archive_manifest TO hotline_centre;
GRANT INSERT ON archive_manifest TO hotline_clerk, hotline_supervisor, hotline_keeper;
CREATE POLICY seen ON archive_manifest FOR SELECT TO hotline_centre USING ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY sealed ON archive_manifest FOR INSERT TO hotline_clerk, hotline_supervisor, hotline_keeper
    WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id AND t.state = 'archived'));

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

-- Who printed what, and who saw whom, is for auditors to read, and one's own for oneself; the chain is written by
-- functions only.
GRANT SELECT ON audit_entry, print_log TO hotline_auditor;
CREATE POLICY auditors ON audit_entry FOR SELECT TO hotline_auditor USING ((SELECT hotline.my_id()) IS NOT NULL);
GRANT SELECT ON audit_entry, print_log TO hotline_centre, hotline_unit;
CREATE POLICY own ON audit_entry FOR SELECT TO hotline_centre, hotline_unit
    USING (account_id = (SELECT hotline.my_id()));
-- Which copy comes next is counted over everybody's.
CREATE POLICY with_ticket ON print_log FOR SELECT TO hotline_centre, hotline_unit
    USING (account_id = (SELECT hotline.my_id()) OR EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id));
GRANT INSERT ON print_log TO hotline_centre, hotline_unit;
CREATE POLICY own_hand ON print_log FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (account_id = (SELECT hotline.my_id()));
-- How many pages a copy came to is known once it is drawn.
GRANT UPDATE (pages) ON print_log TO hotline_centre, hotline_unit;
CREATE POLICY own_copy ON print_log FOR UPDATE TO hotline_centre, hotline_unit
    USING (account_id = (SELECT hotline.my_id()) AND at > clock_timestamp() - interval '10 minutes')
    WITH CHECK (account_id = (SELECT hotline.my_id()));
-- A sheet opened by a grant that is taken back goes with it, before anybody has concluded it.
GRANT DELETE ON joint_sheet TO hotline_dispatcher, hotline_supervisor;
CREATE POLICY unconcluded ON joint_sheet AS RESTRICTIVE FOR DELETE TO hotline_dispatcher, hotline_supervisor
    USING (concluded_at IS NULL);
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
