//! Opening: what is created, what is refused, and that no password is told.

use sqlx::{AnyConnection, Connection, Executor};
use stance_store::Store;

use crate::support::{Engine, Scene, on_both};

on_both!(
    opening_again_keeps_what_is_there,
    a_newer_schema_is_refused,
    many_may_open_at_once
);

async fn opening_again_keeps_what_is_there(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let again = Store::open(&scene.url).await.unwrap();
    assert_eq!(
        again.tasks(&scene.tenant, 9).await.unwrap()[0].id,
        lease.task_id()
    );
    again.renew(&lease, 1, 2, 2_000).await.unwrap();
    again.close().await;
}

async fn a_newer_schema_is_refused(scene: &Scene) {
    let mut direct = scene.direct().await;
    direct
        .execute("INSERT INTO schema_version VALUES (99, 'later', 0)")
        .await
        .unwrap();
    let error = Store::open(&scene.url).await.unwrap_err().to_string();
    assert!(
        error.contains("made by a newer version of Stance (schema 99"),
        "{error}"
    );
    direct
        .execute("DELETE FROM schema_version WHERE version = 99")
        .await
        .unwrap();
    Store::open(&scene.url).await.unwrap();
}

async fn many_may_open_at_once(scene: &Scene) {
    let url = match scene.engine {
        Engine::Sqlite => format!("{}-fresh", scene.url),
        // A schema of its own, so that all find an empty one.
        Engine::Postgres => {
            scene
                .direct()
                .await
                .execute("CREATE SCHEMA fresh")
                .await
                .unwrap();
            format!("{}&options[search_path]=fresh", scene.url)
        }
    };
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let url = url.clone();
        crowd.spawn(async move { Store::open(&url).await.unwrap().verify().await.unwrap() });
    }
    assert!(crowd.join_all().await.iter().all(Vec::is_empty));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn refusal(url: &str) -> String {
    runtime()
        .block_on(Store::open(url))
        .unwrap_err()
        .to_string()
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new folder").join("50%,'ü#.db");
        let store = Store::open(&format!("sqlite://{}", file.display()))
            .await
            .unwrap();
        store.recover_tasks(1).await.unwrap();
        let mode = |name: &str| {
            std::fs::metadata(file.with_file_name(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        for name in ["50%,'ü#.db", "50%,'ü#.db-wal", "50%,'ü#.db-shm"] {
            assert_eq!(mode(name), 0o600, "{name}");
        }
        let parent = file.parent().unwrap();
        assert_eq!(
            std::fs::metadata(parent).unwrap().permissions().mode() & 0o777,
            0o700
        );
    });
}

#[test]
fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(
        &file,
        "this is no database, however long one looks at it ".repeat(100),
    )
    .unwrap();
    let error = refusal(&format!("sqlite://{}", file.display()));
    assert!(error.contains("not a database"), "{error}");
    let error = refusal(&format!("sqlite://{}", folder.path().display()));
    assert!(error.contains("unable to open"), "{error}");
}

#[test]
fn the_database_of_another_program_is_refused() {
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("music.db").display());
    runtime().block_on(async {
        let mut other = AnyConnection::connect(&format!("{url}?mode=rwc"))
            .await
            .unwrap();
        other
            .execute("CREATE TABLE song (name TEXT)")
            .await
            .unwrap();
        other.close().await.unwrap();
    });
    let error = refusal(&url);
    assert!(
        error.ends_with("it holds other tables; give Stance a database of its own"),
        "{error}"
    );
}

#[test]
fn a_url_that_is_none_is_refused() {
    for url in [
        "",
        "stance.db",
        "mysql://u:hunter2@h/d",
        "sqlite:",
        "sqlite://",
        "sqlite::memory:",
        "sqlite://a?b=c",
    ] {
        let error = refusal(url);
        assert!(
            error.starts_with("cannot use the database") && !error.contains("hunter2"),
            "{error}"
        );
    }
}

#[test]
fn no_password_is_told() {
    let urls = [
        "postgres://stance:hunter2@127.0.0.1:1/stance",
        "postgres://stance:hunter2@127.0.0.1:1/stance?password=hunter2&sslmode=disable",
        "postgres://stance:hunter2@127.0.0.1:99999/stance",
        "postgres://stance:hunter2@[/stance",
        "postgres://stance:hunter2@127.0.0.1:1/stance?sslmode=hunter3",
    ];
    for url in urls {
        let error = refusal(url);
        assert!(!error.contains("hunter2"), "{error}");
        assert!(
            error.starts_with("cannot use the database `postgres://"),
            "{error}"
        );
    }
}
