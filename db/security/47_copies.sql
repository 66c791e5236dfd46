-- Which copy of a paper comes next, where the paper is of no work order and nobody sees another's lines of the log.
-- Whoever asks first is numbered first: the next one waits until that copy stands in the log.
CREATE OR REPLACE FUNCTION hotline.last_copy(which text) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('copy of ' || which, 0));
    SELECT max(copy_no) FROM print_log WHERE form = which AND ticket_id IS NULL AND hotline.my_id() IS NOT NULL
$$;
REVOKE ALL ON FUNCTION hotline.last_copy(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.last_copy(text) TO hotline_centre, hotline_unit;

-- When a shift was last handed over on paper, by whomever: the next one is counted from there.
CREATE OR REPLACE FUNCTION hotline.last_copied(which text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT max(at) FROM print_log WHERE form = which AND ticket_id IS NULL AND hotline.my_id() IS NOT NULL
$$;
REVOKE ALL ON FUNCTION hotline.last_copied(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.last_copied(text) TO hotline_centre;
