-- The database of a record and the role that works in it: run once by a superuser, with
--   psql -v password="$(cat FILE)" -f role.sql
-- The role owns one schema, where the program makes its tables; it can't reach anything else.
\set ON_ERROR_STOP on
CREATE ROLE cordon LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 60 PASSWORD :'password';
CREATE DATABASE cordon ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE cordon FROM PUBLIC;
-- TEMPORARY: the layout of the tables is compared with that of fresh ones, which are gone again at once.
GRANT CONNECT, TEMPORARY ON DATABASE cordon TO cordon;
\connect cordon
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA cordon AUTHORIZATION cordon;
ALTER ROLE cordon IN DATABASE cordon SET search_path = cordon;
