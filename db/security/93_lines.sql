-- What insiders tried and what stops them (tests/security/test_insiders.py). What stands beside a work order is written
-- together with a line in its log, under the writer's own name, and a line of the log is a move that took place.

-- A refusal that stays in the server's own log, whatever becomes of the transaction.
CREATE OR REPLACE FUNCTION hotline.refuse_write(what text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE LOG 'hotline: % was refused: %', session_user, what;
    RAISE EXCEPTION '%', what USING ERRCODE = '42501';
END
$$;

-- --- lines

-- A line tells of a move that this role may make and that brought the work order where it now stands.
CREATE OR REPLACE FUNCTION hotline.true_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM lifecycle_rule r WHERE r.move = NEW.move AND r.role = hotline.my_role()
                   AND r.to_state = NEW.state_after)
       OR NOT EXISTS (SELECT FROM ticket t WHERE t.id = NEW.ticket_id AND t.state = NEW.state_after) THEN
        PERFORM hotline.refuse_write('this is no move of yours; a work order changes by a logged move only');
    END IF;
    RETURN NEW;
END
$$;
-- After `stamp`, in the order of names.
CREATE OR REPLACE TRIGGER true_line BEFORE INSERT ON ticket_event
    FOR EACH ROW EXECUTE FUNCTION hotline.true_line();

-- The moves this operator has logged on a work order in this transaction.
CREATE OR REPLACE FUNCTION hotline.my_moves(the_ticket bigint) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(e.move::text), '{}') FROM ticket_event e
     WHERE e.ticket_id = the_ticket AND e.txid = txid_current_if_assigned() AND e.actor_id = hotline.my_id()
$$;

-- Beside the flow: what is said about a work order alters nothing in it.
CREATE OR REPLACE FUNCTION hotline.beside() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$ SELECT '{note,tag,read_copy,notify,promise,keep_promise,instruct,urge}'::text[] $$;
-- Taking down what somebody asks for.
CREATE OR REPLACE FUNCTION hotline.intake() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT '{save,register,receive,accept,answer,reject,settle_on_site,carry_over,hand_to_police,police_refused,
             refuse_police,split_off}'::text[]
$$;

-- --- what of a work order a move may change

