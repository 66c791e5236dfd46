-- Who a citizen is leaves the database through the functions below alone: they check who asks, keep count, and what
-- they tell in full they tell only after the line about it stands in the audit for good (docs/decisions/012).
CALL hotline.grant_readable('appellant', 'hotline_centre');
CALL hotline.grant_readable('appellant', 'hotline_unit');
GRANT INSERT ON appellant TO hotline_centre, hotline_unit;
-- Never to another work order, nor as if it had come with another one.
REVOKE UPDATE ON appellant FROM hotline_centre, hotline_unit;
GRANT UPDATE (person_id, call_id, name, name_masked, phone, phone_masked, phone_key, phone_end, spellings,
              name_pieces, wechat, address, said, called_back_at, main) ON appellant TO hotline_centre;
CREATE POLICY with_ticket ON appellant FOR ALL TO hotline_centre
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id))
    WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id AND t.state <> 'archived'));
-- Key and link to a resident lead a unit to whoever asked for confidence as surely as the name.
CREATE POLICY with_open_ticket ON appellant FOR SELECT TO hotline_unit
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id
                   AND (NOT t.confidential OR t.creator_id = (SELECT hotline.my_id()))));
CREATE POLICY on_own_report ON appellant FOR INSERT TO hotline_unit
    WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id AND t.state <> 'archived'
                        AND t.creator_id = (SELECT hotline.my_id())));

-- Who typed a caller or a place in. What was copied from elsewhere is not its copier's.
CREATE TABLE IF NOT EXISTS hotline.typed (
    kind text NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT pk_typed PRIMARY KEY (kind, id)
);

-- The hour's cap of the policy pack, put here by the installer; a reason is required.
CREATE TABLE IF NOT EXISTS reveal_limit (per_hour integer NOT NULL);
ALTER TABLE reveal_limit ENABLE ROW LEVEL SECURITY;

