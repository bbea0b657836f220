//! Random sequences of operations: the store and the model must answer alike after each.

use stance_model::exception::Exception;
use stance_model::query::PageRequest;
use stance_model::{
    CheckId, CheckStatus, Coverage, CoverageStatus, Provider, Reason, ReasonKind, ResultStatus,
    TenantId,
};
use stance_store::{
    AccountBatch, AssetRow, CheckBatch, Lease, NewResult, ResultFilter, Sort, StoreError, TaskState,
};

use crate::model::{Model, Shown};
use crate::support::{Dice, HANGZHOU, RDS, SHANGHAI, SLB, Scene, check, on_both};

on_both!(sequence_1, sequence_2, sequence_3, sequence_4);

async fn sequence_1(scene: &Scene) {
    Run::new(scene, 1).steps(120).await;
}
async fn sequence_2(scene: &Scene) {
    Run::new(scene, 20_261_125).steps(120).await;
}
async fn sequence_3(scene: &Scene) {
    Run::new(scene, 0xfeed_beef).steps(120).await;
}
async fn sequence_4(scene: &Scene) {
    Run::new(scene, u64::MAX / 3).steps(120).await;
}

const ACCOUNTS: [&str; 2] = ["1", "2"];
const REGIONS: [&str; 2] = [HANGZHOU, SHANGHAI];
const TYPES: [&str; 2] = [RDS, SLB];
const IDS: [&str; 5] = ["i-a", "i-B", "i-b", "j", "中-%"];
const CHECKS: [i64; 4] = [1, 2, 3, 900];

/// Two tenants, each with its model, on one store.
struct Run<'a> {
    scene: &'a Scene,
    dice: Dice,
    now: i64,
    tenants: [(TenantId, Model, Vec<Lease>); 2],
    batches: Vec<AccountBatch>,
}

impl<'a> Run<'a> {
    fn new(scene: &'a Scene, seed: u64) -> Self {
        let tenant = |name| (TenantId::new(name).unwrap(), Model::default(), Vec::new());
        Self {
            scene,
            dice: Dice(seed),
            now: 1_000,
            tenants: [tenant("default"), tenant("other")],
            batches: Vec::new(),
        }
    }

    async fn steps(mut self, count: usize) {
        for _ in 0..count {
            self.now += 1 + self.dice.roll(50) as i64;
            let at = usize::from(self.dice.one_in(4));
            match self.dice.roll(10) {
                0 => self.begin(at).await,
                1 if self.dice.one_in(2) => self.finish(at).await,
                2 => self.add_exception(at).await,
                3 => self.end_exceptions(at).await,
                _ => self.commit(at).await,
            }
            self.compare(at).await;
        }
        assert_eq!(
            self.scene.store.verify().await.unwrap(),
            Vec::<String>::new()
        );
    }

    async fn begin(&mut self, at: usize) {
        let lease = self.scene.task_of(&self.tenants[at].0, self.now).await;
        self.tenants[at].2.push(lease);
    }

    async fn finish(&mut self, at: usize) {
        if self.tenants[at].2.is_empty() {
            return;
        }
        let lease = self.tenants[at].2.remove(0);
        self.scene
            .store
            .finish_task(&lease, TaskState::Done, "", self.now)
            .await
            .unwrap();
        let batch = self.batch();
        let late = self
            .scene
            .store
            .commit_account(&lease, &batch, self.now)
            .await;
        assert!(matches!(late, Err(StoreError::LeaseLost { .. })));
    }

    async fn commit(&mut self, at: usize) {
        if self.tenants[at].2.is_empty() {
            self.begin(at).await;
        }
        let lease = self.dice.pick(&self.tenants[at].2);
        // One in four has been stored before, with who knows what in between.
        let again = !self.batches.is_empty() && self.dice.one_in(4);
        let batch = if again {
            self.dice.pick(&self.batches)
        } else {
            self.batch()
        };
        self.batches.push(batch.clone());
        let before = self
            .scene
            .store
            .asset_count(&self.tenants[at].0)
            .await
            .unwrap();
        let stats = self
            .scene
            .store
            .commit_account(&lease, &batch, self.now)
            .await
            .unwrap();
        self.tenants[at].1.commit(lease.task_id(), &batch, self.now);
        let after = self
            .scene
            .store
            .asset_count(&self.tenants[at].0)
            .await
            .unwrap();
        assert_eq!(before + stats.assets_new - stats.assets_gone, after);
        if self.dice.one_in(5) {
            let again = self
                .scene
                .store
                .commit_account(&lease, &batch, self.now)
                .await
                .unwrap();
            assert_eq!(
                (again.results_written, again.assets_new, again.assets_gone),
                (0, 0, 0)
            );
            assert_eq!(
                again.results_unchanged,
                stats.results_written + stats.results_unchanged
            );
        }
    }

