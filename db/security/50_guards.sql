-- The lifecycle, enforced below the program: whoever writes with psql and an operator's own password can make
-- the moves of that operator's role, each of them logged in that operator's name, and nothing else.
CREATE TABLE IF NOT EXISTS lifecycle_rule (
    move varchar(24) NOT NULL,
    role varchar(20) NOT NULL,
    from_state varchar(24) NOT NULL,
    to_state varchar(24) NOT NULL,
    CONSTRAINT pk_lifecycle_rule PRIMARY KEY (move, role, from_state, to_state)
);
ALTER TABLE lifecycle_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_event ADD COLUMN IF NOT EXISTS txid bigint;
CREATE INDEX IF NOT EXISTS ix_ticket_event_txid ON ticket_event (ticket_id, txid);

-- A log line says who, in which office and when; an operator's session cannot say otherwise.
CREATE OR REPLACE FUNCTION hotline.stamp_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account;
BEGIN
    NEW.txid := txid_current();
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    mine := hotline.me();
    IF mine.id IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    NEW.actor_id := mine.id;
    NEW.actor_name := mine.name || ' ' || mine.agent_no;
    NEW.actor_role := mine.role;
    NEW.unit_id := mine.unit_id;
    SELECT name INTO NEW.unit_name FROM unit WHERE id = mine.unit_id;
    IF NEW.at NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() + interval '1 second' THEN
        NEW.at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON ticket_event
    FOR EACH ROW EXECUTE FUNCTION hotline.stamp_event();

-- Appended, never altered: not even by the owner, short of taking the trigger away, which the audit shows.
CREATE OR REPLACE FUNCTION hotline.refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- But for striking a confidential caller's name out of it (hotline.veil); no operator ever runs as the owner.
    IF TG_OP = 'UPDATE' AND current_setting('hotline.veiling', true) = 'on' AND TG_TABLE_NAME = 'ticket_event'
       AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ticket_event
    FOR EACH STATEMENT EXECUTE FUNCTION hotline.refuse();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION hotline.refuse();

-- An archived work order is read-only with everything that hangs on it.
CREATE OR REPLACE FUNCTION hotline.keep_archived() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.is_operator() AND OLD.state = 'archived' THEN
        RAISE EXCEPTION 'archived work orders are read-only' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER keep_archived BEFORE UPDATE ON ticket
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_archived();
