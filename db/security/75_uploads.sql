-- Files. A hash opens nothing: whoever puts a file on a work order has sent every piece of it, or sees a work order
-- that holds it; whoever reads one sees such a work order. What shows who the citizen is takes a reason, each time.
-- 40_policies.sql granted the rows of stored_file before uploads had a table of their own; said anew here.
REVOKE ALL ON stored_file, file_piece, upload FROM PUBLIC, hotline_staff, hotline_centre, hotline_unit;
DROP POLICY IF EXISTS attached ON stored_file;
DROP POLICY IF EXISTS added ON stored_file;

-- One's own uploads: begun, touched, given up; finished by hotline.finish_upload alone.
GRANT SELECT, INSERT, DELETE ON upload TO hotline_centre, hotline_unit;
GRANT UPDATE (touched_at) ON upload TO hotline_centre, hotline_unit;
CREATE POLICY own ON upload FOR ALL TO hotline_centre, hotline_unit
    USING (account_id = (SELECT hotline.my_id()))
    WITH CHECK (account_id = (SELECT hotline.my_id()) AND finished_at IS NULL);

-- Files on work orders one sees, but for those that show who the citizen is (hotline.private_pieces).
GRANT SELECT ON stored_file TO hotline_centre, hotline_unit;
CREATE POLICY attached ON stored_file FOR SELECT TO hotline_centre, hotline_unit
    USING (EXISTS (SELECT FROM attachment a WHERE a.sha256 = stored_file.sha256
                   AND a.kind NOT IN ('identity', 'recording')));

GRANT SELECT, INSERT, DELETE ON file_piece TO hotline_centre, hotline_unit;
CREATE POLICY attached ON file_piece FOR SELECT TO hotline_centre, hotline_unit
    USING (EXISTS (SELECT FROM stored_file s WHERE s.key = file_piece.key));
CREATE POLICY own_on_its_way ON file_piece FOR ALL TO hotline_centre, hotline_unit
    USING (EXISTS (SELECT FROM upload u WHERE u.key = file_piece.key AND u.finished_at IS NULL))
    WITH CHECK (EXISTS (SELECT FROM upload u WHERE u.key = file_piece.key AND u.finished_at IS NULL));

-- A piece is what it says and lies where its file has room for it.
CREATE OR REPLACE FUNCTION hotline.check_piece() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole bigint;
BEGIN
    SELECT size INTO whole FROM upload WHERE key = NEW.key;
    IF whole IS NULL THEN
        -- The owner's own material (demo city, restored backup) needs no upload; an operator's policy asks for one.
        RETURN NEW;
    END IF;
    IF NEW.piece < 0 OR NEW.piece >= (whole + 262143) / 262144
       OR octet_length(NEW.content) <> least(262144, whole - NEW.piece::bigint * 262144)
       OR NEW.digest <> encode(sha256(NEW.content), 'hex') THEN
        RAISE EXCEPTION 'a piece arrived damaged' USING ERRCODE = 'HL010';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER check_piece BEFORE INSERT OR UPDATE ON file_piece
    FOR EACH ROW EXECUTE FUNCTION hotline.check_piece();

-- 50 MB a file, and no more on the way at once than a day's work needs: nobody fills the disk with what is nobody's.
CREATE OR REPLACE FUNCTION hotline.check_upload() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    IF NEW.size NOT BETWEEN 1 AND 52428800 OR NEW.key !~ '^[0-9a-f]{32}$' OR NEW.sha256 !~ '^[0-9a-f]{64}$'
       OR EXISTS (SELECT FROM stored_file WHERE key = NEW.key) OR EXISTS (SELECT FROM file_piece WHERE key = NEW.key) THEN
        RAISE EXCEPTION 'no such upload' USING ERRCODE = 'HL011';
    END IF;
    -- Two sessions of one login must not both take the last place.
    PERFORM pg_advisory_xact_lock(1234513, hotline.my_id()::integer);
    IF (SELECT count(*) FROM upload WHERE account_id = hotline.my_id()) >= 40 THEN
        RAISE EXCEPTION 'too many uploads on their way' USING ERRCODE = 'HL012';
    END IF;
    NEW.touched_at := clock_timestamp();
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER check_upload BEFORE INSERT ON upload
    FOR EACH ROW EXECUTE FUNCTION hotline.check_upload();

