-- A shop: the shapes of tables that migrations meet, in the smallest schema a reader recognizes.
CREATE SCHEMA shop;

CREATE TYPE shop.order_status AS ENUM ('placed', 'paid', 'packed', 'shipped', 'returned');

-- Owned by no column on purpose: scripts that move only owned sequences forget this one.
CREATE SEQUENCE shop.invoice_number START WITH 100000;

CREATE TABLE shop.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    profile jsonb NOT NULL DEFAULT '{}',
    balance numeric(12, 2) NOT NULL DEFAULT 0,
    joined_at timestamptz NOT NULL
);

CREATE TABLE shop.products (
    sku uuid PRIMARY KEY,
    name text NOT NULL,
    price numeric(10, 2) NOT NULL,
    stock integer NOT NULL,
    thumbnail bytea,
    dimensions double precision[]
);

CREATE TABLE shop.orders (
    id bigserial PRIMARY KEY,
    invoice bigint NOT NULL DEFAULT nextval('shop.invoice_number'),
    customer_id bigint NOT NULL REFERENCES shop.customers,
    status shop.order_status NOT NULL DEFAULT 'placed',
    total numeric(12, 2) NOT NULL,
    note text,
    placed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX orders_customer_idx ON shop.orders (customer_id);

CREATE TABLE shop.order_items (
    order_id bigint NOT NULL REFERENCES shop.orders,
    line integer NOT NULL,
    sku uuid NOT NULL REFERENCES shop.products,
    quantity integer NOT NULL,
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, line)
);

CREATE SEQUENCE shop.payments_id_seq;

CREATE TABLE shop.payments (
    id bigint NOT NULL DEFAULT nextval('shop.payments_id_seq'),
    order_id bigint NOT NULL REFERENCES shop.orders,
    amount numeric(12, 2) NOT NULL,
    paid_at timestamptz NOT NULL,
    PRIMARY KEY (id, paid_at)
) PARTITION BY RANGE (paid_at);

ALTER SEQUENCE shop.payments_id_seq OWNED BY shop.payments.id;

CREATE TABLE shop.payments_2024 PARTITION OF shop.payments FOR VALUES FROM ('2024-01-01Z') TO ('2025-01-01Z');
CREATE TABLE shop.payments_2025 PARTITION OF shop.payments FOR VALUES FROM ('2025-01-01Z') TO ('2026-01-01Z');
CREATE TABLE shop.payments_later PARTITION OF shop.payments DEFAULT;

-- Without a primary key on purpose: append-only tables like this one are in every real schema.
CREATE TABLE shop.page_views (
    visitor uuid NOT NULL,
    path text NOT NULL,
    seconds double precision,
    address inet,
    viewed_at timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA shop TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop TO PUBLIC;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA shop TO PUBLIC;
