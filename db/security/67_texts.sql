-- Who asked for confidence is struck out of every text about the matter when it is written, whoever writes it: the
-- unit that knows the name by chance, the dispatcher who quotes it. Readers have nothing to strike out.
CREATE OR REPLACE FUNCTION hotline.spellings(the_ticket bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT string_agg(s.spelling, '|' ORDER BY length(s.spelling) DESC)
    FROM ticket t JOIN appellant a ON a.ticket_id = t.id LEFT JOIN person p ON p.id = a.person_id
    CROSS JOIN LATERAL (
        SELECT a.spellings AS spelling WHERE a.spellings <> ''
        UNION ALL
        -- As registered: letters, marks of any kind as themselves.
        SELECT regexp_replace(p.name, '([^[:alnum:]])', '\\\1', 'g') WHERE length(p.name) > 1
        UNION ALL
        SELECT regexp_replace(p.phone, '([^[:alnum:]])', '\\\1', 'g') WHERE length(p.phone) > 4
    ) s
    WHERE t.id = the_ticket AND t.confidential
$$;

-- Whoever writes a list of names and looks which of them was struck out has found the name. So a text about such a
-- matter takes turns by its length, holds no list, and the server's log keeps who struck, whatever becomes of the row.
CREATE OR REPLACE FUNCTION hotline.check_guessing(the_ticket bigint, written text, pattern text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF btrim(written, E' \n{}') = '' THEN
        RETURN;
    END IF;
    PERFORM hotline.pace(1 + length(written) / 20);
    IF (SELECT count(*) FROM regexp_matches(written, '[0-9０-９]{7,}', 'g')) > 12
       OR (SELECT count(DISTINCT p.name) FROM person p WHERE p.name = ANY (ARRAY(
               SELECT substr(written, start, size) FROM generate_series(1, length(written)) start, generate_series(2, 4) size
           ))) > 6 THEN
        RAISE LOG 'hotline: % wrote a list of names or numbers into confidential work order %', session_user, the_ticket;
        RAISE EXCEPTION 'no lists of people in a confidential matter' USING ERRCODE = '42501';
    END IF;
    IF written ~ pattern THEN
        RAISE LOG 'hotline: % wrote the caller''s name or number into confidential work order %', session_user, the_ticket;
    END IF;
END
$$;

-- TG_ARGV: the column with the work order's id, then the texts.
CREATE OR REPLACE FUNCTION hotline.strike() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    row_now jsonb := to_jsonb(NEW);
    pattern text := hotline.spellings((row_now ->> TG_ARGV[0])::bigint);
    struck jsonb := '{}';
    text_now text;
    text_then text;
    place integer;
    written text := '';
BEGIN
    IF pattern IS NULL THEN
        RETURN NEW;
    END IF;
    IF pg_trigger_depth() = 1 AND hotline.is_operator() THEN
        FOR place IN 1 .. TG_NARGS - 1 LOOP
            text_now := row_now ->> TG_ARGV[place];
            IF TG_OP = 'INSERT' OR to_jsonb(OLD) ->> TG_ARGV[place] IS DISTINCT FROM text_now THEN
                written := concat_ws(' ', written, text_now);
            END IF;
        END LOOP;
        PERFORM hotline.check_guessing((row_now ->> TG_ARGV[0])::bigint, written, pattern);
    END IF;
    FOR place IN 1 .. TG_NARGS - 1 LOOP
        text_now := row_now ->> TG_ARGV[place];
        text_then := regexp_replace(text_now, pattern, '（保密）', 'g');
        IF text_then IS DISTINCT FROM text_now THEN
            struck := struck || jsonb_build_object(TG_ARGV[place],
                CASE WHEN TG_ARGV[place] = 'inputs' THEN text_then::jsonb ELSE to_jsonb(text_then) END);
        END IF;
    END LOOP;
    IF struck <> '{}' THEN
        NEW := jsonb_populate_record(NEW, struck);
    END IF;
    RETURN NEW;
END
$$;

DO $$
DECLARE
    line text;
    name text;
    columns text[];
BEGIN
    FOREACH line IN ARRAY string_to_array(:spoken, ';') LOOP
        name := split_part(line, ':', 1);
        columns := string_to_array(split_part(line, ':', 2), ',');
        EXECUTE format('CREATE OR REPLACE TRIGGER strike BEFORE INSERT OR UPDATE ON public.%I
            FOR EACH ROW EXECUTE FUNCTION hotline.strike(%s)', name,
            (SELECT string_agg(quote_literal(c), ', ' ORDER BY place)
             FROM unnest(ARRAY[CASE name WHEN 'ticket' THEN 'id' ELSE 'ticket_id' END] || columns)
                  WITH ORDINALITY AS all_of(c, place)));
    END LOOP;
END
$$;

-- What was written before it was confidential, or before the caller was known. Written again, it passes the trigger.
CREATE OR REPLACE FUNCTION hotline.veil(the_ticket bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text;
    before text := coalesce(current_setting('hotline.veiling', true), 'off');
BEGIN
    IF hotline.spellings(the_ticket) IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('hotline.veiling', 'on', true);
    FOR name IN SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                WHERE t.tgname = 'strike' AND c.relname <> 'ticket' LOOP
        EXECUTE format('UPDATE public.%I SET ticket_id = ticket_id WHERE ticket_id = $1', name) USING the_ticket;
    END LOOP;
    UPDATE ticket SET title = title WHERE id = the_ticket;
    PERFORM set_config('hotline.veiling', before, true);
END
$$;

CREATE OR REPLACE FUNCTION hotline.veil_appellant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM hotline.veil(NEW.ticket_id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION hotline.veil_ticket() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM hotline.veil(NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER veil AFTER INSERT OR UPDATE OF name, phone, person_id ON appellant
    FOR EACH ROW EXECUTE FUNCTION hotline.veil_appellant();
CREATE OR REPLACE TRIGGER veil AFTER UPDATE OF confidential ON ticket
    FOR EACH ROW WHEN (NEW.confidential AND NOT OLD.confidential) EXECUTE FUNCTION hotline.veil_ticket();
REVOKE ALL ON FUNCTION hotline.spellings(bigint), hotline.strike(), hotline.veil(bigint), hotline.veil_appellant(),
    hotline.veil_ticket(), hotline.check_guessing(bigint, text, text) FROM PUBLIC;
