//! A check and a result for the tests of the operations.

use stance_model::view::{
    CheckView, Counts, EvidenceColumn, EvidenceValue, EvidenceView, LegacyItem, PolicyView,
    ResultView,
};
use stance_model::{CheckId, CheckStatus, Provider, RiskLevel, StandardType, Text};

use crate::params::Params;

/// Parameters from pairs.
pub(super) fn params(pairs: &[(&str, &str)]) -> Params {
    Params::new(
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

/// A check of RDS that is one of the legacy table.
pub(super) fn check(id: i64) -> CheckView {
    CheckView {
        id: CheckId::new(id).unwrap(),
        key: format!("ali.rds.check_{id}"),
        provider: Provider::Aliyun,
        asset_type: "aliyun/rds/instance".parse().unwrap(),
        instance_type: "RDS".to_owned(),
        instance_sub_type: "INSTANCE".to_owned(),
        asset_type_number: 3,
        risk_level: RiskLevel::High,
        title: Text::new("白名单", "Whitelist"),
        description: Text::new("描述", "Description"),
        risk: Text::new("风险", "Risk"),
        solution: Text::new("方案", "Solution"),
        help: Text::new("https://help.example/zh", "https://help.example/en"),
        has_parameters: false,
        repair_supported: false,
        free: true,
        custom: false,
        legacy: Some(LegacyItem {
            group: 2,
            asset_type: "RDS".to_owned(),
        }),
        policies: vec![policy()],
        evidence: vec![
            EvidenceColumn {
                name: "OpenArrays".to_owned(),
                title: Text::new("分组", "Groups"),
            },
            EvidenceColumn {
                name: "Engine".to_owned(),
                title: Text::new("引擎", "Engine"),
            },
        ],
        console: Some(
            "https://console.example/{region}/{id}?account={account}&name={name}".to_owned(),
        ),
        status: CheckStatus::NotPass,
        reason: None,
        task_id: Some(64),
        last_ms: Some(1_657_793_398_000),
        counts: Counts {
            pass: 1,
            fail: 3,
            excepted: 2,
            not_applicable: 0,
            unknown: 0,
        },
    }
}

fn policy() -> PolicyView {
    PolicyView {
        standard_id: 1,
        standard: Text::new("最佳实践", "Best practices"),
        standard_type: StandardType::Risk,
        requirement_id: 2,
        requirement: Text::new("数据库", "Databases"),
        section_id: 3,
        section: Text::new("访问", "Access"),
    }
}

/// A failing result of [`check`], with one of its two values.
pub(super) fn result() -> ResultView {
    let check = check(5);
    let value = EvidenceValue {
        name: "OpenArrays".to_owned(),
        title: Text::new("分组", "Groups"),
        value: "default".to_owned(),
    };
    ResultView {
        id: (7 << 20) | 5,
        check: check.key,
        check_id: check.id,
        provider: Provider::Aliyun,
        account: "1000000000000001".to_owned(),
        account_name: "shop-prod".to_owned(),
        region: "cn-beijing".to_owned(),
        asset_type: check.asset_type,
        asset_id: "rm-1/?&{name}".to_owned(),
        asset_name: "orders".to_owned(),
        risk_level: check.risk_level,
        title: check.title,
        baseline: None,
        solution: check.solution,
        help: check.help,
        status: CheckStatus::NotPass,
        reason: None,
        evidence: EvidenceView {
            items: vec![value],
            ..EvidenceView::default()
        },
        first_ms: 1_716_447_535_531,
        last_ms: 1_716_447_535_532,
        file: None,
        line: None,
    }
}
