-- Keys of the staff's own numbers, for the auditor's question who looked a colleague up; never the numbers.
CREATE OR REPLACE FUNCTION hotline.staff_keys() RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.my_id() IS NULL OR NOT pg_has_role(session_user, 'hotline_auditor', 'member') THEN
        RAISE EXCEPTION 'only auditors may ask' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT hotline.make_key(s.phone::text) FROM staff s WHERE coalesce(s.phone, '') <> '';
END
$$;
REVOKE ALL ON FUNCTION hotline.staff_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.staff_keys() TO hotline_auditor;
