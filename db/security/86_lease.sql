-- A block of numbers in one breath: between the lock and the commit nobody waits for the asker's workstation to answer
-- four times. Asked for step by step, two hundred busy consoles stood in line for it longer than they wait for a lock.
-- With the asker's own rights: 85_numbers.sql looks at what is inserted.
CREATE OR REPLACE FUNCTION hotline.lease_block(the_day text, the_channel text, station text, size integer)
RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    first integer;
BEGIN
    -- The same lock as console/ledger/numbers.py.
    PERFORM pg_advisory_xact_lock(1234501);
    SELECT coalesce(max(high), 0) + 1 INTO first FROM number_lease
     WHERE kind = 'ticket' AND day = the_day AND channel = the_channel;
    INSERT INTO number_lease (kind, day, channel, workstation, account_id, low, high, leased_at)
    VALUES ('ticket', the_day, the_channel, left(station, 80), hotline.my_id(), first, first + size - 1, clock_timestamp());
    RETURN first;
END
$$;
GRANT EXECUTE ON FUNCTION hotline.lease_block(text, text, text, integer) TO hotline_centre, hotline_unit;
