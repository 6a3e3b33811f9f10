-- What the rows are drawn from. Every value is a function of the seed and the row's number, by functions that gave the
-- same in every release since 11; floating point is only multiplied, which is exact to the last bit everywhere.
-- The functions are the session's own and go with it.

-- Constraints hold by construction, and checking each of a million references would take most of the time; a role that
-- may not switch that off lets them be checked.
${unchecked}

CREATE FUNCTION pg_temp.orders() RETURNS bigint IMMUTABLE LANGUAGE sql
AS $$ SELECT bigint '${orders}' $$;

CREATE FUNCTION pg_temp.customers() RETURNS bigint IMMUTABLE LANGUAGE sql
AS 'SELECT greatest(10, pg_temp.orders() / 4)';

CREATE FUNCTION pg_temp.products() RETURNS bigint IMMUTABLE LANGUAGE sql
AS 'SELECT greatest(10, pg_temp.orders() / 40)';

-- Independent draws for one row differ in the column.
CREATE FUNCTION pg_temp.draw(row_number bigint, column_number integer) RETURNS bigint IMMUTABLE LANGUAGE sql
AS $$ SELECT hashint8extended(row_number * 64 + column_number, '${seed}') & 9223372036854775807 $$;

-- At least 0, less than 1.
CREATE FUNCTION pg_temp.fraction(row_number bigint, column_number integer) RETURNS double precision IMMUTABLE LANGUAGE sql
AS 'SELECT (pg_temp.draw(row_number, column_number) & 4503599627370495)::double precision / 4503599627370496';

CREATE FUNCTION pg_temp.cube(x double precision) RETURNS double precision IMMUTABLE LANGUAGE sql
AS 'SELECT x * x * x';

-- Ids have gaps, as aborted transactions leave them: every id is used, save those divisible by 1000.
CREATE FUNCTION pg_temp.id(row_number bigint) RETURNS bigint IMMUTABLE LANGUAGE sql
AS 'SELECT row_number + (row_number - 1) / 999';

CREATE FUNCTION pg_temp.sku(product bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
AS $$ SELECT md5('sku ${seed} ' || product)::uuid $$;

CREATE FUNCTION pg_temp.price(product bigint) RETURNS numeric IMMUTABLE LANGUAGE sql
AS 'SELECT ((99 + floor(pg_temp.cube(pg_temp.fraction(product, 1)) * 99900))::numeric / 100)::numeric(10, 2)';

-- An order has one to six lines, mostly one or two; a few products and a few customers make most of the trade.
CREATE FUNCTION pg_temp.lines(order_number bigint) RETURNS integer IMMUTABLE LANGUAGE sql
AS 'SELECT 1 + floor(pg_temp.cube(pg_temp.fraction(order_number, 2)) * 6)::integer';

CREATE FUNCTION pg_temp.product(order_number bigint, line integer) RETURNS bigint IMMUTABLE LANGUAGE sql
AS 'SELECT floor(pg_temp.cube(pg_temp.fraction(order_number, 10 + line)) * pg_temp.products())::bigint + 1';

CREATE FUNCTION pg_temp.quantity(order_number bigint, line integer) RETURNS integer IMMUTABLE LANGUAGE sql
AS 'SELECT 1 + floor(pg_temp.cube(pg_temp.fraction(order_number, 20 + line)) * 9)::integer';

-- Orders come evenly from January 2024 to June 2026.
CREATE FUNCTION pg_temp.placed_at(order_number bigint) RETURNS timestamptz IMMUTABLE LANGUAGE sql
AS $$ SELECT timestamptz '2024-01-01 00:00:00Z'
    + floor((order_number - 1 + pg_temp.fraction(order_number, 3)) * (78624000000000.0::double precision / pg_temp.orders()))
    * interval '1 microsecond' $$;