    fn batch(&mut self) -> AccountBatch {
        let dice = &mut self.dice;
        let account = dice.pick(&ACCOUNTS).to_owned();
        let mut batch = AccountBatch {
            provider: Provider::Aliyun,
            account_name: account.clone(),
            account: account.clone(),
            coverage: vec![],
            assets: vec![],
            results: vec![],
            images: vec![],
        };
        for (region, kind) in REGIONS
            .iter()
            .flat_map(|r| TYPES.iter().map(move |t| (*r, *t)))
        {
            let status = [
                CoverageStatus::Ok,
                CoverageStatus::Ok,
                CoverageStatus::Partial,
                CoverageStatus::NotOffered,
            ];
            for _ in 0..dice.pick(&[0, 1, 1, 1, 2]) {
                let status = dice.pick(&status);
                let reason = dice
                    .one_in(2)
                    .then(|| Reason::new(ReasonKind::Throttled, "slow"));
                let (region, asset_type) = (region.to_owned(), kind.parse().unwrap());
                let account = account.clone();
                batch.coverage.push(Coverage {
                    provider: Provider::Aliyun,
                    account,
                    region,
                    asset_type,
                    status,
                    reason,
                });
            }
            for id in dice.some(&IDS) {
                let name = format!("name {}", dice.roll(3));
                let (region, asset_type, id) =
                    (region.to_owned(), kind.parse().unwrap(), id.to_owned());
                let row = AssetRow {
                    asset_type,
                    region,
                    id,
                    name,
                    file: None,
                    line: None,
                };
                batch
                    .assets
                    .extend(vec![row; if dice.one_in(12) { 2 } else { 1 }]);
            }
        }
        for id in dice.some(&CHECKS) {
            let mut results = Vec::new();
            for asset in 0..batch.assets.len() as u32 {
                for _ in 0..dice.pick(&[0, 1, 1, 1, 1, 1, 2]) {
                    let status = dice.pick(&ResultStatus::ALL);
                    let text =
                        |dice: &mut Dice| dice.one_in(3).then(|| format!("text {}", dice.roll(2)));
                    results.push(NewResult {
                        asset,
                        status,
                        reason: text(dice),
                        evidence: text(dice),
                    });
                }
            }
            batch.results.push(CheckBatch {
                check_id: check(id),
                results,
            });
        }
        batch
    }

    async fn add_exception(&mut self, at: usize) {
        let exception = Exception {
            id: 0,
            check_id: check(self.dice.pick(&CHECKS)),
            asset_ids: if self.dice.one_in(2) {
                vec![]
            } else {
                self.dice
                    .some(&IDS)
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            },
            reason: format!("because {}", self.now),
            author: "dice".into(),
            created_ms: self.now,
            expires_ms: self
                .dice
                .one_in(2)
                .then(|| self.now + self.dice.roll(400) as i64),
        };
        let (tenant, model, _) = &mut self.tenants[at];
        let added = self
            .scene
            .store
            .add_exception(tenant, &exception)
            .await
            .unwrap();
        model.add_exception(&added);
    }

    async fn end_exceptions(&mut self, at: usize) {
        let (tenant, model, _) = &mut self.tenants[at];
        let all = model.exceptions();
        if self.dice.one_in(2) && !all.is_empty() {
            let id = self.dice.pick(&all).id;
            assert!(
                self.scene
                    .store
                    .remove_exception(tenant, id, self.now)
                    .await
                    .unwrap()
            );
            model.end_exceptions(&[id], self.now);
        } else {
            let due = model.due(self.now);
            let count = self
                .scene
                .store
                .expire_exceptions(tenant, self.now)
                .await
                .unwrap();
            assert_eq!(count, due.len() as u64);
            model.end_exceptions(&due, self.now);
        }
    }

