//! Batches in few words.

use stance_model::{AssetType, Coverage, CoverageStatus, Provider, ResultStatus};
use stance_store::{AccountBatch, AssetRow, CheckBatch, NewResult};

use super::check;

pub(crate) const RDS: &str = "aliyun/rds/instance";
pub(crate) const SLB: &str = "aliyun/slb/instance";
pub(crate) const HANGZHOU: &str = "cn-hangzhou";
pub(crate) const SHANGHAI: &str = "cn-shanghai";

/// A batch in the making. Assets are of type [`RDS`] in [`HANGZHOU`] unless said otherwise.
pub(crate) struct Build {
    pub(crate) batch: AccountBatch,
    place: (String, String),
}

/// An empty batch of an account.
pub(crate) fn batch(account: &str) -> Build {
    let batch = AccountBatch {
        provider: Provider::Aliyun,
        account: account.into(),
        account_name: format!("name of {account}"),
        coverage: vec![],
        assets: vec![],
        results: vec![],
        images: vec![],
    };
    Build {
        batch,
        place: (HANGZHOU.into(), RDS.into()),
    }
}

impl Build {
    /// Coverage of the region and type of what follows.
    pub(crate) fn cover(mut self, status: CoverageStatus) -> Self {
        let coverage = Coverage {
            provider: self.batch.provider,
            account: self.batch.account.clone(),
            region: self.place.0.clone(),
            asset_type: self.place.1.parse().unwrap(),
            status,
            reason: None,
        };
        self.batch.coverage.push(coverage);
        self
    }

    /// The region and type of what follows.
    pub(crate) fn at(mut self, region: &str, asset_type: &str) -> Self {
        self.place = (region.into(), asset_type.into());
        self
    }

    pub(crate) fn asset(mut self, id: &str) -> Self {
        let asset_type: AssetType = self.place.1.parse().unwrap();
        let (region, name) = (self.place.0.clone(), format!("name of {id}"));
        self.batch.assets.push(AssetRow {
            asset_type,
            region,
            id: id.into(),
            name,
            file: None,
            line: None,
        });
        self
    }

    /// An asset with the result of a check.
    pub(crate) fn with(self, id: &str, check_id: i64, status: ResultStatus) -> Self {
        self.asset(id).result(check_id, status)
    }

    /// The result of a check for the asset last added.
    pub(crate) fn result(self, check_id: i64, status: ResultStatus) -> Self {
        let evidence = (status == ResultStatus::Fail).then(|| "{\"items\":[]}".to_owned());
        let reason = (status == ResultStatus::Unknown).then(|| "{\"kind\":\"timeout\"}".to_owned());
        let asset = u32::try_from(self.batch.assets.len() - 1).unwrap();
        self.push(
            check_id,
            NewResult {
                asset,
                status,
                reason,
                evidence,
            },
        )
    }

    pub(crate) fn push(mut self, check_id: i64, result: NewResult) -> Self {
        let found = self
            .batch
            .results
            .iter_mut()
            .find(|c| c.check_id == check(check_id));
        match found {
            Some(found) => found.results.push(result),
            None => self.batch.results.push(CheckBatch {
                check_id: check(check_id),
                results: vec![result],
            }),
        }
        self
    }

    pub(crate) fn done(self) -> AccountBatch {
        self.batch
    }
}
