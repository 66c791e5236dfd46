-- Landmarks and other names belong to the skeleton of the city: the centre's head may import them (78_known_people.sql).
GRANT INSERT, UPDATE ON address_book_entry TO hotline_supervisor;
CREATE POLICY founded ON address_book_entry FOR ALL TO hotline_supervisor
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
-- Of a road nothing but its other names: work orders and ranges go by what it is called.
GRANT UPDATE (other_names) ON road TO hotline_supervisor;
CREATE POLICY renamed ON road FOR UPDATE TO hotline_supervisor
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);

-- Both change with their history only, and who reads the skeleton reads that too.
CREATE POLICY skeleton_hand ON register_change FOR INSERT TO hotline_supervisor
    WITH CHECK (register IN ('road', 'address_book_entry') AND hotline.keeps_city());
CREATE POLICY skeleton ON register_change FOR SELECT TO hotline_centre, hotline_unit
    USING (register IN ('road', 'address_book_entry') AND (SELECT hotline.my_id()) IS NOT NULL);
DROP TRIGGER IF EXISTS require_history ON address_book_entry;
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR UPDATE ON address_book_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hotline.require_history();
DROP TRIGGER IF EXISTS require_history ON road;
CREATE CONSTRAINT TRIGGER require_history AFTER UPDATE ON road DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hotline.require_history();
