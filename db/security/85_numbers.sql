-- Numbers and the marks of what was saved: each belongs to one login and to nobody else.

-- What a connection saved last (db.line): its own login may look and write, nobody else's.
ALTER TABLE write_mark ADD COLUMN IF NOT EXISTS login name NOT NULL DEFAULT session_user;
ALTER TABLE write_mark ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON write_mark FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON write_mark TO hotline_staff;
DROP POLICY IF EXISTS own ON write_mark;
CREATE POLICY own ON write_mark FOR ALL TO hotline_staff
    USING (login = session_user) WITH CHECK (login = session_user);

-- A block of numbers is leased in turn, in one's own name, for today or tomorrow, and never changed again.
CREATE OR REPLACE FUNCTION hotline.lease_numbers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
    last integer;
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    NEW.account_id := hotline.my_id();
    NEW.leased_at := clock_timestamp();
    IF NEW.account_id IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    IF NEW.kind <> 'ticket' THEN
        -- Notices and letters of urging, one at a time (console/ledger/supervision.py); those brought in from elsewhere leave gaps.
        SELECT max(high) INTO last FROM number_lease WHERE kind = NEW.kind AND day = NEW.day;
        IF NEW.kind NOT IN ('notice', 'urging') OR NEW.day <> to_char(today, 'YYYY') OR NEW.high <> NEW.low
           OR NEW.low NOT BETWEEN coalesce(last, 0) + 1 AND coalesce(last, 0) + 10000 THEN
            RAISE EXCEPTION 'no such numbers' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.day NOT IN (to_char(today, 'YYYYMMDD'), to_char(today + 1, 'YYYYMMDD')) THEN
        RAISE EXCEPTION 'numbers are leased for today' USING ERRCODE = '42501';
    END IF;
    -- The same lock as console/ledger/numbers.py: who leases waits for whoever leased a moment before.
    PERFORM pg_advisory_xact_lock(1234501);
    SELECT max(high) INTO last FROM number_lease
    WHERE kind = 'ticket' AND day = NEW.day AND channel = NEW.channel;
    IF NEW.low <> coalesce(last, 0) + 1 THEN
        RAISE unique_violation USING MESSAGE = 'this block is leased already';
    END IF;
    IF NEW.high NOT BETWEEN NEW.low AND NEW.low + 99 THEN
        RAISE EXCEPTION 'a block is a hundred numbers at most' USING ERRCODE = '42501';
    END IF;
    -- A tenth of a day's numbers: nobody uses up what all others need.
    IF (SELECT count(*) FROM number_lease WHERE kind = 'ticket' AND day = NEW.day AND account_id = NEW.account_id) >= 1000 THEN
        RAISE LOG 'hotline: % leases far too many numbers', session_user;
        RAISE EXCEPTION 'too many numbers leased today' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER lease_numbers BEFORE INSERT ON number_lease
    FOR EACH ROW EXECUTE FUNCTION hotline.lease_numbers();

-- A work order's number comes out of a block that this account has leased, and stays for life.
CREATE OR REPLACE FUNCTION hotline.leased_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.number IS DISTINCT FROM OLD.number THEN
            RAISE EXCEPTION 'a work order keeps its number for life' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.number !~ '^[0-9]{17}$' OR NOT EXISTS (
        SELECT FROM number_lease l
        WHERE l.kind = 'ticket' AND l.day = substr(NEW.number, 1, 8) AND l.channel = substr(NEW.number, 9, 2)
          AND substr(NEW.number, 11, 6)::integer BETWEEN l.low AND l.high
          AND l.account_id = hotline.my_id()
    ) THEN
        RAISE EXCEPTION 'this number was not leased to this account' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER leased_number BEFORE INSERT OR UPDATE OF number ON ticket
    FOR EACH ROW EXECUTE FUNCTION hotline.leased_number();
