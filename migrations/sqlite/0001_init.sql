-- The first schema. Times are milliseconds since 1970; statuses are ResultStatus::code; `tenant_no` leads every key
-- but those of what is looked up before the tenant is known: access keys and nonces.

CREATE TABLE tenant (
    tenant_no INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE account (
    account_no INTEGER PRIMARY KEY,
    tenant_no  INTEGER NOT NULL REFERENCES tenant,
    provider   TEXT NOT NULL,
    account    TEXT NOT NULL,
    name       TEXT NOT NULL,
    assets     INTEGER NOT NULL DEFAULT 0, -- how many of its assets are not gone
    UNIQUE (tenant_no, provider, account)
) STRICT;

-- AUTOINCREMENT: a number is never given twice, since result ids on the wire are made of it.
CREATE TABLE asset (
    asset_no   INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_no  INTEGER NOT NULL,
    account_no INTEGER NOT NULL REFERENCES account,
    asset_type TEXT NOT NULL,
    region     TEXT NOT NULL,
    id         TEXT NOT NULL,
    name       TEXT NOT NULL,
    file       TEXT,
    line       INTEGER,
    checks     TEXT NOT NULL,              -- the checks that have a result for it, as `1-8,12`; empty when gone
    last_ms    INTEGER NOT NULL,
    gone_ms    INTEGER,
    UNIQUE (tenant_no, account_no, asset_type, region, id)
) STRICT;
-- The order of lists, and look-ups by the provider's id; the name, so that looking for parts of it reads nothing else.
CREATE INDEX asset_by_id ON asset (tenant_no, id, region, asset_no, account_no, name);
CREATE INDEX asset_live ON asset (tenant_no, account_no) WHERE gone_ms IS NULL;

CREATE TABLE task (
    task_id        INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_no      INTEGER NOT NULL REFERENCES tenant,
    kind           TEXT NOT NULL,
    source         TEXT NOT NULL,
    checks         TEXT NOT NULL,          -- as `1-8,12`
    state          TEXT NOT NULL,
    message        TEXT NOT NULL DEFAULT '',
    token          INTEGER NOT NULL,       -- fences: whoever does not know it no longer holds the lease
    lease_until_ms INTEGER NOT NULL,
    done           INTEGER NOT NULL DEFAULT 0,
    total          INTEGER NOT NULL DEFAULT 0,
    created_ms     INTEGER NOT NULL,
    ended_ms       INTEGER
) STRICT;
CREATE INDEX task_by_tenant ON task (tenant_no, task_id);
CREATE INDEX task_running ON task (tenant_no, lease_until_ms) WHERE state = 'running';

-- When a check last looked at an account, instead of a time in each result.
CREATE TABLE watermark (
    tenant_no  INTEGER NOT NULL,
    check_id   INTEGER NOT NULL,
    account_no INTEGER NOT NULL REFERENCES account,
    task_id    INTEGER NOT NULL,
    at_ms      INTEGER NOT NULL,
    digest     TEXT,                       -- of the results last stored; null: the rows have changed since
    PRIMARY KEY (tenant_no, check_id, account_no)
) STRICT, WITHOUT ROWID;

-- How results fall, changed by delta in the transaction that changes the results.
CREATE TABLE rollup (
    tenant_no      INTEGER NOT NULL,
    check_id       INTEGER NOT NULL,
    account_no     INTEGER NOT NULL REFERENCES account,
    region         TEXT NOT NULL,
    pass           INTEGER NOT NULL,
    fail           INTEGER NOT NULL,
    excepted       INTEGER NOT NULL,
    not_applicable INTEGER NOT NULL,
    unknown        INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, check_id, account_no, region)
) STRICT, WITHOUT ROWID;

-- One row per (check, asset). No foreign key to asset: it would cost a look-up per row; `verify` looks instead.
CREATE TABLE result (
    tenant_no    INTEGER NOT NULL,
    check_id     INTEGER NOT NULL,
    account_no   INTEGER NOT NULL,
    asset_no     INTEGER NOT NULL,
    status       INTEGER NOT NULL,
    first_ms     INTEGER NOT NULL,
    changed_ms   INTEGER,                  -- null: the status has never changed
    exception_id INTEGER,                  -- the exception that covers it; only failures have one
    reason       TEXT,
    evidence     TEXT,
    PRIMARY KEY (tenant_no, check_id, account_no, asset_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX result_open_by_check ON result (tenant_no, check_id, status, account_no, asset_no, exception_id) WHERE status <> 0;
CREATE INDEX result_open_by_asset ON result (tenant_no, asset_no, check_id, status, exception_id) WHERE status <> 0;

CREATE TABLE history (
    tenant_no   INTEGER NOT NULL,
    asset_no    INTEGER NOT NULL,
    check_id    INTEGER NOT NULL,
    step        INTEGER NOT NULL,          -- from 1, in the order of the changes
    at_ms       INTEGER NOT NULL,
    task_id     INTEGER NOT NULL,
    from_status INTEGER,                   -- null: there was no result
    to_status   INTEGER,                   -- null: closed
    PRIMARY KEY (tenant_no, asset_no, check_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage (
    tenant_no  INTEGER NOT NULL,
    account_no INTEGER NOT NULL REFERENCES account,
    region     TEXT NOT NULL,
    asset_type TEXT NOT NULL,
    status     TEXT NOT NULL,
    reason     TEXT,                       -- JSON
    task_id    INTEGER NOT NULL,
    at_ms      INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, account_no, region, asset_type)
) STRICT, WITHOUT ROWID;

-- Ended exceptions stay: who accepted what, and until when, must be answerable later.
CREATE TABLE exception (
    exception_id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_no    INTEGER NOT NULL REFERENCES tenant,
    check_id     INTEGER NOT NULL,
    asset_ids    TEXT NOT NULL,            -- JSON list; empty: the whole check
    reason       TEXT NOT NULL,
    author       TEXT NOT NULL,
    created_ms   INTEGER NOT NULL,
    expires_ms   INTEGER,
    ended_ms     INTEGER
) STRICT;
CREATE INDEX exception_live ON exception (tenant_no, check_id) WHERE ended_ms IS NULL;

CREATE TABLE access_key (
    key_id        TEXT PRIMARY KEY,
    tenant_no     INTEGER NOT NULL REFERENCES tenant,
    secret_sealed BLOB NOT NULL,
    policy        TEXT NOT NULL,
    enabled       INTEGER NOT NULL,
    token_hash    TEXT,
    expires_ms    INTEGER,
    created_ms    INTEGER NOT NULL,
    comment       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_key_by_tenant ON access_key (tenant_no, created_ms);

CREATE TABLE nonce (
    key_id     TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (key_id, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX nonce_by_expiry ON nonce (expires_ms);
