//! That `verify` sees what it is there to see.

use sqlx::{AnyConnection, Executor};
use stance_model::CoverageStatus::Ok;
use stance_model::ResultStatus::{Fail, Pass};

use crate::support::{Scene, batch, images, on_both};

/// What is spoilt, what puts it right, a word of what is said of it.
type Damage = (&'static str, &'static str, &'static str);

on_both!(every_kind_of_damage_is_seen, damage_to_images_is_seen);

async fn every_kind_of_damage_is_seen(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let all = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Pass)
        .result(2, Fail)
        .with("rm-2", 1, Pass)
        .done();
    scene
        .store
        .commit_account(&lease, &all, 2_000)
        .await
        .unwrap();
    let mut direct = scene.direct().await;
    let damages: [Damage; 8] = [
        (
            "UPDATE rollup SET pass = pass + 1",
            "UPDATE rollup SET pass = pass - 1",
            "counters",
        ),
        (
            "INSERT INTO rollup SELECT tenant_no, 9, account_no, region, 1, 0, 0, 0, 0 FROM rollup WHERE check_id = 1",
            "DELETE FROM rollup WHERE check_id = 9",
            "check 9",
        ),
        (
            "UPDATE result SET status = 0 WHERE check_id = 2",
            "UPDATE result SET status = 1 WHERE check_id = 2",
            "fail: 1",
        ),
        (
            "UPDATE asset SET checks = '1,3' WHERE checks = '1'",
            "UPDATE asset SET checks = '1' WHERE checks = '1,3'",
            "list",
        ),
        (
            "UPDATE asset SET gone_ms = 1 WHERE id = 'rm-1'",
            "UPDATE asset SET gone_ms = NULL",
            "gone",
        ),
        (
            "UPDATE account SET assets = 7",
            "UPDATE account SET assets = 2",
            "number of assets",
        ),
        (
            "UPDATE result SET exception_id = 5 WHERE check_id = 2",
            "UPDATE result SET exception_id = NULL",
            "carry an exception",
        ),
        (
            "UPDATE watermark SET check_id = 7 WHERE check_id = 2",
            "UPDATE watermark SET check_id = 2 WHERE check_id = 7",
            "no time",
        ),
    ];
    see(scene, &mut direct, &damages).await;
}

async fn damage_to_images_is_seen(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let batch = images("docker.io")
        .image("a", &[(1, Fail), (2, Pass)])
        .done();
    scene
        .store
        .commit_account(&lease, &batch, 2_000)
        .await
        .unwrap();
    let mut direct = scene.direct().await;
    let damages = [
        (
            "UPDATE image SET uuid = 'b'",
            "UPDATE image SET uuid = 'a'",
            "another id",
        ),
        (
            "UPDATE image_item SET state = 0",
            "UPDATE image_item SET state = 1",
            "whose state",
        ),
        (
            "UPDATE image_item SET check_id = 2",
            "UPDATE image_item SET check_id = 1",
            "not remembered",
        ),
    ];
    see(scene, &mut direct, &damages).await;
}

/// Damages and repairs one after the other, each seen as said.
async fn see(scene: &Scene, direct: &mut AnyConnection, damages: &[Damage]) {
    for &(damage, repair, word) in damages {
        direct.execute(damage).await.unwrap();
        let found = scene.store.verify().await.unwrap();
        assert!(
            found.iter().any(|p| p.contains(word)),
            "{damage}: {found:?}"
        );
        direct.execute(repair).await.unwrap();
        assert_eq!(
            scene.store.verify().await.unwrap(),
            [] as [&str; 0],
            "{repair}"
        );
    }
}

/// A page of the file that is overwritten is found by SQLite's own check.
#[test]
fn a_damaged_file_is_seen() {
    use std::io::{Seek, SeekFrom, Write};

    use crate::support::{Engine, Scene};

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let scene = Scene::new(Engine::Sqlite).await;
        let lease = scene.task(1_000).await;
        let mut many = batch("1").cover(Ok);
        for at in 0..2_000 {
            many = many.with(&format!("rm-{at}"), 1, Fail);
        }
        scene
            .store
            .commit_account(&lease, &many.done(), 2_000)
            .await
            .unwrap();
        scene.store.close().await;
        let length = std::fs::metadata(scene.file()).unwrap().len();
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .open(scene.file())
            .unwrap();
        file.seek(SeekFrom::Start(length / 2 / 4_096 * 4_096))
            .unwrap();
        file.write_all(&[0xa5; 4_096]).unwrap();
        drop(file);
        let store = stance_store::Store::open(&scene.url).await.unwrap();
        let seen = store.verify().await;
        assert!(
            seen.as_ref().map_or(true, |problems| !problems.is_empty()),
            "{seen:?}"
        );
    });
}
