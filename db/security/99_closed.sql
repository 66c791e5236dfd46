-- Last of all: a new function is everybody's until it is taken back, and most were made after 40_policies.sql.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hotline FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA hotline FROM PUBLIC;
