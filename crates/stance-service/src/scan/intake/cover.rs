//! Coverage: what the files say of how completely they were read, and what is assumed where they say nothing.

use std::collections::BTreeSet;

use stance_collect::snapshot::Completeness;
use stance_model::{Coverage, CoverageStatus, Provider, Reason, ReasonKind};

use super::{Intake, Place};

impl Intake<'_> {
    /// Takes in the coverage of a file. Of a file that ended early nothing counts as complete.
    pub(super) fn cover(&mut self, coverage: Vec<Coverage>, completeness: &Completeness) {
        for mut record in coverage {
            if let Completeness::Truncated(reason) = completeness
                && record.status.is_complete()
            {
                record.status = CoverageStatus::Partial;
                record.reason = Some(Reason {
                    message: record.reason.and_then(|r| r.message),
                    ..reason.clone()
                });
            }
            let key = (
                record.provider,
                record.account.clone(),
                record.region.clone(),
                record.asset_type.clone(),
            );
            self.accounts
                .entry((record.provider, record.account.clone()))
                .or_default();
            // Two files may speak of the same place: what one could not read stays unread.
            match self.coverage.get(&key) {
                Some(earlier) if !earlier.status.is_complete() => {}
                _ => {
                    self.coverage.insert(key, record);
                }
            }
        }
    }

    /// Sees to it that every asset lies where something was looked for. Where no coverage record says how completely,
    /// or one says that there is nothing, it is not known what else there is.
    ///
    /// Not so for what infrastructure code declares (it has a file), nor for images and hosts: they are all that was
    /// asked about, and never speak for a whole account. Without a record they close nothing, and no related list counts
    /// as complete.
    pub(super) fn cover_what_was_seen(&mut self) {
        // What a file of infrastructure code declares is all that it declares.
        let judged = self
            .accounts
            .iter()
            .filter(|((provider, _), _)| !stands_alone(*provider))
            .flat_map(|((provider, account), gathered)| {
                let rows = gathered.assets.iter().filter(|row| row.file.is_none());
                rows.map(move |row| {
                    let (region, asset_type) = (row.region.clone(), row.asset_type.clone());
                    (*provider, account.clone(), region, asset_type)
                })
            });
        let waiting = self
            .deferred
            .iter()
            .filter(|asset| asset.file.is_none() && !stands_alone(asset.provider));
        let waiting = waiting.map(|asset| {
            let (account, region) = (asset.account.clone(), asset.region.clone());
            (asset.provider, account, region, asset.asset_type.clone())
        });
        let places: BTreeSet<Place> = judged.chain(waiting).collect();
        for place in places {
            let what = match self.coverage.get(&place).map(|record| record.status) {
                None => "no coverage record says what was looked for",
                Some(CoverageStatus::NotActivated | CoverageStatus::NotOffered) => {
                    "there are assets where the coverage says that there are none"
                }
                Some(_) => continue,
            };
            let (provider, account, region, asset_type) = place.clone();
            let about = format!("{account} {region} {asset_type}: {what}");
            let record = Coverage {
                provider,
                account,
                region,
                asset_type,
                status: CoverageStatus::Partial,
                reason: Some(Reason::new(ReasonKind::NotCollected, about)),
            };
            self.coverage.insert(place, record);
        }
    }
}

/// Whether each asset of the provider is looked at for itself.
fn stands_alone(provider: Provider) -> bool {
    matches!(provider, Provider::Image | Provider::Host)
}
