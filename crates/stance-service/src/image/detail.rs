//! One item and what it found in one image: `DescribeImageBaselineDetail`.

use stance_catalog::Check;
use stance_model::view::BaselineView;
use stance_model::{Evidence, FINDINGS, Findings, Text};
use stance_store::ItemResult;

use super::baseline_of;
use super::view::ItemDetail;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;
use crate::view::reason;

impl Service {
    /// An item of the catalogue with what it found in an image. Without an image, or one that is not known, it is the
    /// item alone.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::UnknownCheck`], [`ServiceError::Store`].
    pub async fn describe_image_baseline_detail(
        &self,
        caller: &Caller,
        key: &str,
        uuid: Option<&str>,
    ) -> Result<ItemDetail, ServiceError> {
        caller.authorise("yundun-sas:DescribeImageBaselineDetail")?;
        self.expire(caller).await?;
        let unknown = || ServiceError::UnknownCheck {
            given: key.to_owned(),
        };
        let item = self.item(key).ok_or_else(unknown)?;
        let baseline = baseline_of(item).ok_or_else(unknown)?;
        let mut results = Vec::new();
        if let Some(uuid) = uuid {
            results = self
                .store
                .image_item_results(&caller.tenant, &[uuid.to_owned()], &[item.id])
                .await?;
        }
        Ok(detail(item, baseline, results.into_iter().next()))
    }
}

fn detail(item: &Check, baseline: BaselineView, result: Option<ItemResult>) -> ItemDetail {
    let evidence = result
        .as_ref()
        .and_then(|result| result.evidence.as_deref());
    let evidence: Evidence = evidence
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    let findings = evidence.items.iter().find(|item| item.name == FINDINGS);
    ItemDetail {
        baseline,
        key: item.key.clone(),
        title: item.title.clone(),
        description: described(item),
        solution: item.solution.clone(),
        level: item.risk_level,
        result_id: result.as_ref().map(|r| item.id.result_id(r.asset_no)),
        findings: findings.map_or_else(Findings::default, |item| Findings::parse(&item.value)),
        reason: result.and_then(|r| reason(r.status, r.excepted, r.reason.as_deref())),
    }
}

/// What it checks, and what a failure means.
fn described(item: &Check) -> Text {
    let join = |what: &str, risk: &str| format!("{}\n{}", what.trim(), risk.trim());
    let (what, risk) = (&item.description, &item.risk);
    Text::new(join(&what.zh, &risk.zh), join(&what.en, &risk.en))
}
