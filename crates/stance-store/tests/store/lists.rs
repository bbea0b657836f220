//! Lists of results: filters, orders, pages.

use stance_model::CheckStatus::{Checking, Failed, NotCheck, NotPass, Pass as Passed, Whitelist};
use stance_model::CoverageStatus::Ok;
use stance_model::ResultStatus::{Fail, NotApplicable, Pass, Unknown};
use stance_model::query::PageRequest;
use stance_model::{CheckStatus, Provider, ResultStatus};
use stance_store::{ResultFilter, Sort};

use crate::exceptions::exception;
use crate::support::{RDS, SHANGHAI, SLB, Scene, batch, check, on_both};

on_both!(
    statuses_and_their_order,
    parts_of_texts_are_found,
    accounts_regions_and_ids,
    checks_come_in_the_order_given,
    pages_join_up,
    a_long_list_is_paged_alike_by_either_plan,
);

async fn fill(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let one = batch("1")
        .cover(Ok)
        .with("rm-b", 1, Fail)
        .with("rm-a", 1, Pass)
        .with("rm-d", 1, Unknown);
    let one = one
        .with("rm-c", 1, NotApplicable)
        .with("rm-e", 1, Fail)
        .at(SHANGHAI, RDS)
        .with("rm-a", 1, Fail);
    let one = one.at(SHANGHAI, SLB).with("lb-1", 2, Fail).done();
    scene
        .store
        .commit_account(&lease, &one, 2_000)
        .await
        .unwrap();
    let two = batch("2")
        .cover(Ok)
        .with("rm-f", 1, Pass)
        .with("rm-a", 1, Fail)
        .done();
    scene
        .store
        .commit_account(&lease, &two, 2_000)
        .await
        .unwrap();
    scene
        .store
        .add_exception(&scene.tenant, &exception(1, &["rm-e"], None))
        .await
        .unwrap();
}

fn of(id: i64) -> ResultFilter {
    ResultFilter {
        check_ids: vec![check(id)],
        ..ResultFilter::default()
    }
}

async fn ids(scene: &Scene, filter: &ResultFilter) -> Vec<String> {
    scene
        .all(filter)
        .await
        .into_iter()
        .map(|r| format!("{}/{}", r.account, r.asset_id))
        .collect()
}

async fn statuses_and_their_order(scene: &Scene) {
    fill(scene).await;
    // rm-a is there three times: by id, region, number.
    let plain = [
        "1/rm-a", "2/rm-a", "1/rm-a", "1/rm-b", "1/rm-c", "1/rm-d", "1/rm-e", "2/rm-f",
    ];
    assert_eq!(ids(scene, &of(1)).await, plain);
    let sorted = [
        "2/rm-a", "1/rm-a", "1/rm-b", "1/rm-e", "1/rm-a", "2/rm-f", "1/rm-c", "1/rm-d",
    ];
    assert_eq!(
        ids(
            scene,
            &ResultFilter {
                sort: Sort::Status,
                ..of(1)
            }
        )
        .await,
        sorted
    );
    let wanted: [(&[CheckStatus], &[&str]); 7] = [
        (&[NotPass], &["2/rm-a", "1/rm-a", "1/rm-b"]),
        (&[Whitelist], &["1/rm-e"]),
        (&[Passed], &["1/rm-a", "2/rm-f"]),
        (&[NotCheck], &["1/rm-c", "1/rm-d"]),
        (
            &[Whitelist, NotCheck, NotPass],
            &["2/rm-a", "1/rm-a", "1/rm-b", "1/rm-c", "1/rm-d", "1/rm-e"],
        ),
        (&[Checking, Failed], &[]),
        (&[Checking, Passed], &["1/rm-a", "2/rm-f"]),
    ];
    for (statuses, found) in wanted {
        let filter = ResultFilter {
            statuses: statuses.to_vec(),
            ..of(1)
        };
        assert_eq!(ids(scene, &filter).await, found, "{statuses:?}");
    }
}

async fn parts_of_texts_are_found(scene: &Scene) {
    fill(scene).await;
    let id = |part: &str| ResultFilter {
        id_contains: Some(part.into()),
        ..ResultFilter::default()
    };
    assert_eq!(ids(scene, &id("M-B")).await, ["1/rm-b"]);
    assert_eq!(ids(scene, &id("lb")).await, ["1/lb-1"]);
    assert_eq!(ids(scene, &id("%")).await, [] as [&str; 0]);
    assert_eq!(
        ids(scene, &id("")).await.len(),
        9,
        "an empty part filters nothing"
    );
    let name = ResultFilter {
        name_contains: Some("OF RM-F".into()),
        ..of(1)
    };
    assert_eq!(ids(scene, &name).await, ["2/rm-f"]);
    let region = ResultFilter {
        region_contains: Some("SHANG".into()),
        ..ResultFilter::default()
    };
    assert_eq!(ids(scene, &region).await, ["1/rm-a", "1/lb-1"]);
    let all = ResultFilter {
        statuses: vec![NotPass],
        region_contains: Some("hai".into()),
        ..name
    };
    assert_eq!(ids(scene, &all).await, [] as [&str; 0]);
}

