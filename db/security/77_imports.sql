-- What was imported: everybody who imports writes his own line, those who oversee read them all; nobody alters one.
GRANT SELECT, INSERT ON import_batch TO hotline_centre, hotline_unit, hotline_admin;
CREATE POLICY own_or_overseen ON import_batch FOR SELECT TO hotline_staff
    USING (account_id = (SELECT hotline.my_id()) OR pg_has_role(session_user, 'hotline_auditor', 'member'));
CREATE POLICY own_hand ON import_batch FOR INSERT TO hotline_staff
    WITH CHECK (account_id = (SELECT hotline.my_id()));
-- The administrator takes out the skeleton of the city; that is on record like any other list (console/services/exporting).
GRANT EXECUTE ON FUNCTION hotline.audit(text, text, text, text, text, text, jsonb) TO hotline_admin;