CREATE OR REPLACE FUNCTION hotline.out_of_reach(was ticket, is_now ticket, moves text[]) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT array_agg(key) FROM (
        SELECT o.key, o.value AS old, n.value AS new FROM jsonb_each(to_jsonb(was)) o JOIN jsonb_each(to_jsonb(is_now)) n USING (key)
         WHERE o.value IS DISTINCT FROM n.value
    ) AS changed
    WHERE NOT CASE
        WHEN key IN ('version', 'moved_at', 'yellow_at') THEN true
        -- One's own that no unit has in hand yet is still being written.
        WHEN was.creator_id = hotline.my_id() AND was.state IN ('draft', 'pending_accept', 'pending_dispatch') THEN true
        -- What was asked for and by whom.
        WHEN key IN ('title', 'content', 'wanted', 'occurred_text', 'occurred_at', 'category_code', 'category_path',
                     'own_limit', 'needs_site_proof', 'address', 'place', 'grid_id', 'grid_code', 'grid_rule', 'x', 'y',
                     'respondent', 'respondent_unit_id', 'respondent_code', 'nature', 'urgency', 'complex', 'dispute',
                     'legacy_issue', 'confidential', 'confidential_reason', 'anonymous', 'reply_wanted', 'reachable',
                     'appellant_masked', 'phone_masked', 'caller_kind', 'form_key', 'lookup_code', 'sub_hotline',
                     'accepted_at', 'split_from_id')
        THEN moves && hotline.intake()
            OR (moves @> '{amend}' AND (hotline.my_role() IN ('supervisor', 'dispatcher') OR key = 'dispute'
                                        OR (hotline.my_role() = 'agent' AND was.creator_id = hotline.my_id())))
            OR (moves @> '{split}' AND key IN ('title', 'content'))
            -- Struck out by the server itself.
            OR to_jsonb(regexp_replace(old #>> '{}', coalesce(hotline.spellings(was.id), '$^'), '（保密）', 'g')) = new
        -- Put in by what stands beside the flow.
        WHEN key IN ('handler_ids', 'special_tags', 'open_promises', 'urge_count', 'leader_instructed', 'platform')
        THEN true
        WHEN moves <@ hotline.beside() THEN false
        WHEN key IN ('supervision') THEN moves && '{supervise,lift_supervision,redo,fail_review,fail_verify,reopen,close,
                                                   void,withdraw_appeal,merge,unmerge,undo_close}'::text[]
                                      OR hotline.my_role() NOT IN ('agent', 'clerk')
        -- What the centre judges by is not a unit's to write.
        WHEN key IN ('satisfaction', 'finish_due', 'total_due', 'paused_minutes', 'extension_days', 'extension_count',
                     'archive_no', 'archived_at', 'review_comment', 'reviewer_name', 'dispatch_opinion')
        THEN hotline.my_role() <> ALL (string_to_array(:unit_roles, ','))
            -- Found undone on the spot: to be done again, with a limit of its own.
            OR (moves && '{fail_verify}' AND key IN ('finish_due', 'total_due', 'paused_minutes'))
        ELSE true END
$$;

-- At commit every change of a work order must stand in the log: a move of this transaction, by this
-- operator, that the table of the lifecycle allows this role from the old state to the new one.
CREATE OR REPLACE FUNCTION hotline.require_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old_state text := '';
    moves text[];
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        old_state := OLD.state;
    END IF;
    IF NOT EXISTS (
        SELECT FROM ticket_event e
        JOIN lifecycle_rule r ON r.move = e.move AND r.role = hotline.my_role()
        WHERE e.ticket_id = NEW.id AND e.txid = txid_current() AND e.actor_id = hotline.my_id()
          AND (old_state = NEW.state
               OR (r.from_state = old_state AND e.state_after = NEW.state AND r.to_state = NEW.state))
    ) THEN
        PERFORM hotline.refuse_write('a work order changes by a logged move only');
    END IF;
    IF TG_OP = 'UPDATE' THEN
        moves := hotline.out_of_reach(OLD, NEW, hotline.my_moves(NEW.id));
        IF moves IS NOT NULL THEN
            PERFORM hotline.refuse_write(format('no logged move of yours changes %s', array_to_string(moves, ', ')));
        END IF;
        -- Who dispatched, who closed: oneself, or what an undone step had put there.
        IF (NEW.dispatcher_id IS DISTINCT FROM OLD.dispatcher_id AND NEW.dispatcher_id <> hotline.my_id()
            AND NOT EXISTS (SELECT FROM ticket_event e WHERE e.ticket_id = NEW.id AND e.actor_id = NEW.dispatcher_id))
           OR (NEW.closer_id IS DISTINCT FROM OLD.closer_id AND NEW.closer_id <> hotline.my_id()
            AND NOT EXISTS (SELECT FROM ticket_event e WHERE e.ticket_id = NEW.id AND e.actor_id = NEW.closer_id)) THEN
            PERFORM hotline.refuse_write('nobody signs for somebody else');
        END IF;
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS require_move ON ticket;
CREATE CONSTRAINT TRIGGER require_move AFTER INSERT OR UPDATE ON ticket
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.require_move();

-- Whose work order it is: the writer's own; split off, that of whoever wrote the first one.
CREATE OR REPLACE FUNCTION hotline.own_ticket() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account := hotline.me();
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM ticket o WHERE o.id = NEW.split_from_id AND hotline.sees(o.id)
                   AND (o.creator_id, o.creator_name) = (NEW.creator_id, NEW.creator_name)
                   AND mine.role IN ('dispatcher', 'supervisor')) THEN
        IF NEW.creator_id IS DISTINCT FROM mine.id OR NEW.creator_name NOT IN ('', mine.name || ' ' || mine.agent_no) THEN
            PERFORM hotline.refuse_write('nobody signs for somebody else');
        END IF;
    END IF;
    -- Written down before it could be sent, never afterwards.
    NEW.created_at := least(NEW.created_at, clock_timestamp());
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER own_ticket BEFORE INSERT ON ticket
    FOR EACH ROW EXECUTE FUNCTION hotline.own_ticket();