async fn accounts_regions_and_ids(scene: &Scene) {
    fill(scene).await;
    let account = |id: &str| ResultFilter {
        account: Some((Provider::Aliyun, id.into())),
        ..of(1)
    };
    assert_eq!(ids(scene, &account("2")).await, ["2/rm-a", "2/rm-f"]);
    assert_eq!(ids(scene, &account("3")).await, [] as [&str; 0]);
    let foreign = ResultFilter {
        account: Some((Provider::Aws, "1".into())),
        ..of(1)
    };
    assert_eq!(ids(scene, &foreign).await, [] as [&str; 0]);
    let region = ResultFilter {
        region: Some(SHANGHAI.into()),
        ..account("1")
    };
    assert_eq!(ids(scene, &region).await, ["1/rm-a"]);
    let named = ResultFilter {
        asset_ids: vec!["rm-a".into(), "lb-1".into()],
        ..ResultFilter::default()
    };
    assert_eq!(
        ids(scene, &named).await,
        ["1/rm-a", "2/rm-a", "1/rm-a", "1/lb-1"]
    );
    let failing = ResultFilter {
        statuses: vec![NotPass],
        sort: Sort::Status,
        ..named
    };
    assert_eq!(ids(scene, &failing).await, ["2/rm-a", "1/rm-a", "1/lb-1"]);
}

async fn checks_come_in_the_order_given(scene: &Scene) {
    fill(scene).await;
    let filter = ResultFilter {
        check_ids: vec![check(2), check(9), check(1), check(2)],
        ..ResultFilter::default()
    };
    let found = scene.all(&filter).await;
    assert_eq!(found.len(), 9);
    assert_eq!(found[0].check_id, check(2));
    assert!(found[1..].iter().all(|r| r.check_id == check(1)));
}

async fn pages_join_up(scene: &Scene) {
    fill(scene).await;
    for sort in [Sort::AssetId, Sort::Status] {
        let filter = ResultFilter {
            sort,
            ..ResultFilter::default()
        };
        let whole = scene.all(&filter).await;
        for size in 1..=10 {
            let mut joined = Vec::new();
            for number in 1..=10 {
                let page = PageRequest { number, size };
                let page = scene
                    .store
                    .list_results(&scene.tenant, &filter, page)
                    .await
                    .unwrap();
                assert_eq!(page.total, 9);
                joined.extend(page.items);
            }
            assert_eq!(joined, whole);
        }
    }
}

/// Enough results that assets are walked for the first pages and gathered for rare statuses.
async fn a_long_list_is_paged_alike_by_either_plan(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut many = batch("1").cover(Ok);
    for at in 0..3_000 {
        let status: ResultStatus = if at % 3 == 0 { Fail } else { Pass };
        let rare = if at % 300 == 7 { Fail } else { Pass };
        many = many
            .asset(&format!("rm-{:04}", (at * 7) % 3_000))
            .result(1, status)
            .result(2, rare);
    }
    scene
        .store
        .commit_account(&lease, &many.done(), 2_000)
        .await
        .unwrap();
    for (id, statuses) in [
        (1, vec![]),
        (1, vec![NotPass]),
        (1, vec![Passed, NotCheck]),
        (2, vec![NotPass]),
    ] {
        for sort in [Sort::AssetId, Sort::Status] {
            let filter = ResultFilter {
                statuses: statuses.clone(),
                sort,
                ..of(id)
            };
            let whole = scene.all(&filter).await;
            let keys: Vec<_> = whole
                .iter()
                .map(|r| (r.status.shown(false), r.asset_id.clone()))
                .collect();
            let sorted = |a: &(CheckStatus, String), b: &(CheckStatus, String)| match sort {
                Sort::Status => a <= b,
                Sort::AssetId => a.1 <= b.1,
            };
            assert!(keys.is_sorted_by(sorted));
            for number in [1, 2, 20, whole.len().div_ceil(40)] {
                let page = PageRequest {
                    number: u32::try_from(number).unwrap(),
                    size: 40,
                };
                let from = (number - 1) * 40;
                let page = scene
                    .store
                    .list_results(&scene.tenant, &filter, page)
                    .await
                    .unwrap();
                assert_eq!(
                    page.items,
                    whole[from.min(whole.len())..(from + 40).min(whole.len())]
                );
            }
        }
    }
}
