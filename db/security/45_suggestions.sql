-- What was learned from closed work orders: the centre reads it; `main.py train` writes it as the owner.
DO $$
BEGIN
    IF to_regclass('public.suggestion_model') IS NULL THEN
        RETURN;
    END IF;
    REVOKE ALL ON suggestion_model FROM hotline_staff, hotline_unit;
    GRANT SELECT ON suggestion_model TO hotline_centre;
    CREATE POLICY centre ON suggestion_model FOR SELECT TO hotline_centre USING ((SELECT hotline.my_id()) IS NOT NULL);
END
$$;
