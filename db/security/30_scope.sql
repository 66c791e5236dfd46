-- Which units may look at which work order, one row each, kept by triggers. The row policies read it:
-- a policy on `ticket` that looked at `assignment`, whose own policy looks at `ticket`, would go round in a ring.
CREATE TABLE IF NOT EXISTS ticket_scope (
    ticket_id bigint NOT NULL,
    unit_code varchar(20) NOT NULL,
    CONSTRAINT pk_ticket_scope PRIMARY KEY (ticket_id, unit_code)
);
CREATE INDEX IF NOT EXISTS ix_ticket_scope_unit_code ON ticket_scope (unit_code, ticket_id);

-- The same rule as console/ledger/scope.py `visible`.
CREATE OR REPLACE FUNCTION hotline.rescope(the_ticket bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM ticket_scope WHERE ticket_id = the_ticket;
    INSERT INTO ticket_scope (ticket_id, unit_code)
    SELECT the_ticket, a.unit_code FROM assignment a JOIN ticket t ON t.id = a.ticket_id
     WHERE a.ticket_id = the_ticket
       AND (a.state NOT IN ('returned', 'withdrawn', 'declined')
            OR (a.state = 'withdrawn' AND t.state IN ('void', 'merged')))
    UNION
    SELECT the_ticket, u.code FROM notify_copy n JOIN unit u ON u.id = n.unit_id
     WHERE n.ticket_id = the_ticket
$$;

-- Who comes to it sees it at once; who leaves it sees it until he has saved: he must still write the line that says so.
CREATE OR REPLACE FUNCTION hotline.widen_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO ticket_scope (ticket_id, unit_code)
    SELECT a.ticket_id, a.unit_code FROM assignment a WHERE a.ticket_id = NEW.ticket_id
       AND a.state NOT IN ('returned', 'withdrawn', 'declined')
    UNION
    SELECT n.ticket_id, u.code FROM notify_copy n JOIN unit u ON u.id = n.unit_id WHERE n.ticket_id = NEW.ticket_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION hotline.rescope_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM hotline.rescope(COALESCE(NEW.ticket_id, OLD.ticket_id));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION hotline.rescope_ticket() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM hotline.rescope(NEW.id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER assignment_widen AFTER INSERT OR UPDATE OF state, unit_code ON assignment
    FOR EACH ROW EXECUTE FUNCTION hotline.widen_row();
CREATE OR REPLACE TRIGGER notify_widen AFTER INSERT ON notify_copy
    FOR EACH ROW EXECUTE FUNCTION hotline.widen_row();
DROP TRIGGER IF EXISTS assignment_scope ON assignment;
CREATE CONSTRAINT TRIGGER assignment_scope AFTER INSERT OR DELETE OR UPDATE OF state, unit_code ON assignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.rescope_row();
DROP TRIGGER IF EXISTS notify_scope ON notify_copy;
CREATE CONSTRAINT TRIGGER notify_scope AFTER INSERT OR DELETE ON notify_copy
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hotline.rescope_row();
CREATE OR REPLACE TRIGGER ticket_scope AFTER UPDATE OF state ON ticket
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state
        AND (NEW.state IN ('void', 'merged') OR OLD.state IN ('void', 'merged')))
    EXECUTE FUNCTION hotline.rescope_ticket();

INSERT INTO ticket_scope (ticket_id, unit_code)
SELECT a.ticket_id, a.unit_code FROM assignment a JOIN ticket t ON t.id = a.ticket_id
 WHERE a.state NOT IN ('returned', 'withdrawn', 'declined')
    OR (a.state = 'withdrawn' AND t.state IN ('void', 'merged'))
UNION
SELECT n.ticket_id, u.code FROM notify_copy n JOIN unit u ON u.id = n.unit_id
ON CONFLICT DO NOTHING;

-- Whoever has verified a work order still sees it until that is saved: the row he writes and the line that says so. A
-- table, for a setting could be set by anybody; volatile, for the row is put there within the statement that asks.
CREATE TABLE IF NOT EXISTS hotline.in_hand (
    ticket_id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    txid bigint NOT NULL
);
CREATE OR REPLACE FUNCTION hotline.take_in_hand() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.is_operator() THEN
        INSERT INTO hotline.in_hand VALUES (NEW.id, hotline.my_id(), txid_current())
            ON CONFLICT (ticket_id) DO UPDATE SET account_id = excluded.account_id, txid = excluded.txid;
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER in_hand BEFORE UPDATE OF state ON ticket
    FOR EACH ROW WHEN (OLD.state = 'pending_verify' AND NEW.state <> OLD.state) EXECUTE FUNCTION hotline.take_in_hand();
CREATE OR REPLACE FUNCTION hotline.in_my_hand(the_ticket bigint) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hotline.in_hand h WHERE h.ticket_id = the_ticket AND h.account_id = hotline.my_id()
                   AND h.txid = txid_current_if_assigned())
$$;

-- Whether the asker sees this work order: the same conditions as the policies on `ticket`.
CREATE OR REPLACE FUNCTION hotline.sees(the_ticket bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM ticket t WHERE t.id = the_ticket AND hotline.my_id() IS NOT NULL AND (
            t.creator_id = hotline.my_id()
            OR (hotline.whole_city() AND t.state <> 'draft')
            OR (pg_has_role(session_user, 'hotline_unit', 'member')
                AND (EXISTS (SELECT FROM ticket_scope s WHERE s.ticket_id = t.id
                             AND s.unit_code >= hotline.my_code()
                             AND s.unit_code < hotline.code_end(hotline.my_code()))
                     OR (t.state = 'pending_verify' AND hotline.my_role() IN ('grid_leader', 'grid_worker')
                         AND t.grid_code >= hotline.my_code()
                         AND t.grid_code < hotline.code_end(hotline.my_code()))
                     OR (t.state IN ('pending_callback', 'pending_review', 'redo') AND hotline.in_my_hand(t.id)))
                AND NOT (t.confidential AND t.respondent_code = ANY (hotline.codes_above(hotline.my_code()))))
        )
    )
$$;

-- Whether the asker's work is with residents, this one among them: the same as the policies on `person`.
CREATE OR REPLACE FUNCTION hotline.serves(the_grid bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hotline.my_id() IS NOT NULL AND (
        hotline.my_role() IN ('agent', 'supervisor', 'dispatcher', 'revisitor', 'overseer')
        OR (hotline.my_role() = ANY (string_to_array(:unit_roles, ','))
            AND EXISTS (SELECT FROM grid g WHERE g.unit_id = the_grid AND g.code >= hotline.my_code()
                        AND g.code < hotline.code_end(hotline.my_code()))))
$$;