-- --- what stands beside a work order

-- TG_ARGV[0]: 'any' where what is said beside the flow is enough, 'flow' where it is not.
CREATE OR REPLACE FUNCTION hotline.require_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moves text[];
BEGIN
    -- Struck out by the server: not the writer's doing.
    IF NOT hotline.is_operator() OR (TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW) THEN
        RETURN NULL;
    END IF;
    moves := hotline.my_moves(coalesce(NEW.ticket_id, OLD.ticket_id));
    IF moves = '{}' OR (TG_ARGV[0] = 'flow' AND moves <@ hotline.beside()) THEN
        PERFORM hotline.refuse_write(format('%s is written with a logged move only', TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END
$$;

-- A unit signs now, not the day before; the limit is not its own to set; it passes on downwards or to its superior.
CREATE OR REPLACE FUNCTION hotline.own_share() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    row_then jsonb := '{}';
    row_now jsonb := to_jsonb(NEW);
    name text;
BEGIN
    IF NOT hotline.is_operator() OR hotline.my_role() <> ALL (string_to_array(:unit_roles, ',')) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        row_then := to_jsonb(OLD);
        IF (NEW.unit_id, NEW.unit_code, NEW.seq, NEW.kind, NEW.designated, NEW.dispatched_at)
            IS DISTINCT FROM (OLD.unit_id, OLD.unit_code, OLD.seq, OLD.kind, OLD.designated, OLD.dispatched_at)
           OR ((NEW.finish_due, NEW.sign_due, NEW.response_due)
                IS DISTINCT FROM (OLD.finish_due, OLD.sign_due, OLD.response_due)
               AND NOT hotline.my_moves(NEW.ticket_id) && '{fail_verify,pass_verify}'::text[]) THEN
            PERFORM hotline.refuse_write('a share and its limit are the centre''s to set');
        END IF;
    ELSIF NOT (NEW.unit_code >= hotline.my_code() AND NEW.unit_code < hotline.code_end(hotline.my_code())
               OR NEW.unit_code = ANY (hotline.codes_above(hotline.my_code()))) THEN
        PERFORM hotline.refuse_write('a unit passes on within its branch');
    END IF;
    FOREACH name IN ARRAY '{dispatched_at,signed_at,responded_at,arrived_at,replied_at,ended_at}'::text[] LOOP
        IF row_now ->> name IS NOT NULL AND row_now -> name IS DISTINCT FROM row_then -> name
           AND (row_now ->> name)::timestamptz
               NOT BETWEEN clock_timestamp() - interval '5 minutes' AND clock_timestamp() + interval '5 seconds' THEN
            PERFORM hotline.refuse_write('what a unit does happens now');
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS own_share ON assignment;
CREATE CONSTRAINT TRIGGER own_share AFTER INSERT OR UPDATE ON assignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.own_share();

-- A caller, once known, is somebody else only where the record is put right.
CREATE OR REPLACE FUNCTION hotline.same_caller() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moves text[];
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NULL;
    END IF;
    moves := hotline.my_moves(NEW.ticket_id);
    IF moves = '{}' OR (TG_OP = 'UPDATE' AND OLD.name || OLD.phone <> ''
        AND (OLD.name, OLD.phone, OLD.address, OLD.wechat, OLD.person_id)
            IS DISTINCT FROM (NEW.name, NEW.phone, NEW.address, NEW.wechat, NEW.person_id)
        AND NOT moves && (hotline.intake() || '{amend}'::text[])
        AND NOT EXISTS (SELECT FROM ticket t WHERE t.id = NEW.ticket_id AND t.creator_id = hotline.my_id()
                        AND t.state IN ('draft', 'pending_accept', 'pending_dispatch'))) THEN
        PERFORM hotline.refuse_write('appellant is written with a logged move only');
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS require_line ON appellant;
CREATE CONSTRAINT TRIGGER require_line AFTER INSERT OR UPDATE ON appellant
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.same_caller();

-- Names beside what was done: one's own. TG_ARGV: columns with an account's id or a signature.
CREATE OR REPLACE FUNCTION hotline.own_hand() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account;
    row_now jsonb := to_jsonb(NEW);
    row_then jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}'::jsonb END;
    name text;
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    mine := hotline.me();
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF coalesce(row_now ->> name, '') <> '' AND row_now -> name IS DISTINCT FROM row_then -> name
           AND row_now ->> name NOT IN (mine.id::text, mine.name, mine.name || ' ' || mine.agent_no) THEN
            PERFORM hotline.refuse_write('nobody signs for somebody else');
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('assignment', 'flow', ''), ('handling_result', 'flow', 'handler_id,handler_name'),
        ('contact', 'flow', 'contacted_by'), ('return_request', 'flow', 'asked_by,decided_by'),
        ('extension_request', 'flow', 'asked_by,decided_by'), ('suspension', 'flow', 'by'),
        ('callback', 'any', 'revisitor_id,revisitor_name'), ('verification', 'flow', 'verifier_id,verifier_name'),
        ('mediation_round', 'any', ''), ('whistle_call', 'any', 'called_by'), ('joint_sheet', 'any', 'opened_by,concluded_by'),
        ('notify_copy', 'any', 'read_by'), ('urging', 'any', 'by'),
        ('supervision', 'any', 'issued_by,lifted_by,feedback_by'), ('promise', 'any', 'made_by,kept_by'),
        ('gate_override', '', 'by,judged_by'), ('ticket_text', 'any', ''),
        ('attachment', '', 'added_by'), ('presence', '', 'account_id'), ('blocked_number', '', 'requested_by,approved_by'),
        ('police_transfer', '', 'settled_by'), ('archive_manifest', '', 'sealed_by')
    ) AS told (name, lines, hands) LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS require_line ON public.%I', one.name);
        IF one.lines <> '' THEN
            EXECUTE format('CREATE CONSTRAINT TRIGGER require_line AFTER INSERT OR UPDATE OR DELETE ON public.%I
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.require_line(%L)', one.name, one.lines);
        END IF;
        IF one.hands <> '' THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER own_hand BEFORE INSERT OR UPDATE ON public.%I
                FOR EACH ROW EXECUTE FUNCTION hotline.own_hand(%s)', one.name,
                (SELECT string_agg(quote_literal(c), ', ') FROM unnest(string_to_array(one.hands, ',')) c));
        END IF;
    END LOOP;
    -- Nothing is moved to another work order or becomes another file.
    FOR one IN SELECT c.relname AS name, string_agg(quote_ident(a.attname), ', ') AS columns
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
               WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
                 AND a.attname NOT IN ('id', 'ticket_id', 'account_id', 'sha256', 'size', 'media_type', 'added_by', 'added_at')
                 AND c.relname IN ('assignment', 'handling_result', 'contact', 'attachment', 'return_request',
                     'extension_request', 'suspension', 'verification', 'mediation_round', 'whistle_call', 'joint_sheet',
                     'notify_copy', 'urging', 'supervision', 'promise', 'gate_override', 'presence', 'police_transfer',
                     'callback')
               GROUP BY c.relname
    LOOP
        EXECUTE format('REVOKE UPDATE ON public.%I FROM hotline_centre, hotline_unit', one.name);
        EXECUTE format('GRANT UPDATE (%s) ON public.%I TO hotline_centre, hotline_unit', one.columns, one.name);
    END LOOP;
    -- Whoever may update a whole table may lock it against everybody; by columns he may not.
    FOR one IN SELECT c.relname AS name, g.rolname AS grantee,
                      (SELECT string_agg(quote_ident(a.attname), ', ') FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'id') AS columns
               FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) x JOIN pg_roles g ON g.oid = x.grantee
               WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                 AND x.privilege_type = 'UPDATE' AND g.rolname LIKE 'hotline\_%' AND x.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE UPDATE ON public.%I FROM %I', one.name, one.grantee);
        EXECUTE format('GRANT UPDATE (%s) ON public.%I TO %I', one.columns, one.name, one.grantee);
    END LOOP;
    REVOKE UPDATE ON ticket_campaign FROM hotline_centre, hotline_unit;
