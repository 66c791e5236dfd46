-- Inspections of enterprises (field-facts 6.7) and rosters of duty (H12): written by those who keep them, each in his
-- own branch, never without a line of the history in the same transaction.

-- What an operator wrote of something that hangs on a row of a register: that row's history must say so at commit.
-- TG_ARGV: the register, the column that names the row, the field of the line or nothing.
CREATE OR REPLACE FUNCTION hotline.require_history_of() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    its jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
BEGIN
    IF hotline.is_operator() AND NOT EXISTS (
        SELECT FROM register_change c
         WHERE c.txid = txid_current() AND c.register = TG_ARGV[0] AND c.row_id = (its ->> TG_ARGV[1])::bigint
           AND c.field = ANY (string_to_array(TG_ARGV[2], ','))) THEN
        RAISE EXCEPTION 'a register changes with its history only' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END
$$;

-- What was found stays as it was written; what is done about it is open until somebody has looked again and passed it.
GRANT SELECT, INSERT ON inspection TO hotline_centre, hotline_unit;
GRANT UPDATE (rectify_by, rectified_at, rectification, recheck, rechecked_by, version)
    ON inspection TO hotline_centre, hotline_unit;
CREATE POLICY with_enterprise ON inspection FOR SELECT TO hotline_centre, hotline_unit
    USING (hotline.knows_row('enterprise', enterprise_id));
CREATE POLICY inspected ON inspection FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (hotline.keeps_row('enterprise', enterprise_id));
CREATE POLICY rectified ON inspection FOR UPDATE TO hotline_centre, hotline_unit
    USING (hotline.keeps_row('enterprise', enterprise_id)) WITH CHECK (hotline.keeps_row('enterprise', enterprise_id));

CREATE OR REPLACE FUNCTION hotline.keep_inspection() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    signed text := (SELECT (m).name || ' ' || (m).agent_no FROM hotline.me() AS m);
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.recorded_by := signed;
        IF NEW.recheck <> '' OR NEW.rectified_at IS NOT NULL OR NEW.at > clock_timestamp() + interval '10 minutes'
           OR (NEW.hazards <> '' AND NEW.rectify_by IS NULL) THEN
            RAISE EXCEPTION 'an inspection begins open' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.hazards = '' OR OLD.recheck = 'passed' THEN
        RAISE EXCEPTION 'nothing is open here' USING ERRCODE = '42501';
    END IF;
    IF NEW.recheck NOT IN ('passed', 'failed') OR NEW.rectified_at IS NULL OR btrim(NEW.rectification) = '' THEN
        RAISE EXCEPTION 'a deadline moves with a look at the place only' USING ERRCODE = '42501';
    END IF;
    NEW.rechecked_by := signed;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER keep_inspection BEFORE INSERT OR UPDATE ON inspection
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_inspection();
DROP TRIGGER IF EXISTS require_history ON inspection;
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR UPDATE ON inspection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hotline.require_history_of('enterprise', 'enterprise_id', 'inspection,rectification');

-- Rosters: the centre's everywhere, a street's and a community's in its own branch. Days that are over stay as they were.
CREATE OR REPLACE FUNCTION hotline.keeps_duty(the_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT hotline.my_role() IN ('supervisor', 'street_desk', 'grid_leader') AND (hotline.whole_city() OR EXISTS (
        SELECT FROM unit u WHERE u.id = the_unit
           AND u.code >= hotline.my_code() AND u.code < hotline.code_end(hotline.my_code())))
$$;
GRANT EXECUTE ON FUNCTION hotline.keeps_duty(bigint) TO hotline_staff;
GRANT INSERT, DELETE ON duty_roster TO hotline_supervisor, hotline_street_desk, hotline_grid_leader;
GRANT UPDATE (on_day, shift, staff_id, name, phone, rank, leads, version)
    ON duty_roster TO hotline_supervisor, hotline_street_desk, hotline_grid_leader;
CREATE POLICY kept_in ON duty_roster FOR INSERT TO hotline_staff WITH CHECK (hotline.keeps_duty(unit_id));
CREATE POLICY kept ON duty_roster FOR UPDATE TO hotline_staff
    USING (hotline.keeps_duty(unit_id)) WITH CHECK (hotline.keeps_duty(unit_id));
CREATE POLICY taken_off ON duty_roster FOR DELETE TO hotline_staff USING (hotline.keeps_duty(unit_id));
CREATE POLICY duty_hand ON register_change FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (register = 'unit' AND field = 'duty' AND hotline.keeps_duty(row_id));

CREATE OR REPLACE FUNCTION hotline.keep_past_duty() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    earliest date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date - 1;
BEGIN
    IF hotline.is_operator() AND (
        (TG_OP <> 'INSERT' AND OLD.on_day < earliest) OR (TG_OP <> 'DELETE' AND NEW.on_day < earliest)) THEN
        RAISE EXCEPTION 'who was on duty stays on record' USING ERRCODE = '42501';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE OR REPLACE TRIGGER keep_past BEFORE INSERT OR UPDATE OR DELETE ON duty_roster
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_past_duty();
DROP TRIGGER IF EXISTS require_history ON duty_roster;
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR UPDATE OR DELETE ON duty_roster DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hotline.require_history_of('unit', 'unit_id', 'duty');