    async fn compare(&mut self, at: usize) {
        let (store, account) = (&self.scene.store, self.dice.pick(&ACCOUNTS));
        let filters: Vec<ResultFilter> = (0..3).map(|_| self.filter()).collect();
        let ids: Vec<String> = self
            .dice
            .some(&IDS)
            .iter()
            .map(ToString::to_string)
            .collect();
        let (tenant, model, _) = &self.tenants[at];
        for only in [None, Some(account)] {
            let place = only.map(|a| (Provider::Aliyun, a));
            assert_eq!(
                rollups(store.rollups(tenant, place).await.unwrap()),
                model.rollups(only, None)
            );
            let found = rollups(store.asset_rollups(tenant, &ids, place).await.unwrap());
            assert_eq!(found, model.rollups(only, Some(&ids)), "{ids:?}");
        }
        let coverage = store.coverage(tenant).await.unwrap();
        let coverage: Vec<_> = coverage
            .into_iter()
            .map(|c| (c.coverage, c.task_id, c.at_ms))
            .collect();
        assert_eq!(coverage, model.coverage());
        assert_eq!(
            store.asset_count(tenant).await.unwrap(),
            model.asset_count()
        );
        assert_eq!(
            store.list_exceptions(tenant).await.unwrap(),
            model.exceptions()
        );
        let (id, asset) = (self.dice.pick(&CHECKS), self.dice.pick(&IDS));
        let mut kept = store
            .history(tenant, check(id), asset, 1_000)
            .await
            .unwrap();
        let mut meant = model.history(id, asset);
        for changes in [&mut kept, &mut meant] {
            changes.sort_by_key(|c| (c.at_ms, c.task_id, c.from, c.to));
        }
        assert_eq!(kept, meant);
        for filter in filters {
            self.compare_list(at, &filter).await;
        }
    }

    async fn compare_list(&mut self, at: usize, filter: &ResultFilter) {
        let (tenant, model, _) = &self.tenants[at];
        let meant = model.list(filter);
        let page = PageRequest {
            number: 1 + self.dice.roll(3) as u32,
            size: 1 + self.dice.roll(9) as u32,
        };
        let found = self
            .scene
            .store
            .list_results(tenant, filter, page)
            .await
            .unwrap();
        assert_eq!(found.total, meant.len() as u64, "{filter:?}");
        let found: Vec<Shown> = found.items.into_iter().map(shown).collect();
        let from = (page.offset() as usize).min(meant.len());
        let to = (from + page.size as usize).min(meant.len());
        assert_eq!(found, meant[from..to], "{filter:?} {page:?}");
    }

    fn filter(&mut self) -> ResultFilter {
        let dice = &mut self.dice;
        let checks: Vec<CheckId> = dice.some(&CHECKS).into_iter().map(check).rev().collect();
        ResultFilter {
            check_ids: if dice.one_in(3) { vec![] } else { checks },
            statuses: if dice.one_in(2) {
                vec![]
            } else {
                dice.some(&CheckStatus::ALL)
            },
            id_contains: dice
                .one_in(4)
                .then(|| dice.pick(&["I-", "b", "%", "中", "x", ""]).to_owned()),
            name_contains: dice
                .one_in(4)
                .then(|| dice.pick(&["NAME 1", "2", ""]).to_owned()),
            region_contains: dice
                .one_in(4)
                .then(|| dice.pick(&["hang", "CN-", "z"]).to_owned()),
            asset_ids: if dice.one_in(4) {
                dice.some(&IDS).iter().map(ToString::to_string).collect()
            } else {
                vec![]
            },
            account: dice
                .one_in(4)
                .then(|| (Provider::Aliyun, dice.pick(&ACCOUNTS).to_owned())),
            region: dice.one_in(4).then(|| dice.pick(&REGIONS).to_owned()),
            sort: dice.pick(&[Sort::AssetId, Sort::Status]),
        }
    }
}

fn rollups(
    found: Vec<stance_store::Rollup>,
) -> Vec<(i64, String, stance_model::view::Counts, i64, i64)> {
    found
        .into_iter()
        .map(|r| (r.check_id.get(), r.account, r.counts, r.task_id, r.last_ms))
        .collect()
}

fn shown(r: stance_store::StoredResult) -> Shown {
    let key = (r.region, r.asset_type.as_str().to_owned(), r.asset_id);
    let texts = [r.reason, r.evidence];
    (
        r.check_id.get(),
        r.account,
        key,
        r.asset_name,
        r.status,
        r.excepted,
        texts,
        r.first_ms,
        r.last_ms,
    )
}
