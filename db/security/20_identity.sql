-- Who is asking. session_user cannot be changed by the asker, whatever SET ROLE says.
CREATE SCHEMA IF NOT EXISTS hotline;
REVOKE ALL ON SCHEMA hotline FROM PUBLIC;
GRANT USAGE ON SCHEMA hotline TO hotline_staff;

CREATE OR REPLACE FUNCTION hotline.me() RETURNS account
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a FROM account a
    WHERE a.login = substr(session_user::text, 4) AND session_user::text LIKE 'hl\_%'
      AND a.disabled_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > now())
$$;

CREATE OR REPLACE FUNCTION hotline.my_id() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT (hotline.me()).id $$;

CREATE OR REPLACE FUNCTION hotline.my_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT (hotline.me()).role $$;

CREATE OR REPLACE FUNCTION hotline.my_code() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.code FROM unit u WHERE u.id = (hotline.me()).unit_id
$$;

-- Whether the asker looks over the whole city: the centre does, a leader only of the city or of one of its districts
-- (console/domain/roles.py `Operator.scope`). Everybody else sees a branch.
CREATE OR REPLACE FUNCTION hotline.whole_city() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hotline.my_role() = ANY (string_to_array(:centre_roles, ','))
       AND (hotline.my_role() <> 'leader' OR (hotline.my_code() ~ '^[0-9]+$' AND length(hotline.my_code()) <= 6))
$$;

-- An operator's own login, as opposed to the owner who installs and upgrades.
CREATE OR REPLACE FUNCTION hotline.is_operator() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT session_user::text LIKE 'hl\_%' $$;

-- Codes below one's own as a half-open range (console/domain/codes.py `code_range`): an index can answer it.
CREATE OR REPLACE FUNCTION hotline.code_end(code text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN code IS NULL OR code = '' THEN NULL
        WHEN code LIKE 'D%' THEN code || ' '
        WHEN rtrim(code, '9') = '' THEN 'A'
        ELSE left(rtrim(code, '9'), -1) || (right(rtrim(code, '9'), 1)::int + 1)::text
    END
$$;

-- The codes one's own code begins with, itself included.
CREATE OR REPLACE FUNCTION hotline.codes_above(code text) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(left(code, n)) FROM generate_series(1, length(code)) AS n
$$;