END
$$;
-- A copy that came with a merged work order goes back to it with the calls that were made (console/ledger/appellants.py).
CREATE POLICY own_presence ON presence AS RESTRICTIVE FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (account_id = (SELECT hotline.my_id()));
CREATE POLICY own_presence_on ON presence AS RESTRICTIVE FOR UPDATE TO hotline_centre, hotline_unit
    USING (account_id = (SELECT hotline.my_id()));
CREATE POLICY own_presence_off ON presence AS RESTRICTIVE FOR DELETE TO hotline_centre, hotline_unit
    USING (account_id = (SELECT hotline.my_id()) OR (SELECT hotline.my_role()) = 'keeper');
-- What is over stays as it is.
CREATE POLICY not_archived ON callback AS RESTRICTIVE FOR DELETE TO hotline_centre
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id AND t.state <> 'archived'));
CREATE POLICY not_over ON attachment AS RESTRICTIVE FOR DELETE TO hotline_centre, hotline_unit
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id
                   AND t.state NOT IN ('closed', 'archived', 'void', 'merged', 'rejected', 'answered')));
CREATE POLICY seen_ticket ON print_log AS RESTRICTIVE FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (ticket_id IS NULL OR EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id));
CREATE POLICY desks ON police_transfer AS RESTRICTIVE FOR INSERT TO hotline_centre
    WITH CHECK ((SELECT hotline.my_role()) IN ('agent', 'supervisor', 'dispatcher'));
