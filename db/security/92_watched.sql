-- Watched numbers: kept and read by auditors alone, as keys; who is watched is itself nobody else's business.
GRANT SELECT, INSERT, DELETE ON watched_number TO hotline_auditor;
CREATE POLICY auditors ON watched_number FOR SELECT TO hotline_auditor USING ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY own_hand ON watched_number FOR INSERT TO hotline_auditor
    WITH CHECK (account_id = (SELECT hotline.my_id()) AND key ~ '^[0-9a-f]{16,64}$');
CREATE POLICY ended ON watched_number FOR DELETE TO hotline_auditor USING ((SELECT hotline.my_id()) IS NOT NULL);

-- Put on the list or taken off it, it stands in the audit, whatever program did it.
CREATE OR REPLACE FUNCTION hotline.note_watched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.is_operator() THEN
        IF TG_OP = 'INSERT' THEN
            NEW.added_at := clock_timestamp();
            PERFORM hotline.audit('watch', 'watched', NEW.shown, NEW.why, NEW.key, '', '{}'::jsonb);
            RETURN NEW;
        END IF;
        PERFORM hotline.audit('unwatch', 'watched', OLD.shown, OLD.why, OLD.key, '', '{}'::jsonb);
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE OR REPLACE TRIGGER note_watched BEFORE INSERT OR DELETE ON watched_number
    FOR EACH ROW EXECUTE FUNCTION hotline.note_watched();

-- Which residents they are, by the number of their row: overseers and inspectors do not read the register itself.
CREATE OR REPLACE FUNCTION hotline.watched_people() RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hotline.my_id() IS NULL OR NOT pg_has_role(session_user, 'hotline_auditor', 'member') THEN
        RAISE EXCEPTION 'only auditors may ask' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT p.id::text FROM person p JOIN watched_number w ON w.key IN (p.phone_key, p.id_key);
END
$$;
REVOKE ALL ON FUNCTION hotline.watched_people() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.watched_people() TO hotline_auditor;
REVOKE ALL ON FUNCTION hotline.note_watched() FROM PUBLIC;
