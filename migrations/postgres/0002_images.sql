-- Images and containers: what they are, which of their items failed once, and what people chose to look for.

-- One row for each asset that is an image, a container or a root file system.
CREATE TABLE image (
    tenant_no      BIGINT NOT NULL,
    asset_no       BIGINT NOT NULL,
    task_id        BIGINT NOT NULL,         -- the newest task that looked at it
    first_ms       BIGINT NOT NULL,
    size           BIGINT NOT NULL,         -- bytes
    created_ms     BIGINT,
    layers         BIGINT NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL, -- image | container | rootfs
    uuid           TEXT COLLATE "C" NOT NULL, -- the id of the asset
    sort_name      TEXT COLLATE "C" NOT NULL, -- the beginning of its name: the order of lists
    registry       TEXT COLLATE "C" NOT NULL,
    repo_namespace TEXT COLLATE "C" NOT NULL,
    repo_name      TEXT COLLATE "C" NOT NULL,
    tag            TEXT COLLATE "C" NOT NULL,
    digest         TEXT COLLATE "C" NOT NULL,
    image_id       TEXT COLLATE "C" NOT NULL,
    os             TEXT COLLATE "C" NOT NULL,
    architecture   TEXT COLLATE "C" NOT NULL,
    container_id   TEXT COLLATE "C" NOT NULL,
    container_name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_no, asset_no)
) WITH (fillfactor = 80);
CREATE INDEX image_by_name ON image (tenant_no, sort_name, uuid, asset_no);
CREATE INDEX image_by_uuid ON image (tenant_no, uuid);
CREATE INDEX image_by_digest ON image (tenant_no, digest) WHERE digest <> '';

-- Items that failed once, of assets of provider `image`; changed in the transaction that changes the results.
CREATE TABLE image_item (
    tenant_no BIGINT NOT NULL,
    asset_no  BIGINT NOT NULL,
    first_ms  BIGINT NOT NULL,              -- when it first failed
    last_ms   BIGINT NOT NULL,              -- when the state last changed
    check_id  INTEGER NOT NULL,
    state     SMALLINT NOT NULL,            -- 0 fixed, 1 failing, 2 could not be read since it failed
    PRIMARY KEY (tenant_no, check_id, asset_no)
) WITH (fillfactor = 80);
-- Failing ones are found by their results.
CREATE INDEX image_item_past ON image_item (tenant_no, check_id, state, asset_no) WHERE state <> 1;

CREATE TABLE image_strategy (
    tenant_no   BIGINT NOT NULL REFERENCES tenant,
    strategy_id BIGINT NOT NULL,            -- 0: the default one
    keep_days   BIGINT NOT NULL,
    name        TEXT NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    items       TEXT,                       -- JSON list of the keys of items; null: all
    PRIMARY KEY (tenant_no, strategy_id)
);

-- What a task was asked to look at, by what it was asked for.
CREATE TABLE image_task (
    tenant_no BIGINT NOT NULL,
    task_id   BIGINT NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    digest    TEXT COLLATE "C" NOT NULL,    -- empty until it is known
    uuid      TEXT COLLATE "C" NOT NULL,    -- the id of the asset; empty until it is known
    PRIMARY KEY (tenant_no, task_id, reference),
    FOREIGN KEY (tenant_no, task_id) REFERENCES task
);
CREATE INDEX image_task_by_digest ON image_task (tenant_no, digest, task_id) WHERE digest <> '';
CREATE INDEX image_task_by_reference ON image_task (tenant_no, reference, task_id);