CREATE POLICY desks_only ON police_transfer AS RESTRICTIVE FOR UPDATE TO hotline_centre
    USING ((SELECT hotline.my_role()) IN ('agent', 'supervisor', 'dispatcher'));

-- Judged by the desks that oversee; what a unit explained it explains once.
CREATE POLICY judged ON gate_override AS RESTRICTIVE FOR UPDATE TO hotline_centre, hotline_unit
    USING ((SELECT hotline.my_role()) IN ('supervisor', 'overseer'));

-- A picture taken away leaves a line in the audit; only who put it there, or his unit, takes it away.
CREATE OR REPLACE FUNCTION hotline.remove_attachment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account;
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN OLD;
    END IF;
    mine := hotline.me();
    IF OLD.added_by <> mine.name || ' ' || mine.agent_no AND NOT EXISTS (
        SELECT FROM assignment a WHERE a.ticket_id = OLD.ticket_id AND a.seq = OLD.share_seq AND a.unit_id = mine.unit_id) THEN
        PERFORM hotline.refuse_write('this file was added by somebody else');
    END IF;
    PERFORM hotline.add_line('remove_file', 'attachment', OLD.id::text, '', '', '',
                             jsonb_build_object('ticket_id', OLD.ticket_id, 'kind', OLD.kind, 'sha256', OLD.sha256));
    RETURN OLD;
END
$$;
CREATE OR REPLACE TRIGGER remove_attachment BEFORE DELETE ON attachment
    FOR EACH ROW EXECUTE FUNCTION hotline.remove_attachment();

-- Texts as typed come with the move they were typed for.
CREATE OR REPLACE FUNCTION hotline.typed_with_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.is_operator() AND NEW.table_name = 'ticket' AND hotline.my_moves(NEW.row_id) <@ hotline.beside() THEN
        PERFORM hotline.refuse_write('original_text is written with a logged move only');
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS require_line ON original_text;
CREATE CONSTRAINT TRIGGER require_line AFTER INSERT ON original_text
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.typed_with_move();

-- --- units