DROP FUNCTION IF EXISTS hotline.allow_reveal();
CREATE OR REPLACE FUNCTION hotline.allow_reveal(what text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made integer;
    most integer;
BEGIN
    -- Two sessions of one login must not both take the last one.
    PERFORM pg_advisory_xact_lock(1234511, hotline.my_id()::integer);
    SELECT count(*) INTO made FROM audit_entry
     WHERE account_id = hotline.my_id() AND action = what AND at > clock_timestamp() - interval '1 hour';
    SELECT per_hour INTO most FROM reveal_limit;
    -- Nobody talks to more people in an hour, whatever the records of calls say.
    IF made >= coalesce(most, 20) * (CASE what WHEN 'reveal' THEN 1 ELSE 3 END) THEN
        RAISE LOG 'hotline: % has reached the cap of reveals', session_user;
        RAISE EXCEPTION 'too many reveals in one hour' USING ERRCODE = 'HL002';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION hotline.refuse_reveal(code text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE LOG 'hotline: % was refused a reveal', session_user;
    RAISE EXCEPTION 'not for you' USING ERRCODE = code;
END
$$;

-- Roles as in console/services/orders/contacts.py `refusal`.
CREATE OR REPLACE FUNCTION hotline.may_know(the_ticket bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    t ticket;
    role text := hotline.my_role();
BEGIN
    IF NOT hotline.sees(the_ticket) THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    SELECT * INTO t FROM ticket WHERE id = the_ticket;
    IF t.confidential AND role NOT IN ('revisitor', 'overseer', 'supervisor') AND (t.creator_id <> hotline.my_id()
       OR EXISTS (SELECT FROM appellant a JOIN hotline.typed y ON y.kind = 'appellant' AND y.id = a.id
                  WHERE a.ticket_id = the_ticket AND y.account_id <> hotline.my_id())) THEN
        PERFORM hotline.refuse_reveal('HL003');
    END IF;
    IF NOT (role IN ('agent', 'supervisor', 'dispatcher', 'revisitor', 'overseer')
            OR (role = ANY (string_to_array(:unit_roles, ',')) AND t.reply_wanted)) THEN
        PERFORM hotline.refuse_reveal('HL003');
    END IF;
END
$$;

-- A citizen who is on the line with the asker, or was within the hour: that is the work itself.
CREATE OR REPLACE FUNCTION hotline.on_my_line(the_key text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT the_key <> '' AND EXISTS (
        SELECT FROM call c WHERE c.caller_key = the_key AND c.account_id = hotline.my_id()
           AND c.answered_at >= clock_timestamp() - interval '1 hour')
$$;

CREATE TABLE IF NOT EXISTS hotline.disclosure (
    line bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    subject bigint NOT NULL,
    fields text[] NOT NULL,
    txid bigint NOT NULL,
    at timestamptz NOT NULL
);

-- The first step: why, and a line in the audit. Its number opens the second for a minute, once this is committed.
CREATE OR REPLACE FUNCTION hotline.ask(
    the_kind text, the_id bigint, wanted text[], why text, station text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    the_ticket bigint;
    number text;
    key text;
    own boolean := false;
    line bigint;
BEGIN
    IF btrim(coalesce(why, '')) = '' THEN
        RAISE EXCEPTION 'a reason is required' USING ERRCODE = 'HL001';
    END IF;
    IF hotline.my_id() IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    IF NOT wanted <@ (CASE the_kind
            WHEN 'ticket' THEN ARRAY['name', 'phone', 'address', 'content']
            WHEN 'appellant' THEN ARRAY['name', 'phone']
            WHEN 'person' THEN ARRAY['name', 'home_address', 'phone', 'id_number']
            WHEN 'call' THEN ARRAY['phone'] ELSE ARRAY[]::text[] END) THEN
        PERFORM hotline.refuse_reveal('HL003');
    END IF;
    IF the_kind = 'ticket' THEN
        the_ticket := the_id;
        SELECT phone_key INTO key FROM appellant WHERE ticket_id = the_id ORDER BY main DESC, id LIMIT 1;
    ELSIF the_kind = 'appellant' THEN
        SELECT ticket_id, phone_key INTO the_ticket, key FROM appellant WHERE id = the_id;
    ELSIF the_kind = 'person' THEN
        SELECT phone_key INTO key FROM person WHERE id = the_id AND hotline.serves(grid_id);
        IF NOT FOUND THEN
            PERFORM hotline.refuse_reveal('HL004');
        END IF;
        own := hotline.on_my_line(key);
        -- A resident who asked for confidence is not found out by way of the register.
        IF NOT own AND hotline.my_role() NOT IN ('revisitor', 'overseer', 'supervisor') AND EXISTS (
            SELECT FROM appellant a JOIN ticket t ON t.id = a.ticket_id
             WHERE t.confidential AND t.creator_id <> hotline.my_id()
               AND (a.person_id = the_id OR (key <> '' AND a.phone_key = key))) THEN
            PERFORM hotline.refuse_reveal('HL003');
        END IF;
    ELSE
        SELECT caller_key, account_id = hotline.my_id() AND hotline.on_my_line(caller_key) INTO key, own
          FROM call WHERE id = the_id AND hotline.my_role() IN ('agent', 'supervisor');
        IF NOT FOUND THEN
            PERFORM hotline.refuse_reveal('HL004');
        END IF;
    END IF;
    IF the_kind IN ('ticket', 'appellant') THEN
        PERFORM hotline.may_know(the_ticket);
        SELECT t.number INTO number FROM ticket t WHERE t.id = the_ticket;
    END IF;
    PERFORM hotline.allow_reveal(CASE WHEN own THEN 'reveal_caller' ELSE 'reveal' END);
    line := hotline.add_line(
        CASE WHEN own THEN 'reveal_caller' ELSE 'reveal' END, CASE WHEN number IS NULL THEN the_kind ELSE 'ticket' END,
        coalesce(number, the_id::text), why, coalesce(key, ''), station,
        jsonb_build_object('fields', to_jsonb(wanted), the_kind, the_id));
    INSERT INTO hotline.disclosure VALUES (line, hotline.my_id(), the_kind, the_id, wanted, txid_current(), clock_timestamp());
    RETURN line;
END
$$;

CREATE OR REPLACE FUNCTION hotline.one_value(the_kind text, the_id bigint, what text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE the_kind
        WHEN 'ticket' THEN CASE what
            WHEN 'address' THEN (SELECT address FROM ticket WHERE id = the_id)
            WHEN 'content' THEN coalesce(
                (SELECT words FROM original_text WHERE table_name = 'ticket' AND row_id = the_id
                    AND column_name = 'content' ORDER BY id DESC LIMIT 1),
                (SELECT content FROM ticket WHERE id = the_id))
            ELSE (SELECT CASE what WHEN 'name' THEN a.name ELSE a.phone END FROM appellant a
                  WHERE a.ticket_id = the_id ORDER BY a.main DESC, a.id LIMIT 1) END
        WHEN 'appellant' THEN (SELECT CASE what WHEN 'name' THEN a.name ELSE a.phone END FROM appellant a WHERE a.id = the_id)
        WHEN 'person' THEN (SELECT CASE what WHEN 'name' THEN p.name WHEN 'phone' THEN p.phone
                                WHEN 'id_number' THEN p.id_number ELSE p.home_address END FROM person p WHERE p.id = the_id)
        ELSE (SELECT c.caller_no FROM call c WHERE c.id = the_id) END
$$;

-- The second step: what was asked for in a transaction that is committed. Rolling this one back takes nothing away.
CREATE OR REPLACE FUNCTION hotline.disclose(the_line bigint) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked hotline.disclosure;
BEGIN
    SELECT * INTO asked FROM hotline.disclosure
     WHERE line = the_line AND account_id = hotline.my_id() AND at > clock_timestamp() - interval '1 minute';
    IF asked.line IS NULL OR asked.txid = txid_current_if_assigned() THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    RETURN ARRAY(SELECT coalesce(hotline.one_value(asked.kind, asked.subject, f), '') FROM unnest(asked.fields) f);
END
$$;

-- What somebody typed and may still mend: one's own work order that no unit has in hand yet, on the same day.
CREATE OR REPLACE FUNCTION hotline.typed_by_me(the_ticket bigint)
RETURNS TABLE (name text, phone text, address text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.name, a.phone,
           CASE WHEN EXISTS (SELECT FROM hotline.typed y WHERE y.kind = 'ticket' AND y.id = t.id
                             AND y.account_id <> hotline.my_id()) THEN t.place ELSE t.address END
    FROM ticket t
    LEFT JOIN LATERAL (
        SELECT * FROM appellant a WHERE a.ticket_id = t.id AND NOT EXISTS (
            SELECT FROM hotline.typed y WHERE y.kind = 'appellant' AND y.id = a.id AND y.account_id <> hotline.my_id())
        ORDER BY a.main DESC, a.id LIMIT 1) a ON true
    WHERE t.id = the_ticket AND t.creator_id = hotline.my_id()
      AND t.state IN ('draft', 'pending_accept', 'pending_dispatch')
      AND (t.state = 'draft' OR t.created_at > clock_timestamp() - interval '1 day')
$$;

-- Who may still mend what is copied: whoever typed it, while that work order is nobody else's; otherwise nobody.
CREATE OR REPLACE FUNCTION hotline.typist(what text, its_id bigint, the_ticket bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT account_id FROM hotline.typed WHERE kind = what AND id = its_id),
                    (SELECT creator_id FROM ticket WHERE id = the_ticket
                        AND state IN ('draft', 'pending_accept', 'pending_dispatch')), 0)
$$;

-- The same citizen on another work order: copied without being read. Both must be the asker's to write.
CREATE OR REPLACE FUNCTION hotline.copy_caller(one bigint, other bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    a appellant;
    b appellant;
BEGIN
    SELECT * INTO a FROM appellant WHERE id = one;
    SELECT * INTO b FROM appellant WHERE id = other;
    -- Merging and splitting, at a desk that does; the log says so, or nothing is saved (93_lines.sql).
    IF NOT hotline.sees(a.ticket_id) OR NOT hotline.sees(b.ticket_id) OR b.phone <> '' OR b.name <> ''
       OR hotline.my_role() NOT IN ('agent', 'dispatcher', 'supervisor') THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    -- One confidential stays so: whoever sees the other must be no wider a circle.
    IF EXISTS (SELECT FROM ticket x, ticket y WHERE x.id = a.ticket_id AND y.id = b.ticket_id
               AND x.confidential AND NOT y.confidential) THEN
        RAISE EXCEPTION 'confidential' USING ERRCODE = 'HL003';
    END IF;
    UPDATE appellant SET (name, name_masked, phone, phone_masked, phone_end, spellings, name_pieces, wechat, address)
        = (a.name, a.name_masked, a.phone, a.phone_masked, a.phone_end, a.spellings, a.name_pieces, a.wechat, a.address)
     WHERE id = other;
    INSERT INTO hotline.typed VALUES ('appellant', other, hotline.typist('appellant', one, a.ticket_id))
        ON CONFLICT (kind, id) DO UPDATE SET account_id = excluded.account_id;
END
$$;

-- Somebody who came with another work order leaves with it: taken off when that one is taken out of the merge.
CREATE OR REPLACE FUNCTION hotline.part_caller(one bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM appellant a WHERE a.id = one AND hotline.sees(a.ticket_id) AND EXISTS (
        SELECT FROM ticket_event e WHERE e.ticket_id = a.merged_from_id AND e.move = 'unmerge'
           AND e.txid = txid_current() AND e.actor_id = hotline.my_id());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not for you' USING ERRCODE = 'HL004';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION hotline.copy_number(the_call bigint, the_mark bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE blocked_number b SET phone = c.caller_no, phone_masked = c.caller_masked
      FROM call c WHERE b.id = the_mark AND c.id = the_call AND b.phone = ''
       AND hotline.whole_city()
$$;

CREATE OR REPLACE FUNCTION hotline.copy_place(one bigint, other bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO hotline.typed VALUES ('ticket', other, hotline.typist('ticket', one, one)) ON CONFLICT (kind, id) DO UPDATE SET account_id = excluded.account_id;
    UPDATE ticket n SET address = o.address, place = o.place
      FROM ticket o WHERE o.id = one AND n.id = other AND n.split_from_id = one
       AND hotline.sees(one) AND hotline.sees(other)
$$;

-- Residents by the beginning of a name, or of its pinyin initials.
CREATE OR REPLACE FUNCTION hotline.people_called(start text, letters text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- As hotline.serves, for all that is found at once: row by row a common name took a unit's login ten seconds.
    everywhere boolean := hotline.my_role() IN ('agent', 'supervisor', 'dispatcher', 'revisitor', 'overseer');
    below boolean := hotline.my_role() = ANY (string_to_array(:unit_roles, ','));
    low text := hotline.my_code();
    high text := hotline.code_end(low);
BEGIN
    PERFORM hotline.pace();
    RETURN QUERY SELECT p.id FROM person p
     WHERE ((start <> '' AND p.sought >= start AND p.sought < left(start, -1) || chr(ascii(right(start, 1)) + 1))
            OR (letters <> '' AND p.initials >= letters
                AND p.initials < left(letters, -1) || chr(ascii(right(letters, 1)) + 1))
            OR (letters <> '' AND p.other_initials >= letters
                AND p.other_initials < left(letters, -1) || chr(ascii(right(letters, 1)) + 1)))
       AND (everywhere OR (below AND p.grid_id IN (SELECT g.unit_id FROM grid g WHERE g.code >= low AND g.code < high)))
     LIMIT least(greatest(most, 0), 200);
END
$$;

-- A work order's words, and its caller's name where that may be found by.
CREATE OR REPLACE FUNCTION hotline.index_ticket(the_ticket bigint, words text, by_name boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made tsvector := words::tsvector;
BEGIN
    IF NOT hotline.sees(the_ticket) THEN
        PERFORM hotline.refuse_reveal('HL004');
    END IF;
    IF by_name AND NOT EXISTS (SELECT FROM ticket t WHERE t.id = the_ticket AND (t.confidential OR t.anonymous)) THEN
        SELECT made || coalesce(a.name_pieces, '')::tsvector INTO made FROM appellant a
         WHERE a.ticket_id = the_ticket AND a.main ORDER BY a.id LIMIT 1;
    END IF;
    INSERT INTO ticket_text (ticket_id, pieces) VALUES (the_ticket, coalesce(made, words::tsvector))
        ON CONFLICT (ticket_id) DO UPDATE SET pieces = excluded.pieces;
END
$$;

DROP FUNCTION IF EXISTS hotline.reveal(bigint, text, text, text, text), hotline.allow_reveal();
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hotline FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.sees(bigint) TO hotline_staff;
GRANT EXECUTE ON FUNCTION hotline.key_of(text), hotline.ask(text, bigint, text[], text, text), hotline.disclose(bigint),
    hotline.typed_by_me(bigint), hotline.part_caller(bigint), hotline.copy_caller(bigint, bigint), hotline.copy_place(bigint, bigint),
    hotline.people_called(text, text, integer),
    hotline.index_ticket(bigint, text, boolean) TO hotline_centre, hotline_unit;
GRANT EXECUTE ON FUNCTION hotline.copy_number(bigint, bigint) TO hotline_centre;
