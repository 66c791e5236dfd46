-- The keeper is a program with a login of its own (`main.py user keeper`). It belongs to the centre's group, for it
-- looks at every work order; its moves are those the lifecycle table gives the keeper, and nothing of a citizen is
-- granted to it: the functions that tell names and numbers ask for roles that it has not.
GRANT SELECT, INSERT, UPDATE, DELETE ON keeper_lease TO hotline_keeper;
CREATE POLICY keeping ON keeper_lease FOR ALL TO hotline_keeper
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
-- Who keeps now is no secret: `main.py check` says it.
GRANT SELECT ON keeper_lease TO hotline_staff;
CREATE POLICY asked ON keeper_lease FOR SELECT TO hotline_staff USING ((SELECT hotline.my_id()) IS NOT NULL);

-- Archiving seals a work order with all that hangs on it, its appellants too (db/manifests.py). The keeper reads them
-- between its own archiving move and the seal, and at no other time.
GRANT SELECT ON appellant, archive_manifest TO hotline_keeper;
GRANT INSERT ON archive_manifest TO hotline_keeper;
CREATE POLICY to_seal ON appellant AS RESTRICTIVE FOR SELECT TO hotline_keeper
    USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id AND t.state = 'archived')
           AND NOT EXISTS (SELECT FROM archive_manifest m WHERE m.ticket_id = appellant.ticket_id));
CREATE POLICY sealing ON archive_manifest FOR SELECT TO hotline_keeper USING ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY sealed ON archive_manifest FOR INSERT TO hotline_keeper
    WITH CHECK (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id AND t.state = 'archived'));
