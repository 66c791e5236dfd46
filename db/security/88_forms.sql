-- What a register's form is told without anybody's private value: the next number of a household, what is still empty.

-- The last number given in a community, in whose grids the asker may keep one: numbers are its, not a grid's.
CREATE OR REPLACE FUNCTION hotline.last_household(the_grid bigint, the_prefix text, digits int) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT hotline.keeps_grid(the_grid)
       OR NOT EXISTS (SELECT FROM grid g WHERE g.unit_id = the_grid AND left(g.code, length(the_prefix)) = the_prefix
                      AND length(the_prefix) >= 12) THEN
        RETURN '';
    END IF;
    RETURN coalesce((SELECT max(h.number) FROM household h
                      WHERE h.number BETWEEN the_prefix || repeat('0', digits) AND the_prefix || repeat('9', digits)
                        AND left(h.number, length(the_prefix)) = the_prefix
                        AND substr(h.number, length(the_prefix) + 1) ~ ('^[0-9]{' || digits || '}$')), '');
END
$$;

-- Which private columns of a row are filled, for who keeps it: names of columns, `class_details.x` for a key of one.
-- Never of belief, health and special attributes: that there is something would say it (field-facts 10.5).
CREATE OR REPLACE FUNCTION hotline.filled_columns(the_table text, the_id bigint, wanted text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found jsonb;
BEGIN
    IF the_table <> ALL (ARRAY['person', 'household', 'house', 'building', 'enterprise', 'special_group_member'])
       OR NOT hotline.keeps_row(the_table, the_id) THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT to_jsonb(t) FROM public.%I t WHERE id = $1', the_table) INTO found USING the_id;
    RETURN ARRAY(
        SELECT w FROM unnest(wanted) w
         WHERE w <> ALL (ARRAY['religion', 'special_attributes', 'class_details', 'class_details.健康状况', 'details'])
           AND coalesce(CASE WHEN position('.' IN w) > 0 THEN found -> split_part(w, '.', 1) ->> split_part(w, '.', 2)
                             ELSE found ->> w END, '') <> '');
END
$$;
GRANT EXECUTE ON FUNCTION hotline.last_household(bigint, text, int), hotline.filled_columns(text, bigint, text[])
    TO hotline_centre, hotline_unit;
