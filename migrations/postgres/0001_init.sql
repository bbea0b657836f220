-- The first schema. Times are milliseconds since 1970; statuses are ResultStatus::code; `tenant_no` leads every key
-- but those of what is looked up before the tenant is known: access keys and nonces.
-- COLLATE "C": lists are ordered by bytes, as SQLite orders them, whatever the locale of the server.

CREATE TABLE tenant (
    tenant_no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      TEXT COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE account (
    tenant_no  BIGINT NOT NULL REFERENCES tenant,
    account_no INTEGER GENERATED ALWAYS AS IDENTITY,
    provider   TEXT COLLATE "C" NOT NULL,
    account    TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    assets     BIGINT NOT NULL DEFAULT 0, -- how many of its assets are not gone
    PRIMARY KEY (tenant_no, account_no),
    UNIQUE (tenant_no, provider, account)
);

-- A number is never given twice, since result ids on the wire are made of it.
CREATE TABLE asset (
    tenant_no  BIGINT NOT NULL,
    asset_no   BIGINT GENERATED ALWAYS AS IDENTITY,
    account_no INTEGER NOT NULL,
    line       INTEGER,
    last_ms    BIGINT NOT NULL,
    gone_ms    BIGINT,
    asset_type TEXT COLLATE "C" NOT NULL,
    region     TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    file       TEXT COLLATE "C",
    checks     TEXT COLLATE "C" NOT NULL, -- the checks that have a result for it, as `1-8,12`; empty when gone
    PRIMARY KEY (tenant_no, asset_no),
    UNIQUE (tenant_no, account_no, asset_type, region, id),
    FOREIGN KEY (tenant_no, account_no) REFERENCES account
) WITH (fillfactor = 80); -- room to move `last_ms` on within the page
-- The order of lists, and look-ups by the provider's id.
CREATE INDEX asset_by_id ON asset (tenant_no, id, region, asset_no, account_no);
CREATE INDEX asset_live ON asset (tenant_no, account_no) WHERE gone_ms IS NULL;

CREATE TABLE task (
    tenant_no      BIGINT NOT NULL REFERENCES tenant,
    task_id        BIGINT GENERATED ALWAYS AS IDENTITY,
    kind           TEXT NOT NULL,
    source         TEXT NOT NULL,
    checks         TEXT NOT NULL,         -- as `1-8,12`
    state          TEXT NOT NULL,
    message        TEXT NOT NULL DEFAULT '',
    token          BIGINT NOT NULL,       -- fences: whoever does not know it no longer holds the lease
    lease_until_ms BIGINT NOT NULL,
    done           BIGINT NOT NULL DEFAULT 0,
    total          BIGINT NOT NULL DEFAULT 0,
    created_ms     BIGINT NOT NULL,
    ended_ms       BIGINT,
    PRIMARY KEY (tenant_no, task_id)
) WITH (fillfactor = 80);
CREATE INDEX task_running ON task (tenant_no, lease_until_ms) WHERE state = 'running';

-- When a check last looked at an account, instead of a time in each result.
CREATE TABLE watermark (
    tenant_no  BIGINT NOT NULL,
    check_id   INTEGER NOT NULL,
    account_no INTEGER NOT NULL,
    task_id    BIGINT NOT NULL,
    at_ms      BIGINT NOT NULL,
    digest     TEXT,                      -- of the results last stored; null: the rows have changed since
    PRIMARY KEY (tenant_no, check_id, account_no),
    FOREIGN KEY (tenant_no, account_no) REFERENCES account
) WITH (fillfactor = 80);

-- How results fall, changed by delta in the transaction that changes the results.
CREATE TABLE rollup (
    tenant_no      BIGINT NOT NULL,
    check_id       INTEGER NOT NULL,
    account_no     INTEGER NOT NULL,
    region         TEXT COLLATE "C" NOT NULL,
    pass           BIGINT NOT NULL,
    fail           BIGINT NOT NULL,
    excepted       BIGINT NOT NULL,
    not_applicable BIGINT NOT NULL,
    unknown        BIGINT NOT NULL,
    PRIMARY KEY (tenant_no, check_id, account_no, region),
    FOREIGN KEY (tenant_no, account_no) REFERENCES account
) WITH (fillfactor = 80);

-- One row per (check, asset), wide columns first so that none is padded. No foreign key to asset: it would cost a
-- look-up per row; `verify` looks instead.
CREATE TABLE result (
    tenant_no    BIGINT NOT NULL,
    asset_no     BIGINT NOT NULL,
    first_ms     BIGINT NOT NULL,
    check_id     INTEGER NOT NULL,
    account_no   INTEGER NOT NULL,
    status       SMALLINT NOT NULL,
    changed_ms   BIGINT,                  -- null: the status has never changed
    exception_id BIGINT,                  -- the exception that covers it; only failures have one
    reason       TEXT,
    evidence     TEXT,
    PRIMARY KEY (tenant_no, check_id, account_no, asset_no)
) PARTITION BY HASH (tenant_no);
CREATE TABLE result_0 PARTITION OF result FOR VALUES WITH (MODULUS 8, REMAINDER 0);
CREATE TABLE result_1 PARTITION OF result FOR VALUES WITH (MODULUS 8, REMAINDER 1);
CREATE TABLE result_2 PARTITION OF result FOR VALUES WITH (MODULUS 8, REMAINDER 2);
CREATE TABLE result_3 PARTITION OF result FOR VALUES WITH (MODULUS 8, REMAINDER 3);
CREATE TABLE result_4 PARTITION OF result FOR VALUES WITH (MODULUS 8, REMAINDER 4);
CREATE TABLE result_5 PARTITION OF result FOR VALUES WITH (MODULUS 8, REMAINDER 5);
CREATE TABLE result_6 PARTITION OF result FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE result_7 PARTITION OF result FOR VALUES WITH (MODULUS 8, REMAINDER 7);
CREATE INDEX result_open_by_check ON result (tenant_no, check_id, status, account_no, asset_no, exception_id) WHERE status <> 0;
CREATE INDEX result_open_by_asset ON result (tenant_no, asset_no, check_id, status, exception_id) WHERE status <> 0;

CREATE TABLE history (
    tenant_no   BIGINT NOT NULL,
    asset_no    BIGINT NOT NULL,
    at_ms       BIGINT NOT NULL,
    task_id     BIGINT NOT NULL,
    check_id    INTEGER NOT NULL,
    step        INTEGER NOT NULL,         -- from 1, in the order of the changes
    from_status SMALLINT,                 -- null: there was no result
    to_status   SMALLINT,                 -- null: closed
    PRIMARY KEY (tenant_no, asset_no, check_id, step)
);

CREATE TABLE coverage (
    tenant_no  BIGINT NOT NULL,
    account_no INTEGER NOT NULL,
    region     TEXT COLLATE "C" NOT NULL,
    asset_type TEXT COLLATE "C" NOT NULL,
    status     TEXT NOT NULL,
    reason     TEXT,                      -- JSON
    task_id    BIGINT NOT NULL,
    at_ms      BIGINT NOT NULL,
    PRIMARY KEY (tenant_no, account_no, region, asset_type),
    FOREIGN KEY (tenant_no, account_no) REFERENCES account
) WITH (fillfactor = 80);

-- Ended exceptions stay: who accepted what, and until when, must be answerable later.
CREATE TABLE exception (
    tenant_no    BIGINT NOT NULL REFERENCES tenant,
    exception_id BIGINT GENERATED ALWAYS AS IDENTITY,
    check_id     INTEGER NOT NULL,
    asset_ids    TEXT NOT NULL,           -- JSON list; empty: the whole check
    reason       TEXT NOT NULL,
    author       TEXT NOT NULL,
    created_ms   BIGINT NOT NULL,
    expires_ms   BIGINT,
    ended_ms     BIGINT,
    PRIMARY KEY (tenant_no, exception_id)
);
CREATE INDEX exception_live ON exception (tenant_no, check_id) WHERE ended_ms IS NULL;

CREATE TABLE access_key (
    key_id        TEXT COLLATE "C" PRIMARY KEY,
    tenant_no     BIGINT NOT NULL REFERENCES tenant,
    secret_sealed BYTEA NOT NULL,
    policy        TEXT NOT NULL,
    enabled       SMALLINT NOT NULL,
    token_hash    TEXT,
    expires_ms    BIGINT,
    created_ms    BIGINT NOT NULL,
    comment       TEXT NOT NULL
);
CREATE INDEX access_key_by_tenant ON access_key (tenant_no, created_ms);

CREATE TABLE nonce (
    key_id     TEXT COLLATE "C" NOT NULL,
    nonce      TEXT COLLATE "C" NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (key_id, nonce)
);
CREATE INDEX nonce_by_expiry ON nonce (expires_ms);
