-- Images and containers: what they are, which of their items failed once, and what people chose to look for.

-- One row for each asset that is an image, a container or a root file system.
CREATE TABLE image (
    tenant_no      INTEGER NOT NULL,
    asset_no       INTEGER NOT NULL,
    task_id        INTEGER NOT NULL,       -- the newest task that looked at it
    first_ms       INTEGER NOT NULL,
    kind           TEXT NOT NULL,          -- image | container | rootfs
    uuid           TEXT NOT NULL,          -- the id of the asset
    sort_name      TEXT NOT NULL,          -- the beginning of its name: the order of lists
    registry       TEXT NOT NULL,
    repo_namespace TEXT NOT NULL,
    repo_name      TEXT NOT NULL,
    tag            TEXT NOT NULL,
    digest         TEXT NOT NULL,
    image_id       TEXT NOT NULL,
    size           INTEGER NOT NULL,       -- bytes
    created_ms     INTEGER,
    os             TEXT NOT NULL,
    architecture   TEXT NOT NULL,
    container_id   TEXT NOT NULL,
    container_name TEXT NOT NULL,
    layers         INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, asset_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_by_name ON image (tenant_no, sort_name, uuid, asset_no, kind);
CREATE INDEX image_by_uuid ON image (tenant_no, uuid);
CREATE INDEX image_by_digest ON image (tenant_no, digest) WHERE digest <> '';

-- Items that failed once, of assets of provider `image`; changed in the transaction that changes the results.
CREATE TABLE image_item (
    tenant_no INTEGER NOT NULL,
    check_id  INTEGER NOT NULL,
    asset_no  INTEGER NOT NULL,
    state     INTEGER NOT NULL,            -- 0 fixed, 1 failing, 2 could not be read since it failed
    first_ms  INTEGER NOT NULL,            -- when it first failed
    last_ms   INTEGER NOT NULL,            -- when the state last changed
    PRIMARY KEY (tenant_no, check_id, asset_no)
) STRICT, WITHOUT ROWID;
-- Failing ones are found by their results.
CREATE INDEX image_item_past ON image_item (tenant_no, check_id, state, asset_no) WHERE state <> 1;

CREATE TABLE image_strategy (
    tenant_no   INTEGER NOT NULL REFERENCES tenant,
    strategy_id INTEGER NOT NULL,          -- 0: the default one
    name        TEXT NOT NULL,
    source      TEXT NOT NULL,
    items       TEXT,                      -- JSON list of the keys of items; null: all
    keep_days   INTEGER NOT NULL,
    PRIMARY KEY (tenant_no, strategy_id)
) STRICT, WITHOUT ROWID;

-- What a task was asked to look at, by what it was asked for.
CREATE TABLE image_task (
    tenant_no INTEGER NOT NULL,
    task_id   INTEGER NOT NULL REFERENCES task,
    reference TEXT NOT NULL,
    digest    TEXT NOT NULL,               -- empty until it is known
    uuid      TEXT NOT NULL,               -- the id of the asset; empty until it is known
    PRIMARY KEY (tenant_no, task_id, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_task_by_digest ON image_task (tenant_no, digest, task_id) WHERE digest <> '';
CREATE INDEX image_task_by_reference ON image_task (tenant_no, reference, task_id);
