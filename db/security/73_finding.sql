-- Looking up by names and words: the index first, then the asker's own scope over all that it found at once. Asked row
-- by row (hotline.sees, hotline.serves), a grid worker's search for a common word took twelve seconds among a million.
-- None of the helpers is granted to anybody.

-- Everything in the asker's branch, as in the policies on `ticket`, but for what is confidential about him.
CREATE OR REPLACE FUNCTION hotline.my_branch(me bigint, low text, high text, verifies boolean) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT s.ticket_id FROM public.ticket_scope s WHERE s.unit_code >= low AND s.unit_code < high
    UNION
    SELECT t.id FROM public.ticket t WHERE t.creator_id = me
    UNION
    SELECT t.id FROM public.ticket t
     WHERE verifies AND t.state = 'pending_verify' AND t.grid_code >= low AND t.grid_code < high
$$;

-- Search. `@@` is not leakproof, so under a policy it could not use its index. The newest 20,000 are walked, and only
-- what is too rare there is looked up in the index (db/search.py NEWEST): of the city, or of the asker's branch.
-- No sequential scan: the planner takes a word it knows nothing of for a common one.
CREATE OR REPLACE FUNCTION hotline.find_in_city(wanted tsquery, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    me bigint := hotline.my_id();
    last bigint := (SELECT max(ticket_id) FROM ticket_text);
    given integer;
BEGIN
    -- OFFSET 0: walked as written, whatever the planner thinks of how rare a word is.
    RETURN QUERY SELECT n.ticket_id FROM (
        SELECT x.ticket_id, x.pieces FROM ticket_text x WHERE x.ticket_id > last - 20000
         ORDER BY x.ticket_id DESC OFFSET 0) n
     WHERE n.pieces @@ wanted
       AND (SELECT t.state <> 'draft' OR t.creator_id = me FROM ticket t WHERE t.id = n.ticket_id) LIMIT most;
    GET DIAGNOSTICS given = ROW_COUNT;
    IF given >= most THEN
        RETURN;
    END IF;
    RETURN QUERY WITH hits AS MATERIALIZED (SELECT x.ticket_id FROM ticket_text x WHERE x.pieces @@ wanted)
    SELECT n.ticket_id FROM (SELECT h.ticket_id FROM hits h WHERE h.ticket_id <= last - 20000
                              ORDER BY h.ticket_id DESC OFFSET 0) n
     WHERE (SELECT t.state <> 'draft' OR t.creator_id = me FROM ticket t WHERE t.id = n.ticket_id) LIMIT most - given;
END
$$;

CREATE OR REPLACE FUNCTION hotline.find_in_branch(wanted tsquery, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    me bigint := hotline.my_id();
    low text := hotline.my_code();
    high text := hotline.code_end(low);
    above text[] := hotline.codes_above(low);
    verifies boolean := hotline.my_role() IN ('grid_leader', 'grid_worker');
    rare bigint[] := ARRAY(SELECT x.ticket_id FROM ticket_text x WHERE x.pieces @@ wanted LIMIT 2001);
    oldest bigint;
    given integer;
BEGIN
    IF cardinality(rare) <= 2000 THEN
        RETURN QUERY SELECT t.id FROM ticket t WHERE t.id = ANY (rare) AND (t.creator_id = me OR (
            (EXISTS (SELECT FROM ticket_scope s WHERE s.ticket_id = t.id AND s.unit_code >= low AND s.unit_code < high)
             OR (verifies AND t.state = 'pending_verify' AND t.grid_code >= low AND t.grid_code < high))
            AND NOT (t.confidential AND t.respondent_code = ANY (above)))) ORDER BY t.id DESC LIMIT most;
        RETURN;
    END IF;
    RETURN QUERY SELECT n.id FROM (
        SELECT b.id, (SELECT x.pieces @@ wanted FROM ticket_text x WHERE x.ticket_id = b.id) AS said
          FROM hotline.my_branch(me, low, high, verifies) b (id) ORDER BY b.id DESC LIMIT 20000) n
     WHERE n.said AND (SELECT t.creator_id = me OR NOT (t.confidential AND t.respondent_code = ANY (above))
                         FROM ticket t WHERE t.id = n.id) LIMIT most;
    GET DIAGNOSTICS given = ROW_COUNT;
    SELECT b.id INTO oldest FROM hotline.my_branch(me, low, high, verifies) b (id)
     ORDER BY b.id DESC OFFSET 20000 LIMIT 1;
    IF given >= most OR oldest IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY WITH hits AS MATERIALIZED (SELECT x.ticket_id FROM ticket_text x WHERE x.pieces @@ wanted)
    SELECT n.id FROM (SELECT b.id FROM hotline.my_branch(me, low, high, verifies) b (id)
                       WHERE b.id <= oldest AND b.id IN (SELECT h.ticket_id FROM hits h)
                       ORDER BY b.id DESC OFFSET 0) n
     WHERE (SELECT t.creator_id = me OR NOT (t.confidential AND t.respondent_code = ANY (above))
              FROM ticket t WHERE t.id = n.id) LIMIT most - given;
END
$$;

CREATE OR REPLACE FUNCTION hotline.find_tickets(query text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted tsquery := query::tsquery;
    enough integer := least(greatest(most, 0), 2000);
BEGIN
    PERFORM hotline.pace();
    -- Words that all stand there, as db/search.py asks: with "or", "not" and beginnings a name is found by halving.
    IF regexp_replace(wanted::text, $q$'([^']|'')*'$q$, '', 'g') ~ '[^ &()<>-]' THEN
        RAISE LOG 'hotline: % searches by guessing', session_user;
        RAISE EXCEPTION 'words only' USING ERRCODE = '42501';
    END IF;
    IF hotline.whole_city() THEN
        RETURN QUERY SELECT f.id FROM hotline.find_in_city(wanted, enough) f (id);
    ELSIF pg_has_role(session_user, 'hotline_unit', 'member') AND hotline.my_id() IS NOT NULL THEN
        RETURN QUERY SELECT f.id FROM hotline.find_in_branch(wanted, enough) f (id);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION hotline.my_branch(bigint, text, text, boolean), hotline.find_in_city(tsquery, integer),
    hotline.find_in_branch(tsquery, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.find_tickets(text, integer) TO hotline_centre, hotline_unit;
