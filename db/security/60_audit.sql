-- One link of the chain; console/ledger/audit.py `_digest` computes the same.
CREATE OR REPLACE FUNCTION hotline.link(before text, line audit_entry) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\x1f',
        before, to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
        coalesce(line.account_id::text, ''), line.actor_name, line.workstation, line.action, line.subject_kind,
        line.subject_key, line.phone_digest, line.reason, line.details::text), 'UTF8')), 'hex')
$$;

-- The audit chain. Lines are written by hotline.add_line alone, which says itself who asked.
ALTER TABLE audit_entry ADD COLUMN IF NOT EXISTS txid bigint;
CREATE OR REPLACE FUNCTION hotline.add_line(
    what text, kind text, key text, why text, digest_of_phone text, station text, more jsonb
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine account := hotline.me();
    line audit_entry;
    before text;
BEGIN
    IF mine.id IS NULL THEN
        RAISE EXCEPTION 'account is not active' USING ERRCODE = '42501';
    END IF;
    -- An older snapshot shows neither the end of the chain nor what has been revealed meanwhile.
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE LOG 'hotline: % writes audit lines with an old snapshot', session_user;
        RAISE EXCEPTION 'audit lines are written in read committed transactions' USING ERRCODE = '42501';
    END IF;
    -- Writers take turns: who waits chains to whatever was added meanwhile (console/ledger/audit.py).
    PERFORM pg_advisory_xact_lock(1234501);
    SELECT digest INTO before FROM audit_entry ORDER BY id DESC LIMIT 1;
    line.at := date_trunc('microseconds', clock_timestamp());
    line.account_id := mine.id;
    line.actor_name := mine.name || ' ' || mine.agent_no;
    line.workstation := left(coalesce(station, ''), 80);
    line.action := left(what, 24);
    line.subject_kind := left(coalesce(kind, ''), 20);
    line.subject_key := left(coalesce(key, ''), 60);
    line.phone_digest := left(coalesce(digest_of_phone, ''), 64);
    line.reason := left(coalesce(why, ''), 200);
    line.details := coalesce(more, '{}'::jsonb);
    line.digest := hotline.link(coalesce(before, ''), line);
    INSERT INTO audit_entry (at, account_id, actor_name, workstation, action, subject_kind, subject_key,
                             phone_digest, reason, details, digest, txid)
    VALUES (line.at, line.account_id, line.actor_name, line.workstation, line.action, line.subject_kind,
            line.subject_key, line.phone_digest, line.reason, line.details, line.digest, txid_current())
    RETURNING id INTO line.id;
    RETURN line.id;
END
$$;

-- What a console says it did. Lines that other functions go by are theirs to write.
CREATE OR REPLACE FUNCTION hotline.audit(
    what text, kind text, key text, why text, digest_of_phone text, station text, more jsonb
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF left(what, 24) IN ('reveal', 'reveal_caller', 'open_file', 'change_password', 'remove_file', 'import', 'import_check') THEN
        RAISE LOG 'hotline: % tried to write a line of % himself', session_user, left(what, 24);
        RAISE EXCEPTION 'this line is written by the server' USING ERRCODE = '42501';
    END IF;
    RETURN hotline.add_line(what, kind, key, why, digest_of_phone, station, more);
END
$$;

GRANT EXECUTE ON FUNCTION hotline.audit(text, text, text, text, text, text, jsonb) TO hotline_centre, hotline_unit;
