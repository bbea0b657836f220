//! Bringing a database of an older version up to date.

use sqlx::{AnyConnection, Connection, Executor};
use stance_model::CoverageStatus::Ok;
use stance_model::ResultStatus::{Fail, Pass};
use stance_store::{ResultFilter, Store};

use crate::support::{Engine, Scene, batch, images, on_both};

on_both!(a_database_of_the_first_version_keeps_what_it_holds);

/// What the second version added.
const ADDED: &str = "DROP TABLE image; DROP TABLE image_item; DROP TABLE image_strategy; DROP TABLE image_task; \
     DELETE FROM schema_version WHERE version = 2";

async fn a_database_of_the_first_version_keeps_what_it_holds(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let all = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Pass)
        .result(2, Fail)
        .with("rm-2", 1, Fail);
    scene
        .store
        .commit_account(&lease, &all.done(), 2_000)
        .await
        .unwrap();
    let before = scene.all(&ResultFilter::default()).await;
    let first = first_version(scene).await;
    let tables = tables(&first).await;
    assert!(!tables.contains(&"image".to_owned()) && tables.contains(&"result".to_owned()));
    let store = Store::open(&first).await.unwrap();
    assert_eq!(store.verify().await.unwrap(), [] as [&str; 0]);
    let page = stance_model::query::PageRequest {
        number: 1,
        size: 99,
    };
    let after = store
        .list_results(&scene.tenant, &ResultFilter::default(), page)
        .await
        .unwrap();
    assert_eq!(after.items, before);
    assert_eq!(
        store
            .history(&scene.tenant, before[0].check_id, "rm-2", 9)
            .await
            .unwrap()
            .len(),
        1
    );
    // The task that was running goes on, and what is new can be stored.
    let image = images("docker.io").image("a", &[(1, Fail)]).done();
    let stats = store.commit_account(&lease, &image, 3_000).await.unwrap();
    assert_eq!((stats.assets_new, stats.results_written), (1, 1));
    assert_eq!(store.verify().await.unwrap(), [] as [&str; 0]);
    store.close().await;
}

/// Makes the database of the scene one of the first version, and checks that it is what that version made.
async fn first_version(scene: &Scene) -> String {
    let mut direct = scene.direct().await;
    direct.execute(sqlx::raw_sql(ADDED)).await.unwrap();
    direct.close().await.unwrap();
    let fresh = match scene.engine {
        Engine::Sqlite => format!("{}-first?mode=rwc", scene.url),
        Engine::Postgres => {
            scene
                .direct()
                .await
                .execute("CREATE SCHEMA first")
                .await
                .unwrap();
            format!("{}&options[search_path]=first", scene.url)
        }
    };
    let sql = match scene.engine {
        Engine::Sqlite => include_str!("../../../../migrations/sqlite/0001_init.sql"),
        Engine::Postgres => include_str!("../../../../migrations/postgres/0001_init.sql"),
    };
    let mut made = AnyConnection::connect(&fresh).await.unwrap();
    made.execute(sqlx::raw_sql(sql)).await.unwrap();
    made.close().await.unwrap();
    let mut wanted = tables(&fresh).await;
    wanted.push("schema_version".to_owned());
    wanted.sort();
    assert_eq!(tables(&scene.url).await, wanted);
    scene.url.clone()
}

async fn tables(url: &str) -> Vec<String> {
    let sql = if url.starts_with("sqlite") {
        "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name"
    } else {
        "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'i', 'I') AND c.relname NOT LIKE '%_pkey' \
         AND c.relname NOT LIKE '%_key' ORDER BY c.relname"
    };
    let mut direct = AnyConnection::connect(url).await.unwrap();
    let found: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut direct).await.unwrap();
    direct.close().await.unwrap();
    let mut names: Vec<String> = found.into_iter().map(|(name,)| name).collect();
    names.sort();
    names
}
