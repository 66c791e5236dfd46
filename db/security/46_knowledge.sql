-- The knowledge base (field-facts 10.13): callers are told what two people have read. What is not published is its
-- writer's and the editors'; a published version's words never change, for work orders cite it.
DROP POLICY IF EXISTS signed_in ON knowledge_entry;
CREATE POLICY published_or_own ON knowledge_entry FOR SELECT TO hotline_staff
    USING ((SELECT hotline.my_id()) IS NOT NULL
           AND (state = 'published' OR published_at IS NOT NULL OR author_id = (SELECT hotline.my_id())
                OR (SELECT hotline.my_role()) IN ('kb_editor', 'supervisor')));

GRANT INSERT ON knowledge_entry TO hotline_centre, hotline_unit;
GRANT UPDATE (title, initials, category_code, question_variants, short_answer, long_answer, basis, responsible_unit, region,
    effective_on, expires_on, review_every_days, reviewed_on, reviewer, state, note, published_at, updated_at, pieces,
    editor, editor_id)
    ON knowledge_entry TO hotline_centre, hotline_unit;
CREATE POLICY written ON knowledge_entry FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (author_id = (SELECT hotline.my_id()) AND state IN ('draft', 'review')
                AND (SELECT hotline.my_role()) <> 'inspector');

-- What `console/domain/knowledge.py` permits, once more: a policy does not see the row as it was.
CREATE OR REPLACE FUNCTION hotline.keep_knowledge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    editor boolean := hotline.my_role() IN ('kb_editor', 'supervisor');
    signed text := (SELECT (m).name || ' ' || (m).agent_no FROM hotline.me() AS m);
    counted text[] := ARRAY['hit_count'];
    signs text[] := ARRAY['editor', 'editor_id', 'expires_on'];
    kept text[] := counted || ARRAY['state', 'note', 'published_at', 'updated_at', 'reviewed_on', 'reviewer', 'expires_on'];
    before jsonb;
    after jsonb := to_jsonb(NEW);
BEGIN
    IF NOT hotline.is_operator() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF (NEW.root_id IS NOT NULL OR NEW.previous_id IS NOT NULL) AND NOT editor THEN
            RAISE EXCEPTION 'knowledge: a next version is an editor''s' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.author := signed;
        NEW.editor := '';
        NEW.editor_id := NULL;
        NEW.hit_count := 0;
        NEW.reviewer := '';
        NEW.reviewed_on := NULL;
        NEW.published_at := NULL;
        RETURN NEW;
    END IF;
    before := to_jsonb(OLD);
    IF before - counted = after - counted THEN
        IF OLD.state <> 'published' OR NEW.hit_count - OLD.hit_count NOT BETWEEN 0 AND 1 THEN
            RAISE EXCEPTION 'knowledge: counted by ones' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT (editor OR (OLD.author_id = hotline.my_id() AND OLD.state IN ('draft', 'review')
                       AND NEW.state IN ('draft', 'review', 'withdrawn') AND NEW.reviewer = OLD.reviewer
                       AND NEW.published_at IS NOT DISTINCT FROM OLD.published_at)) THEN
        RAISE EXCEPTION 'knowledge: not yours' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (before ->> 'state', after ->> 'state') NOT IN (
        ('draft', 'draft'), ('draft', 'review'), ('review', 'review'), ('review', 'draft'), ('draft', 'withdrawn'),
        ('review', 'withdrawn'), ('draft', 'published'), ('review', 'published'), ('published', 'published'),
        ('published', 'replaced'), ('published', 'withdrawn')) THEN
        RAISE EXCEPTION 'knowledge: % does not become %', OLD.state, NEW.state USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.hit_count <> OLD.hit_count AND (NEW.state <> 'published' OR OLD.state = 'published') THEN
        RAISE EXCEPTION 'knowledge: counted by ones' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.editor := OLD.editor;
    NEW.editor_id := OLD.editor_id;
    IF before - kept - signs IS DISTINCT FROM after - kept - signs OR NEW.expires_on IS DISTINCT FROM OLD.expires_on THEN
        -- Whoever changes the words has written them, whatever program did it; nobody else's name stands for it.
        IF NEW.state = 'published' AND OLD.state <> 'published' THEN
            RAISE EXCEPTION 'knowledge: words are not changed while publishing' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF OLD.author_id IS DISTINCT FROM hotline.my_id() AND OLD.state IN ('draft', 'review') THEN
            NEW.editor := signed;
            NEW.editor_id := hotline.my_id();
        END IF;
    END IF;
    IF NEW.state = 'published' AND OLD.state <> 'published'
        AND hotline.my_id() IN (OLD.author_id, coalesce(OLD.editor_id, 0)) THEN
        RAISE EXCEPTION 'knowledge: nobody publishes his own' USING ERRCODE = 'insufficient_privilege';
    END IF;
    after := to_jsonb(NEW);
    IF OLD.state NOT IN ('draft', 'review') AND (
        before - kept IS DISTINCT FROM after - kept
        OR (NEW.expires_on IS DISTINCT FROM OLD.expires_on
            AND (NEW.expires_on IS NULL OR NEW.expires_on > coalesce(OLD.expires_on, 'infinity')))) THEN
        RAISE EXCEPTION 'knowledge: a published version stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.reviewer IS DISTINCT FROM OLD.reviewer THEN
        NEW.reviewer := signed;
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER keep_knowledge BEFORE INSERT OR UPDATE ON knowledge_entry
    FOR EACH ROW EXECUTE FUNCTION hotline.keep_knowledge();

