-- Which copy of a paper comes next, where the paper is of no work order and nobody sees another's lines of the log.
CREATE OR REPLACE FUNCTION hotline.last_copy(which text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT max(copy_no) FROM print_log WHERE form = which AND ticket_id IS NULL AND hotline.my_id() IS NOT NULL
$$;
REVOKE ALL ON FUNCTION hotline.last_copy(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.last_copy(text) TO hotline_centre, hotline_unit;
