//! Listing the results of one check: `ListCheckInstanceResult`.

use stance_model::CheckStatus;
use stance_model::query::{CheckQuery, InstanceQuery, Page, PageRequest};
use stance_model::view::{CheckView, ResultView};
use stance_store::{ResultFilter, Sort};

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;
use crate::view;

impl Service {
    /// The results of one check, and the check itself. An instance without a verdict is CHECKING while a task that
    /// will touch its check is running; one that has a verdict keeps it meanwhile.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::UnknownCheck`], [`ServiceError::Store`].
    pub async fn list_check_instance_result(
        &self,
        caller: &Caller,
        check_id: i64,
        query: &InstanceQuery,
        page: PageRequest,
    ) -> Result<(CheckView, Page<ResultView>), ServiceError> {
        caller.authorise("yundun-sas:ListCheckInstanceResult")?;
        let check = self.check_of(check_id)?;
        if check.baseline.is_some() {
            // Items of baselines have operations of their own.
            return Err(ServiceError::UnknownCheck {
                given: check_id.to_string(),
            });
        }
        self.expire(caller).await?;
        let standings = self.standings(caller, &CheckQuery::default()).await?;
        let checking = standings.is_running(check.id);
        let found = match filter(check.id, query, checking) {
            Some(filter) => {
                self.store
                    .list_results(&caller.tenant, &filter, page)
                    .await?
            }
            None => Page {
                items: Vec::new(),
                total: 0,
            },
        };
        let items = found
            .items
            .into_iter()
            .map(|stored| view::result(check, stored, checking))
            .collect();
        let shown = self
            .check_view(caller, check, standings.status(check), &standings)
            .await?;
        Ok((
            shown,
            Page {
                items,
                total: found.total,
            },
        ))
    }
}

/// What the store is asked; none when no result can be shown with the wanted statuses.
fn filter(
    check_id: stance_model::CheckId,
    query: &InstanceQuery,
    checking: bool,
) -> Option<ResultFilter> {
    // The store calls what has no verdict NOT_CHECK.
    let stored = |status: &CheckStatus| match status {
        CheckStatus::Checking => checking.then_some(CheckStatus::NotCheck),
        CheckStatus::NotCheck => (!checking).then_some(CheckStatus::NotCheck),
        CheckStatus::Failed => None,
        other => Some(*other),
    };
    let statuses: Vec<CheckStatus> = query.statuses.iter().filter_map(stored).collect();
    if statuses.is_empty() && !query.statuses.is_empty() {
        return None;
    }
    Some(ResultFilter {
        check_ids: vec![check_id],
        statuses,
        id_contains: query.id_contains.clone(),
        name_contains: query.name_contains.clone(),
        region_contains: query.region_contains.clone(),
        asset_ids: query.instance_ids.clone(),
        account: None,
        region: None,
        sort: if query.sort_by_status {
            Sort::Status
        } else {
            Sort::AssetId
        },
    })
}