-- An opinion is signed by whoever has it; settling is the editors'.
DROP POLICY IF EXISTS heard ON knowledge_feedback;
CREATE POLICY seen ON knowledge_feedback FOR SELECT TO hotline_centre, hotline_unit
    USING ((SELECT hotline.my_id()) IS NOT NULL);
CREATE POLICY said ON knowledge_feedback FOR INSERT TO hotline_centre, hotline_unit
    WITH CHECK (settled_at IS NULL AND "by" = (
        SELECT a.name || ' ' || a.agent_no FROM account a WHERE a.id = (SELECT hotline.my_id())));
GRANT UPDATE (settled_at) ON knowledge_feedback TO hotline_kb_editor, hotline_supervisor;
CREATE POLICY settled ON knowledge_feedback FOR UPDATE TO hotline_kb_editor, hotline_supervisor
    USING ((SELECT hotline.my_id()) IS NOT NULL) WITH CHECK ((SELECT hotline.my_id()) IS NOT NULL);

-- A finished work order as the beginning of an entry. Names are private: the server strikes them out, of its own texts
-- only, so that nobody finds out by guessing.
CREATE OR REPLACE FUNCTION hotline.knowledge_source(the_ticket bigint)
RETURNS TABLE (title text, content text, answer text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    pattern text;
BEGIN
    SELECT string_agg(s.spelling, '|' ORDER BY length(s.spelling) DESC) INTO pattern
    FROM appellant a LEFT JOIN person p ON p.id = a.person_id
    CROSS JOIN LATERAL (
        SELECT a.spellings AS spelling WHERE a.spellings <> ''
        UNION ALL
        SELECT regexp_replace(p.name, '([^[:alnum:]])', '\\\1', 'g') WHERE length(p.name) > 1
        UNION ALL
        SELECT regexp_replace(p.phone, '([^[:alnum:]])', '\\\1', 'g') WHERE length(p.phone) > 4
    ) s
    WHERE a.ticket_id = the_ticket;
    pattern := coalesce(nullif(pattern, ''), '(?!)');
    RETURN QUERY
    SELECT regexp_replace(t.title::text, pattern, '（保密）', 'g'), regexp_replace(t.content, pattern, '（保密）', 'g'),
        regexp_replace(coalesce(nullif(t.direct_answer, ''), (
            SELECT r.public_reply FROM handling_result r WHERE r.ticket_id = t.id AND r.public_reply <> ''
            ORDER BY r.id DESC LIMIT 1), ''), pattern, '（保密）', 'g')
    FROM ticket t
    WHERE t.id = the_ticket AND NOT t.confidential AND t.state IN ('answered', 'closed', 'archived')
      AND hotline.sees(t.id);
END
$$;
REVOKE ALL ON FUNCTION hotline.keep_knowledge(), hotline.knowledge_source(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotline.knowledge_source(bigint) TO hotline_centre, hotline_unit;
