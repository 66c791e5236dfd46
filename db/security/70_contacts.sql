-- Who a citizen is. These columns are granted to nobody: they leave the database through the functions below,
-- which check who asks, count, and write the audit line in the same transaction (field-facts 10.1 to 10.3).
GRANT SELECT (id, ticket_id, person_id, call_id, main, joined_at, merged_from_id, called_back_at)
    ON appellant TO hotline_centre, hotline_unit;
GRANT INSERT ON appellant TO hotline_centre, hotline_unit;
GRANT UPDATE (person_id, call_id, name, phone, phone_tail, wechat, address, said, called_back_at, merged_from_id,
              ticket_id, main) ON appellant TO hotline_centre;
CREATE POLICY with_ticket ON appellant FOR ALL TO hotline_centre, hotline_unit
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id))
    WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id));

-- Whether the asker sees this work order: the same conditions as the policies on `ticket`.
CREATE OR REPLACE FUNCTION hotline.sees(the_ticket bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM ticket t WHERE t.id = the_ticket AND hotline.my_id() IS NOT NULL AND (
            t.creator_id = hotline.my_id()
            OR (pg_has_role(session_user, 'hotline_centre', 'member') AND t.state <> 'draft')
            OR (pg_has_role(session_user, 'hotline_unit', 'member')
                AND (EXISTS (SELECT FROM ticket_scope s WHERE s.ticket_id = t.id
                             AND s.unit_code >= hotline.my_code()
                             AND s.unit_code < hotline.code_end(hotline.my_code()))
                     OR (t.state = 'pending_verify' AND hotline.my_role() IN ('grid_leader', 'grid_worker')
                         AND t.grid_code >= hotline.my_code()
                         AND t.grid_code < hotline.code_end(hotline.my_code())))
                AND NOT (t.confidential AND t.respondent_code = ANY (hotline.codes_above(hotline.my_code()))))
        )
    )
$$;

-- The hour's cap of the policy pack, put here by the installer; a reason is required.
CREATE TABLE IF NOT EXISTS reveal_limit (per_hour integer NOT NULL);
ALTER TABLE reveal_limit ENABLE ROW LEVEL SECURITY;

CREATE OR REPLACE FUNCTION hotline.allow_reveal(why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made integer;
    most integer;
BEGIN
    IF btrim(coalesce(why, '')) = '' THEN
        RAISE EXCEPTION 'a reason is required' USING ERRCODE = 'HL001';
    END IF;
    -- Two sessions of one login must not both take the last one.
    PERFORM pg_advisory_xact_lock(1234511, hotline.my_id()::integer);
    SELECT count(*) INTO made FROM audit_entry
     WHERE account_id = hotline.my_id() AND action = 'reveal' AND at > clock_timestamp() - interval '1 hour';
    SELECT per_hour INTO most FROM reveal_limit;
    IF made >= coalesce(most, 20) THEN
        RAISE EXCEPTION 'too many reveals in one hour' USING ERRCODE = 'HL002';
    END IF;
END
$$;

-- One field of the appellant of one work order, in full. Roles as in console/services/orders/contacts.py.
CREATE OR REPLACE FUNCTION hotline.reveal(
    the_ticket bigint, what text, why text, digest_of_phone text, station text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    t ticket;
    person appellant;
    role text := hotline.my_role();
    found text;
BEGIN
    IF NOT hotline.sees(the_ticket) THEN
        RAISE EXCEPTION 'no such work order' USING ERRCODE = 'HL004';
    END IF;
    SELECT * INTO t FROM ticket WHERE id = the_ticket;
    IF t.confidential AND role NOT IN ('revisitor', 'overseer', 'supervisor') AND t.creator_id <> hotline.my_id() THEN
        RAISE EXCEPTION 'confidential' USING ERRCODE = 'HL003';
    END IF;
    IF NOT (role IN ('agent', 'supervisor', 'dispatcher', 'revisitor', 'overseer')
            OR (pg_has_role(session_user, 'hotline_unit', 'member') AND t.reply_wanted)) THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'HL003';
    END IF;
    PERFORM hotline.allow_reveal(why);
    SELECT * INTO person FROM appellant WHERE ticket_id = the_ticket ORDER BY main DESC, id LIMIT 1;
    found := CASE what WHEN 'name' THEN person.name WHEN 'phone' THEN person.phone
                       WHEN 'address' THEN t.address END;
    PERFORM hotline.audit('reveal', 'ticket', t.number, why, digest_of_phone, station,
                          jsonb_build_object('fields', jsonb_build_array(what)));
    RETURN found;
END
$$;
REVOKE ALL ON FUNCTION hotline.sees(bigint), hotline.allow_reveal(text),
    hotline.reveal(bigint, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.reveal(bigint, text, text, text, text) TO hotline_centre, hotline_unit;
GRANT EXECUTE ON FUNCTION hotline.sees(bigint) TO hotline_staff;

-- Search: every word of every work order, told only of those the asker sees. `@@` is not leakproof, so under a
-- policy it could not use its index; here the index is used first and the scope applied to what it finds.
CREATE OR REPLACE FUNCTION hotline.find_tickets(query text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hit bigint;
    left_over integer := least(greatest(most, 0), 500);
BEGIN
    FOR hit IN
        WITH hits AS MATERIALIZED (SELECT ticket_id FROM ticket_text WHERE pieces @@ query::tsquery)
        SELECT ticket_id FROM hits ORDER BY ticket_id DESC
    LOOP
        EXIT WHEN left_over = 0;
        IF hotline.sees(hit) THEN
            left_over := left_over - 1;
            RETURN NEXT hit;
        END IF;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION hotline.find_tickets(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.find_tickets(text, integer) TO hotline_centre, hotline_unit;
