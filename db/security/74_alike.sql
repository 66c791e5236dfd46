-- The same matter told by somebody else elsewhere: work orders that share uncommon words with what is being typed.
-- Asked with every pause at the intake desk, so it takes no turn (hotline.pace). It need not: a word counts only where
-- it stands in the title or the content, which whoever may ask reads in every work order anyway. Callers' names, by
-- which `ticket_text` finds too, say nothing here, so nobody learns one by asking often.

-- The four thousand most common words are known to PostgreSQL by number; with the usual target it is a thousand.
ALTER TABLE public.ticket_text ALTER COLUMN pieces SET STATISTICS 400;

-- The uncommon of these words, rarest first, with how large a part of all work orders says them: as PostgreSQL's own
-- statistics know it; those not known are rarer by far than the rarest known. As many as may be looked up without
-- reading more than some thousand rows: a word that every tenth says tells no matter from another.
CREATE OR REPLACE FUNCTION hotline.uncommon(words text[]) RETURNS TABLE (word text, share double precision)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH known AS (
        SELECT u.word, u.share FROM pg_stats s,
               unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS u (word, share)
         WHERE s.schemaname = 'public' AND s.tablename = 'ticket_text' AND s.attname = 'pieces' AND u.word IS NOT NULL),
    stock AS (
        SELECT greatest(c.reltuples, 1000) AS orders, coalesce((SELECT min(k.share) FROM known k), 0.02) / 5 AS rare
          FROM pg_class c WHERE c.oid = 'public.ticket_text'::regclass),
    asked AS (
        SELECT a.word, min(a.place) AS place FROM unnest(words) WITH ORDINALITY AS a (word, place)
         WHERE length(a.word) = 2 AND a.word !~ '[[:space:][:punct:]]' GROUP BY a.word),
    ranked AS (
        SELECT a.word, coalesce(k.share, s.rare)::double precision AS share, s.orders,
               row_number() OVER (ORDER BY coalesce(k.share, s.rare), a.place) AS rank,
               sum(coalesce(k.share, s.rare)) OVER (ORDER BY coalesce(k.share, s.rare), a.place) AS together
          FROM asked a CROSS JOIN stock s LEFT JOIN known k ON k.word = a.word)
    SELECT r.word, r.share FROM ranked r
     WHERE r.rank <= 40 AND r.together * r.orders <= 12000
$$;

-- No sequential scan: the planner takes a word it is told only later for a common one, and would compile for half as
-- long as it looks.
CREATE OR REPLACE FUNCTION hotline.alike_among(words text[], states text[], since timestamptz, most integer)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH uncommon AS MATERIALIZED (SELECT u.word, u.share FROM hotline.uncommon(words[:60]) u),
    hits AS MATERIALIZED (
        SELECT x.ticket_id, array_agg(u.word) AS said, array_agg(-ln(least(u.share, 0.9))) AS weights
          FROM uncommon u JOIN ticket_text x ON x.pieces @@ ('''' || u.word || '''')::tsquery
         GROUP BY x.ticket_id HAVING count(*) > 1)
    SELECT t.id FROM hits h JOIN ticket t ON t.id = h.ticket_id
     CROSS JOIN LATERAL (
        SELECT count(*) AS words, sum(s.weight) AS weight FROM unnest(h.said, h.weights) AS s (word, weight)
         WHERE strpos(lower(t.title), s.word) > 0 OR strpos(lower(t.content), s.word) > 0) AS shared
     WHERE t.state = ANY (states) AND t.accepted_at >= since AND shared.words > 1
     ORDER BY shared.weight DESC, t.id DESC LIMIT least(greatest(most, 0), 200);
END
$$;

CREATE OR REPLACE FUNCTION hotline.alike_tickets(words text[], states text[], since timestamptz, most integer)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Drafts are their writer's alone.
    IF hotline.whole_city() AND hotline.my_id() IS NOT NULL AND NOT 'draft' = ANY (states) THEN
        RETURN QUERY SELECT a.id FROM hotline.alike_among(words, states, since, most) a (id);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION hotline.uncommon(text[]), hotline.alike_among(text[], text[], timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.alike_tickets(text[], text[], timestamptz, integer) TO hotline_centre;
