-- The keeper is a program with a login of its own (`main.py user keeper`). It belongs to the centre's group, for it
-- looks at every work order; its moves are those the lifecycle table gives the keeper, and nothing of a citizen is
-- granted to it: the functions that tell names and numbers ask for roles that it has not.
GRANT SELECT, INSERT, UPDATE, DELETE ON keeper_lease TO hotline_keeper;
CREATE POLICY keeping ON keeper_lease FOR ALL TO hotline_keeper
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);
-- Who keeps now is no secret: `main.py check` says it.
GRANT SELECT ON keeper_lease TO hotline_staff;
CREATE POLICY asked ON keeper_lease FOR SELECT TO hotline_staff USING ((SELECT hotline.my_id()) IS NOT NULL);

-- Archiving seals a work order with all that hangs on it (db/manifests.py): by what everybody may read of it.
