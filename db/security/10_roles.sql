-- Group roles: what a login may do follows from its groups alone; nobody but the owner grants them.
-- hotline_staff is everybody; hotline_centre sees the whole city, hotline_unit its own branch of it.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['staff', 'centre', 'unit', 'auditor'] || string_to_array(:roles, ',') LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hotline_' || name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', 'hotline_' || name);
        END IF;
    END LOOP;
    GRANT hotline_staff TO hotline_centre, hotline_unit, hotline_admin, hotline_trainer;
    FOREACH name IN ARRAY string_to_array(:centre_roles, ',') LOOP
        EXECUTE format('GRANT hotline_centre TO %I', 'hotline_' || name);
    END LOOP;
    FOREACH name IN ARRAY string_to_array(:unit_roles, ',') LOOP
        EXECUTE format('GRANT hotline_unit TO %I', 'hotline_' || name);
    END LOOP;
    -- A leader of a street or a department sees a branch as a unit does (hotline.whole_city).
    GRANT hotline_unit TO hotline_leader;
    FOREACH name IN ARRAY string_to_array(:auditor_roles, ',') LOOP
        EXECUTE format('GRANT hotline_auditor TO %I', 'hotline_' || name);
    END LOOP;
END
$$;
