//! Opening a database: connections, settings, migrations.

use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, Connection, Executor};

use crate::db::{Db, rows};
use crate::dialect::Dialect;
use crate::error::{StoreError, words};
use crate::migrate;
use crate::place::Place;

/// How long to wait for the one who writes, and for a connection. A large account takes seconds to store.
const SQLITE_PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait for a connection, when all are in use or the server is out of reach.
const POSTGRES_PATIENCE: Duration = Duration::from_secs(15);

/// How often opening is tried while another process changes the same file to write-ahead logging.
const TRIES: u32 = 20;

/// WAL: readers never wait for the writer. FULL: what was acknowledged survives a power cut. A transaction that
/// writes millions of rows leaves a long log, which is cut back to 64 MiB.
const SQLITE: &str = "PRAGMA busy_timeout = 60000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
     PRAGMA journal_size_limit = 67108864; ";
const SQLITE_WRITER: &str = "PRAGMA cache_size = -65536;";
const SQLITE_READER: &str = "PRAGMA cache_size = -16384; PRAGMA query_only = ON;";

/// The planner's compiler costs more than our short statements; a lock that is not given in a minute is an error and
/// not a hang.
const POSTGRES: &str =
    "SET jit = off; SET lock_timeout = '60s'; SET client_min_messages = warning;";

/// Opens the database at `url` and brings its schema up to date.
pub(crate) async fn open(url: &str) -> Result<Db, StoreError> {
    sqlx::any::install_default_drivers();
    let place = Place::find(url)?;
    let db = match place.dialect {
        Dialect::Sqlite => open_sqlite(&place).await?,
        Dialect::Postgres => open_postgres(&place).await?,
    };
    migrate::run(&db, &place).await?;
    Ok(db)
}

async fn open_sqlite(place: &Place) -> Result<Db, StoreError> {
    probe(place, SQLITE).await?;
    let write = pool(place, 1, SQLITE_PATIENCE, [SQLITE, SQLITE_WRITER]);
    let read = pool(place, 4, SQLITE_PATIENCE, [SQLITE, SQLITE_READER]);
    Ok(Db {
        dialect: place.dialect,
        write,
        read,
    })
}

async fn open_postgres(place: &Place) -> Result<Db, StoreError> {
    let mut connection = probe(place, POSTGRES).await?;
    let (encoding,): (String,) = rows("SELECT current_setting('server_encoding')")
        .fetch_one(&mut connection)
        .await
        .map_err(|e| place.unusable(words(&e)))?;
    if encoding != "UTF8" {
        return Err(place.unusable(format!(
            "its encoding is `{encoding}`; create it with `ENCODING 'UTF8'`"
        )));
    }
    let pool = pool(place, 8, POSTGRES_PATIENCE, [POSTGRES, ""]);
    Ok(Db {
        dialect: place.dialect,
        write: pool.clone(),
        read: pool,
    })
}

/// Opens one connection. A pool would try again and again, and keep to itself what is wrong.
async fn probe(place: &Place, settings: &'static str) -> Result<AnyConnection, StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match try_probe(place, settings).await {
            Ok(connection) => return Ok(connection),
            Err(e) if tries < TRIES && words(&e).contains("database is locked") => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(e) => return Err(place.unusable(words(&e))),
        }
    }
}

async fn try_probe(place: &Place, settings: &'static str) -> Result<AnyConnection, sqlx::Error> {
    let mut connection = AnyConnection::connect_with(&place.options).await?;
    set_up(&mut connection, [settings, ""]).await?;
    Ok(connection)
}

fn pool(
    place: &Place,
    connections: u32,
    patience: Duration,
    settings: [&'static str; 2],
) -> AnyPool {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience)
        .after_connect(move |connection, _| Box::pin(set_up(connection, settings)))
        .connect_lazy_with(place.options.clone())
}

async fn set_up(
    connection: &mut AnyConnection,
    settings: [&'static str; 2],
) -> Result<(), sqlx::Error> {
    for settings in settings.into_iter().filter(|s| !s.is_empty()) {
        connection.execute(sqlx::raw_sql(settings)).await?;
    }
    Ok(())
}
