//! The schema and its versions. The statements are in `migrations/`, one folder a database, one file a version.

use stance_model::Clock;

use crate::db::{Db, Tx, command, commit, rows};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::place::Place;

struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// In the order of their versions. A released one never changes: the next one changes what it made.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "init",
        sqlite: include_str!("../../../migrations/sqlite/0001_init.sql"),
        postgres: include_str!("../../../migrations/postgres/0001_init.sql"),
    },
    Migration {
        version: 2,
        name: "images",
        sqlite: include_str!("../../../migrations/sqlite/0002_images.sql"),
        postgres: include_str!("../../../migrations/postgres/0002_images.sql"),
    },
];

/// Keeps two processes from changing one PostgreSQL schema at the same time; the number is arbitrary.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7355608021)";

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS schema_version \
     (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_ms BIGINT NOT NULL)";

const DOING: &str = "bringing the schema up to date";

/// Brings the schema up to date, all in one transaction; refuses one that is newer than this program.
pub(crate) async fn run(db: &Db, place: &Place) -> Result<(), StoreError> {
    let mut tx = db
        .begin_read(DOING)
        .await
        .map_err(|e| place.unusable(e.to_string()))?;
    let found = version(&mut tx, db.dialect, place).await?;
    drop(tx);
    // The usual case neither writes nor waits for who writes.
    if found == newest() {
        return Ok(());
    }
    let mut tx = db.begin_write(DOING).await?;
    if db.dialect == Dialect::Postgres {
        command(LOCK).execute(&mut *tx).await.during(DOING)?;
    }
    let found = version(&mut tx, db.dialect, place).await?;
    command(VERSIONS).execute(&mut *tx).await.during(DOING)?;
    for migration in MIGRATIONS.iter().filter(|m| m.version > found) {
        apply(&mut tx, db.dialect, migration).await?;
    }
    commit(tx, DOING).await
}

fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |m| m.version)
}

/// The version of the schema; 0 for an empty database.
async fn version(tx: &mut Tx, dialect: Dialect, place: &Place) -> Result<i64, StoreError> {
    let tables = match dialect {
        Dialect::Sqlite => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        }
        Dialect::Postgres => {
            "SELECT CAST(tablename AS TEXT) FROM pg_tables \
             WHERE schemaname = current_schema() AND tablename IN ('schema_version', 'result', 'asset', 'task')"
        }
    };
    let tables: Vec<(String,)> = rows(tables)
        .fetch_all(&mut **tx)
        .await
        .during(DOING)
        .map_err(|e| place.unusable(e.to_string()))?;
    if tables.iter().all(|(name,)| name != "schema_version") {
        let foreign = "it holds other tables; give Stance a database of its own";
        return if tables.is_empty() {
            Ok(0)
        } else {
            Err(place.unusable(foreign))
        };
    }
    let (found,): (i64,) =
        rows("SELECT CAST(coalesce(max(version), 0) AS BIGINT) FROM schema_version")
            .fetch_one(&mut **tx)
            .await
            .during(DOING)?;
    if found > newest() {
        let known = newest();
        return Err(place.unusable(format!(
            "it was made by a newer version of Stance (schema {found}, and this version knows up to {known}); \
             use that version"
        )));
    }
    Ok(found)
}

async fn apply(tx: &mut Tx, dialect: Dialect, migration: &Migration) -> Result<(), StoreError> {
    let sql = match dialect {
        Dialect::Sqlite => migration.sqlite,
        Dialect::Postgres => migration.postgres,
    };
    sqlx::raw_sql(sql).execute(&mut **tx).await.during(DOING)?;
    command("INSERT INTO schema_version (version, name, applied_ms) VALUES ($1, $2, $3)")
        .bind(migration.version)
        .bind(migration.name)
        .bind(Clock::System.now_ms())
        .execute(&mut **tx)
        .await
        .during(DOING)?;
    tracing::info!(
        schema.version = migration.version,
        "schema brought to version {}",
        migration.version
    );
    Ok(())
}
