-- Who may come in at all, and what somebody who has just signed in must do before any page can be opened.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO hotline_staff', current_database());
END
$$;

-- Accounts whose password was given by somebody else and is still to be changed by its owner.
CREATE TABLE IF NOT EXISTS hotline.given_password (
    account_id bigint PRIMARY KEY,
    given_at timestamptz NOT NULL DEFAULT now()
);

-- One's own card, also when the account is closed: the console must be able to say why it opens nothing.
CREATE OR REPLACE FUNCTION hotline.my_card() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'id', a.id, 'agent_no', a.agent_no, 'name', a.name, 'role', a.role, 'unit_id', u.id, 'unit_name', u.name,
        'unit_code', u.code, 'disabled', a.disabled_at IS NOT NULL,
        'expired', coalesce(a.expires_at <= clock_timestamp(), false),
        'given_password', EXISTS (SELECT FROM hotline.given_password g WHERE g.account_id = a.id))
    FROM account a JOIN unit u ON u.id = a.unit_id
    WHERE a.login = substr(session_user::text, 4) AND session_user::text LIKE 'hl\_%'
$$;

-- Sitting down, as the database's clock has it.
CREATE OR REPLACE FUNCTION hotline.arrive(station text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account := hotline.me();
    made bigint;
BEGIN
    IF mine.id IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    INSERT INTO attendance (account_id, workstation, state, started_at)
    VALUES (mine.id, left(coalesce(station, ''), 80), 'signed_in', clock_timestamp())
    RETURNING id INTO made;
    RETURN made;
END
$$;

-- One's own password, as a verifier the console computed: the word itself reaches neither server nor log.
CREATE OR REPLACE FUNCTION hotline.change_password(verifier text, station text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account := hotline.me();
BEGIN
    IF mine.id IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    IF verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' THEN
        RAISE EXCEPTION 'not a SCRAM verifier' USING ERRCODE = '22023';
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', session_user, verifier);
    DELETE FROM hotline.given_password WHERE account_id = mine.id;
    PERFORM hotline.add_line('change_password', 'account', mine.login, '', '', station, '{}'::jsonb);
END
$$;
GRANT EXECUTE ON FUNCTION hotline.my_card(), hotline.arrive(text), hotline.change_password(text, text) TO hotline_staff;
