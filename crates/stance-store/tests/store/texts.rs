//! Hostile texts: what comes from clouds is kept as it is, or refused, alike on both databases.

use stance_model::CoverageStatus::Failed;
use stance_model::ResultStatus::Fail;
use stance_model::{Reason, ReasonKind};
use stance_store::{NewResult, ResultFilter, StoreError};

use crate::exceptions::exception;
use crate::support::{Scene, batch, check, on_both};

on_both!(
    hostile_texts_come_back,
    parts_are_taken_literally,
    long_texts_are_refused,
    the_order_is_that_of_bytes
);

const HOSTILE: [&str; 12] = [
    "'; DROP TABLE result; --",
    "\"quoted\" `ticks` $1 $$ %s",
    "50%_off\\",
    "安全组 ÄÖÜ 🦀 e\u{301}",
    "nul\0inside",
    "line\nbreak\ttab\r\u{1b}[31m",
    "[[1,2],{\"a\":null}]",
    "\\u0000 \\x00 \\",
    "\u{202e}abc\u{feff}",
    "",
    " ",
    "\u{10ffff}\u{fffd}\u{7f}\u{80}",
];

async fn hostile_texts_come_back(scene: &Scene) {
    let lease = scene.task(1_000).await;
    for text in HOSTILE {
        let result = NewResult {
            asset: 0,
            status: Fail,
            reason: Some(text.into()),
            evidence: Some(text.into()),
        };
        let mut one = batch(text)
            .at(text, "aliyun/rds/instance")
            .cover(Failed)
            .asset(text)
            .push(1, result)
            .done();
        (one.assets[0].name, one.assets[0].file, one.account_name) =
            (text.into(), Some(text.into()), text.into());
        let reason = Reason {
            code: Some(text.into()),
            ..Reason::new(ReasonKind::Timeout, text)
        };
        one.coverage[0].reason = Some(reason.clone());
        scene
            .store
            .commit_account(&lease, &one, 2_000)
            .await
            .unwrap();
        let again = scene
            .store
            .commit_account(&lease, &one, 2_000)
            .await
            .unwrap();
        assert_eq!(
            (again.results_unchanged, again.assets_new),
            (1, 0),
            "{text:?} is found again"
        );
        scene
            .store
            .add_exception(&scene.tenant, &exception(1, &[text], None))
            .await
            .unwrap();

        // NUL alone is replaced.
        let kept = text.replace('\0', "\u{fffd}");
        let result = scene.result(1, text).await.unwrap();
        assert_eq!(
            [
                &result.asset_id,
                &result.asset_name,
                &result.account,
                &result.region
            ],
            [&kept; 4]
        );
        assert_eq!(
            [&result.reason, &result.evidence, &result.file],
            [&Some(kept.clone()); 3]
        );
        assert_eq!(result.account_name, kept);
        let coverage = scene.store.coverage(&scene.tenant).await.unwrap();
        let found = coverage
            .into_iter()
            .find(|c| c.coverage.region == kept)
            .unwrap()
            .coverage
            .reason
            .unwrap();
        assert_eq!(
            (found.code, found.message),
            (Some(kept.clone()), Some(kept.clone()))
        );
        assert_eq!(
            scene
                .store
                .history(&scene.tenant, check(1), text, 9)
                .await
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            scene
                .store
                .asset_rollups(&scene.tenant, &[text.into()], None)
                .await
                .unwrap()[0]
                .counts
                .excepted,
            1
        );
    }
    assert_eq!(scene.counts(1).await.excepted, 12);
}

async fn parts_are_taken_literally(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut all = batch("1");
    for text in HOSTILE {
        all = all.with(text, 1, Fail);
    }
    scene
        .store
        .commit_account(&lease, &all.done(), 2_000)
        .await
        .unwrap();
    for text in HOSTILE.into_iter().filter(|t| !t.trim().is_empty()) {
        let filter = ResultFilter {
            id_contains: Some(text.to_ascii_uppercase()),
            ..ResultFilter::default()
        };
        let found = scene.all(&filter).await;
        assert_eq!(found.len(), 1, "{text:?}");
    }
    for (part, count) in [
        ("%", 2),
        ("_", 1),
        ("全", 1),
        ("äöü", 0),
        ("\\", 2),
        ("'", 1),
        ("[", 2),
        ("\0", 2),
    ] {
        let filter = ResultFilter {
            id_contains: Some(part.into()),
            ..ResultFilter::default()
        };
        assert_eq!(scene.all(&filter).await.len(), count, "{part:?}");
    }
}

async fn long_texts_are_refused(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let long = "x".repeat(16 * 1_024);
    let fits = NewResult {
        asset: 0,
        status: Fail,
        reason: Some(long.clone()),
        evidence: Some(long.clone()),
    };
    // Random text, which PostgreSQL cannot compress to make it fit into an index.
    let noise: String = (0..2_048_u32)
        .map(|i| char::from(33 + (i.wrapping_mul(2_654_435_761) >> 25) as u8 % 90))
        .collect();
    let mut widest = batch(&noise[..256])
        .at(&noise[..256], "aliyun/rds/instance")
        .asset(&noise)
        .push(1, fits.clone());
    widest.batch.assets[0].name = noise[..1_024].to_owned();
    scene
        .store
        .commit_account(&lease, &widest.done(), 2_000)
        .await
        .unwrap();
    let refused = [
        batch("1").asset("a").push(
            1,
            NewResult {
                evidence: Some(long.clone() + "x"),
                ..fits.clone()
            },
        ),
        batch("1").asset("a").push(
            1,
            NewResult {
                reason: Some(long.clone() + "x"),
                ..fits.clone()
            },
        ),
        batch("1").asset(&"x".repeat(2_049)),
        batch("1")
            .at(&"x".repeat(257), "aliyun/rds/instance")
            .asset("a"),
        batch(&"x".repeat(257)).asset("a"),
    ];
    for one in refused {
        let error = scene
            .store
            .commit_account(&lease, &one.done(), 2_000)
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::TooLarge { .. }), "{error}");
    }
    let error = batch("1")
        .asset("a")
        .push(
            1,
            NewResult {
                evidence: Some(long + "x"),
                ..fits
            },
        )
        .done();
    let error = scene
        .store
        .commit_account(&lease, &error, 2_000)
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "evidence of a result, in bytes is too large: 16385, and at most 16384 are allowed"
    );
}

async fn the_order_is_that_of_bytes(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut names = vec![
        "B", "a", "A", "ä", "_", "-", "1", "10", "2", "中", "a-b", "ab", "a b",
    ];
    let mut all = batch("1");
    for name in &names {
        all = all.with(name, 1, Fail);
    }
    scene
        .store
        .commit_account(&lease, &all.done(), 2_000)
        .await
        .unwrap();
    names.sort_unstable();
    let found: Vec<String> = scene
        .all(&ResultFilter::default())
        .await
        .into_iter()
        .map(|r| r.asset_id)
        .collect();
    assert_eq!(found, names);
}
