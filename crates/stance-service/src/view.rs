//! From the catalogue and the store to what is shown.

use stance_catalog::Check;
use stance_model::view::{
    CheckView, Counts, EvidenceValue, EvidenceView, PolicyView, ResultReason, ResultView,
};
use stance_model::{
    CheckStatus, Evidence, FINDINGS, Findings, Reason, ReasonKind, ResultStatus, Text,
};
use stance_store::StoredResult;

use crate::image::baseline_of;

/// What is known of a check besides its file.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) status: CheckStatus,
    pub(crate) reason: Option<Reason>,
    pub(crate) task_id: Option<i64>,
    pub(crate) last_ms: Option<i64>,
    pub(crate) counts: Counts,
}

/// A check as it is shown.
pub(crate) fn check(check: &Check, policies: &[PolicyView], known: Known) -> CheckView {
    CheckView {
        id: check.id,
        key: check.key.clone(),
        provider: check.provider,
        asset_type: check.asset_type.clone(),
        instance_type: check.instance_type.clone(),
        instance_sub_type: check.instance_sub_type.clone(),
        asset_type_number: check.asset_type_number,
        risk_level: check.risk_level,
        title: check.title.clone(),
        description: check.description.clone(),
        risk: check.risk.clone(),
        solution: check.solution.clone(),
        help: check.help.clone(),
        has_parameters: !check.parameters.is_empty(),
        repair_supported: check.repair_supported,
        free: check.free,
        custom: check.custom,
        legacy: check.legacy.clone(),
        policies: policies.to_vec(),
        evidence: check.evidence.clone(),
        console: check.console.clone(),
        status: known.status,
        reason: known.reason,
        task_id: known.task_id,
        last_ms: known.last_ms,
        counts: known.counts,
    }
}

/// A result as it is shown. `checking`: a task that will touch its check is running; what has a verdict keeps it
/// meanwhile.
pub(crate) fn result(check: &Check, stored: StoredResult, checking: bool) -> ResultView {
    let status = match stored.status.shown(stored.excepted.is_some()) {
        CheckStatus::NotCheck if checking => CheckStatus::Checking,
        status => status,
    };
    let evidence = stored
        .evidence
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    let account_name = if stored.account_name.is_empty() {
        stored.account.clone()
    } else {
        stored.account_name
    };
    ResultView {
        id: check.id.result_id(stored.asset_no),
        check: check.key.clone(),
        check_id: check.id,
        provider: stored.provider,
        account: stored.account,
        account_name,
        region: stored.region,
        asset_type: stored.asset_type,
        asset_id: stored.asset_id,
        asset_name: stored.asset_name,
        risk_level: check.risk_level,
        title: check.title.clone(),
        baseline: baseline_of(check),
        solution: check.solution.clone(),
        help: check.help.clone(),
        status,
        reason: reason(stored.status, stored.excepted, stored.reason.as_deref()),
        evidence: evidence_view(check, stored.status, evidence),
        first_ms: stored.first_ms,
        last_ms: stored.last_ms,
        file: stored.file,
        line: stored.line,
    }
}

pub(crate) fn reason(
    status: ResultStatus,
    excepted: Option<String>,
    stored: Option<&str>,
) -> Option<ResultReason> {
    match status {
        ResultStatus::Pass => None,
        ResultStatus::Fail => excepted.map(ResultReason::Excepted),
        ResultStatus::NotApplicable => {
            let text: Text = stored
                .and_then(|json| serde_json::from_str(json).ok())
                .unwrap_or_default();
            Some(ResultReason::NotApplicable(text))
        }
        ResultStatus::Unknown => Some(ResultReason::Unread(unread(stored))),
    }
}

/// The reason of a result without a verdict.
pub(crate) fn unread(stored: Option<&str>) -> Reason {
    stored
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or(Reason {
            kind: ReasonKind::NotCollected,
            code: None,
            request_id: None,
            message: None,
        })
}

fn evidence_view(check: &Check, status: ResultStatus, evidence: Evidence) -> EvidenceView {
    let value = |name: &str| {
        evidence
            .items
            .iter()
            .find(|item| item.name == name)
            .map(|item| item.value.clone())
    };
    let items: Vec<EvidenceValue> = check
        .evidence
        .iter()
        .filter_map(|column| {
            let value = value(&column.name)?;
            Some(EvidenceValue {
                name: column.name.clone(),
                title: column.title.clone(),
                value,
            })
        })
        .collect();
    let summary = if status == ResultStatus::Fail {
        summary(check, &items, &evidence)
    } else {
        Text::default()
    };
    let findings = value(FINDINGS).map(|json| Findings::parse(&json));
    EvidenceView {
        summary,
        items,
        facts: evidence.facts,
        findings: findings.unwrap_or_default(),
    }
}

/// The sentence of the check's file, or one made of the facts that decided.
fn summary(check: &Check, items: &[EvidenceValue], evidence: &Evidence) -> Text {
    if let Some(message) = &check.message {
        return Text::new(fill(&message.zh, items), fill(&message.en, items));
    }
    let facts: Vec<String> = evidence
        .facts
        .iter()
        .take(3)
        .map(|fact| format!("{} = {}", fact.path, fact.value))
        .collect();
    if facts.is_empty() {
        return Text::default();
    }
    let facts = facts.join("; ");
    Text::new(format!("判定依据：{facts}"), format!("decided by {facts}"))
}

/// Replaces `{Name}` by the value of that name.
fn fill(template: &str, items: &[EvidenceValue]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            items
                .iter()
                .find(|item| item.name == name)
                .map(|item| (item.value.as_str(), tail))
        });
        match found {
            Some((value, tail)) => {
                text.push_str(if value.is_empty() { "-" } else { value });
                rest = tail;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}