-- By its code a unit sees its branch: no desk alters one.
CREATE OR REPLACE FUNCTION hotline.same_code() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.is_operator() AND (NEW.code <> OLD.code OR to_jsonb(NEW) -> 'id' IS DISTINCT FROM to_jsonb(OLD) -> 'id') THEN
        PERFORM hotline.refuse_write('a unit keeps its code');
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER same_code BEFORE UPDATE ON unit FOR EACH ROW EXECUTE FUNCTION hotline.same_code();
CREATE OR REPLACE TRIGGER same_code BEFORE UPDATE ON grid FOR EACH ROW EXECUTE FUNCTION hotline.same_code();

-- --- calls

-- A call belongs to whoever answered it while it rang; nobody takes over another one's, or one of last week.
CREATE OR REPLACE FUNCTION hotline.own_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    IF hotline.my_role() NOT IN ('agent', 'supervisor', 'dispatcher', 'revisitor') THEN
        PERFORM hotline.refuse_write('no calls are taken at this desk');
    END IF;
    IF (TG_OP = 'INSERT' AND NEW.account_id IS NOT NULL AND NEW.account_id <> hotline.my_id())
       OR (TG_OP = 'UPDATE' AND NEW.account_id IS DISTINCT FROM OLD.account_id
           AND (NEW.account_id <> hotline.my_id() OR OLD.answered_at IS NOT NULL
                OR OLD.ring_at < clock_timestamp() - interval '10 minutes'))
       OR (TG_OP = 'UPDATE' AND OLD.account_id <> hotline.my_id() AND OLD.answered_at IS NOT NULL
           AND hotline.my_role() <> 'supervisor')
       OR (TG_OP = 'UPDATE' AND NEW.answered_at IS DISTINCT FROM OLD.answered_at
           AND (OLD.answered_at IS NOT NULL OR NEW.account_id IS DISTINCT FROM hotline.my_id()
                OR OLD.ring_at < clock_timestamp() - interval '10 minutes')) THEN
        PERFORM hotline.refuse_write('this call was not answered here');
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER own_call BEFORE INSERT OR UPDATE ON call
    FOR EACH ROW EXECUTE FUNCTION hotline.own_call();

-- --- how a name may be spelled (db/models/private.py `spellings`): out of the name and the number and nothing else,
-- or whatever somebody wrote there would be struck out of the log.
CREATE OR REPLACE FUNCTION hotline.true_spellings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    rest text;
BEGIN
    IF NOT hotline.is_operator() OR pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    rest := replace(replace(NEW.spellings, '[\s\-‐-―−.]?', ''), '\s*', '');
    rest := regexp_replace(rest, '\[[0-9][０-９]\]', '', 'g');
    rest := translate(rest, NEW.name || NEW.phone || :titles || '\|*＊某X+() -', '');
    IF rest <> '' OR (NEW.spellings <> '' AND '' ~ NEW.spellings)
       OR (length(NEW.name) > 1 AND NEW.spellings = '' AND NEW.name NOT IN ('匿名', '保密', '（保密）')) THEN
        PERFORM hotline.refuse_write('these are no spellings of the name');
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER true_spellings BEFORE INSERT OR UPDATE OF name, phone, spellings ON appellant
    FOR EACH ROW EXECUTE FUNCTION hotline.true_spellings();

-- --- comparing texts

-- The planner asks a cheap and harmless question before the row policy; EXPLAIN ANALYZE then tells whether any work
-- order at all, of whatever unit, has such a title. As soon as a comparison costs more it waits for the policy; an
-- index answers it as before. For a superuser (docs/operations.md), as with large objects.
DO $$
DECLARE
    one regprocedure;
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RETURN;
    END IF;
    FOR one IN SELECT oid::regprocedure FROM pg_proc
               WHERE pronamespace = 'pg_catalog'::regnamespace AND proleakproof AND prorettype = 'bool'::regtype
                 AND proargtypes[0] IN ('text'::regtype, 'bpchar'::regtype) AND procost < 11
    LOOP
        EXECUTE format('ALTER FUNCTION %s COST 11', one);
    END LOOP;
END
$$;