-- Given up: what had arrived goes with it. The content of a finished one may be a work order's by now.
CREATE OR REPLACE FUNCTION hotline.forget_upload() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM stored_file WHERE key = OLD.key) THEN
        DELETE FROM file_piece WHERE key = OLD.key;
    END IF;
    IF OLD.finished_at IS NOT NULL THEN
        PERFORM hotline.drop_file(OLD.sha256);
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER forget_upload AFTER DELETE ON upload
    FOR EACH ROW EXECUTE FUNCTION hotline.forget_upload();

-- Who finishes, attaches or lets go of one content takes turns; others are not held up.
CREATE OR REPLACE FUNCTION hotline.take_turn(hash text) RETURNS void
LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(hashtextextended(hash, 1234512)) $$;

-- The whole file's hash, counted here; only then is it stored, once however many sent it. False: it was damaged and
-- is gone, to be sent anew.
CREATE OR REPLACE FUNCTION hotline.finish_upload(the_key text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine upload;
BEGIN
    SELECT * INTO mine FROM upload WHERE key = the_key AND account_id = hotline.my_id() FOR UPDATE;
    IF mine.id IS NULL OR mine.finished_at IS NOT NULL THEN
        -- Finished and used by the same person's other desk; attaching asks whether that is so.
        RETURN true;
    END IF;
    IF (SELECT coalesce(sum(octet_length(content)), 0) FROM file_piece WHERE key = the_key) <> mine.size
       OR (SELECT encode(sha256(string_agg(content, ''::bytea ORDER BY piece)), 'hex')
             FROM file_piece WHERE key = the_key) <> mine.sha256 THEN
        DELETE FROM file_piece WHERE key = the_key;
        RETURN false;
    END IF;
    PERFORM hotline.take_turn(mine.sha256);
    INSERT INTO stored_file (sha256, key, size, stored_at)
    VALUES (mine.sha256, the_key, mine.size, clock_timestamp()) ON CONFLICT DO NOTHING;
    IF NOT EXISTS (SELECT FROM stored_file WHERE key = the_key) THEN
        DELETE FROM file_piece WHERE key = the_key;
    END IF;
    UPDATE upload SET finished_at = clock_timestamp(), touched_at = clock_timestamp() WHERE id = mine.id;
    RETURN true;
END
$$;

-- A work order takes only a file that is whole, from somebody who has it. A private one seen in a list is not had.
CREATE OR REPLACE FUNCTION hotline.check_attachment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.kind IN ('identity', 'recording') AND NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'papers of identity stay what they are' USING ERRCODE = '42501';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.sha256 = OLD.sha256 AND NEW.ticket_id = OLD.ticket_id THEN
        RETURN NEW;
    END IF;
    PERFORM hotline.take_turn(NEW.sha256);
    IF NOT EXISTS (SELECT FROM stored_file s WHERE s.sha256 = NEW.sha256 AND s.size = NEW.size)
       OR NOT (EXISTS (SELECT FROM upload u WHERE u.sha256 = NEW.sha256 AND u.account_id = hotline.my_id()
                       AND u.finished_at IS NOT NULL)
               OR EXISTS (SELECT FROM attachment a WHERE a.sha256 = NEW.sha256
                          AND a.kind NOT IN ('identity', 'recording') AND hotline.sees(a.ticket_id))) THEN
        RAISE EXCEPTION 'no such file' USING ERRCODE = 'HL013';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER check_attachment BEFORE INSERT OR UPDATE ON attachment
    FOR EACH ROW EXECUTE FUNCTION hotline.check_attachment();

-- Taken off its last work order, a content goes. Nothing happens to what anything or anybody still holds.
CREATE OR REPLACE FUNCTION hotline.drop_file(hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone text;
BEGIN
    PERFORM hotline.take_turn(hash);
    DELETE FROM stored_file s WHERE s.sha256 = hash
       AND NOT EXISTS (SELECT FROM attachment a WHERE a.sha256 = hash)
       AND NOT EXISTS (SELECT FROM upload u WHERE u.sha256 = hash AND u.finished_at IS NOT NULL)
    RETURNING s.key INTO gone;
    DELETE FROM file_piece WHERE key = gone;
END
$$;

-- The keeper: uploads nobody has touched for three days (console/ledger/uploads.py ABANDONED), a few at a time.
CREATE OR REPLACE FUNCTION hotline.sweep_uploads() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old upload;
    gone integer := 0;
BEGIN
    FOR old IN SELECT * FROM upload WHERE touched_at < clock_timestamp() - interval '3 days'
               ORDER BY touched_at LIMIT 8 FOR UPDATE SKIP LOCKED
    LOOP
        DELETE FROM upload WHERE id = old.id;
        gone := gone + 1;
    END LOOP;
    RETURN gone;
END
$$;

-- Papers of identity and recordings: a reason, the roles that may see the contact at all, a line in the audit chain;
-- then they may be read for ten minutes, a few pieces at a time.
CREATE OR REPLACE FUNCTION hotline.may_see_private(the_attachment bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM attachment a JOIN ticket t ON t.id = a.ticket_id
         WHERE a.id = the_attachment AND hotline.sees(t.id)
           AND CASE WHEN t.confidential
                    THEN hotline.my_role() IN ('revisitor', 'overseer', 'supervisor') OR t.creator_id = hotline.my_id()
                    ELSE hotline.my_role() IN ('agent', 'supervisor', 'dispatcher', 'revisitor', 'overseer')
                         OR (hotline.my_role() = ANY (string_to_array(:unit_roles, ','))
                             AND (t.reply_wanted
                                  OR a.added_by = (hotline.me()).name || ' ' || (hotline.me()).agent_no)) END)
$$;

CREATE OR REPLACE FUNCTION hotline.open_private_file(the_attachment bigint, why text, station text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    number text;
BEGIN
    IF btrim(coalesce(why, '')) = '' THEN
        RAISE EXCEPTION 'a reason is required' USING ERRCODE = 'HL001';
    END IF;
    IF NOT hotline.may_see_private(the_attachment) THEN
        RAISE EXCEPTION 'not for this role' USING ERRCODE = 'HL003';
    END IF;
    SELECT t.number INTO number FROM ticket t JOIN attachment a ON a.ticket_id = t.id WHERE a.id = the_attachment;
    PERFORM hotline.add_line('open_file', 'attachment', the_attachment::text, why, '', station,
                          jsonb_build_object('ticket', number));
END
$$;

CREATE OR REPLACE FUNCTION hotline.private_pieces(the_attachment bigint, first integer, most integer)
RETURNS SETOF bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT hotline.may_see_private(the_attachment) OR NOT EXISTS (
        SELECT FROM audit_entry e WHERE e.account_id = hotline.my_id() AND e.action = 'open_file'
           AND e.subject_kind = 'attachment' AND e.subject_key = the_attachment::text
           AND e.txid IS DISTINCT FROM txid_current_if_assigned()
           AND e.at > clock_timestamp() - interval '10 minutes') THEN
        RAISE EXCEPTION 'not opened' USING ERRCODE = 'HL003';
    END IF;
    RETURN QUERY SELECT p.content FROM attachment a JOIN stored_file s ON s.sha256 = a.sha256
        JOIN file_piece p ON p.key = s.key
        WHERE a.id = the_attachment AND p.piece >= first AND p.piece < first + least(greatest(most, 0), 16)
        ORDER BY p.piece;
END
$$;

REVOKE ALL ON FUNCTION hotline.check_piece(), hotline.check_upload(), hotline.forget_upload(), hotline.take_turn(text),
    hotline.finish_upload(text), hotline.check_attachment(), hotline.drop_file(text), hotline.sweep_uploads(),
    hotline.may_see_private(bigint), hotline.open_private_file(bigint, text, text),
    hotline.private_pieces(bigint, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.finish_upload(text), hotline.drop_file(text),
    hotline.open_private_file(bigint, text, text), hotline.private_pieces(bigint, integer, integer)
    TO hotline_centre, hotline_unit;
GRANT EXECUTE ON FUNCTION hotline.sweep_uploads() TO hotline_centre;
