CREATE TABLE queue_jobs (id bigserial PRIMARY KEY, payload text NOT NULL, taken_at timestamptz);
CREATE INDEX queue_jobs_waiting ON queue_jobs (id) WHERE taken_at IS NULL;
