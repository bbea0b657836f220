//! The scene: one report that has a result of every kind, and texts that try to be more than texts.

use stance_model::evidence::FactLine;
use stance_model::view::{
    CheckView, Counts, EvidenceColumn, EvidenceValue, EvidenceView, PolicyView, Report,
    ResultReason, ResultView, Summary,
};
use stance_model::{
    CheckId, CheckStatus, Coverage, CoverageStatus, Lang, Provider, Reason, ReasonKind, RiskLevel,
    StandardType, Text,
};
use stance_report::{Format, Options};

/// A text that means something to a terminal, a page, a spreadsheet, a viewer of markup and a parser of XML.
pub(crate) const HOSTILE: &str = "=cmd()|'/C calc'!A0 <script>alert(\"1\")</script> \u{1b}[31m\u{9b}2J [x](https://evil.example) ]]> \u{202e}\nnext, line";

const FIRST: i64 = 1_764_500_000_000;
const LAST: i64 = 1_764_586_400_000;

pub(crate) fn written(report: &Report, format: Format) -> String {
    written_with(report, format, &Options::default())
}

pub(crate) fn written_with(report: &Report, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    stance_report::write(report, format, options, &mut out).unwrap();
    // Times and versions of the program are not what is tested.
    String::from_utf8(out)
        .unwrap()
        .replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

pub(crate) fn report(lang: Lang) -> Report {
    Report {
        at: "2026-11-25T08:00:00Z".to_owned(),
        source: "examples/estate <b>".to_owned(),
        summary: Summary {
            assets: 6,
            accounts: 2,
            checks: 2,
            counts: Counts {
                pass: 1,
                fail: 2,
                excepted: 1,
                not_applicable: 1,
                unknown: 1,
            },
            high: 1,
            medium: 0,
            low: 1,
        },
        results: results(),
        coverage: coverage(),
        checks: vec![whitelist(), bucket()],
        lang,
    }
}

/// A report of nothing.
pub(crate) fn empty() -> Report {
    Report {
        summary: Summary::default(),
        results: vec![],
        coverage: vec![],
        checks: vec![],
        ..report(Lang::En)
    }
}

fn results() -> Vec<ResultView> {
    let rds = whitelist();
    let fail = ResultView {
        evidence: EvidenceView {
            summary: Text::new(
                "白名单分组 default 允许任意来源访问",
                "whitelist group default admits any source",
            ),
            items: vec![EvidenceValue {
                name: "OpenArrays".to_owned(),
                title: Text::new("放开的白名单分组", "Open whitelist groups"),
                value: "default".to_owned(),
            }],
            facts: vec![FactLine {
                path: "facts.ip_array.Items.DBInstanceIPArray[1].SecurityIPList".to_owned(),
                value: "\"0.0.0.0/1,128.0.0.0/1\"".to_owned(),
            }],
            ..EvidenceView::default()
        },
        ..result(
            &rds,
            1,
            CheckStatus::NotPass,
            "rm-bp1orders",
            "订单库 \"orders\"",
        )
    };
    let hostile = ResultView {
        evidence: EvidenceView {
            items: vec![EvidenceValue {
                name: "Acl".to_owned(),
                title: Text::new("读写权限", "ACL"),
                value: HOSTILE.to_owned(),
            }],
            ..EvidenceView::default()
        },
        account_name: HOSTILE.to_owned(),
        file: Some("infra/主 main.tf".to_owned()),
        line: Some(42),
        ..result(&bucket(), 2, CheckStatus::NotPass, HOSTILE, HOSTILE)
    };
    let mut denied = Reason::new(ReasonKind::NoPermission, "facts.ip_array");
    denied.code = Some("Forbidden.RAM".to_owned());
    let because = |status, number, id: &str, reason| ResultView {
        reason: Some(reason),
        ..result(&rds, number, status, id, "")
    };
    let readonly = Text::new(
        "只读实例没有白名单",
        "read-only instances have no whitelist",
    );
    vec![
        fail,
        hostile,
        because(
            CheckStatus::NotCheck,
            3,
            "rm-denied",
            ResultReason::Unread(denied),
        ),
        because(
            CheckStatus::Whitelist,
            4,
            "rm-lab",
            ResultReason::Excepted("实验环境 until spring".to_owned()),
        ),
        because(
            CheckStatus::NotCheck,
            5,
            "rm-replica",
            ResultReason::NotApplicable(readonly),
        ),
        result(&rds, 6, CheckStatus::Pass, "rm-good", "good"),
    ]
}

fn result(check: &CheckView, number: i64, status: CheckStatus, id: &str, name: &str) -> ResultView {
    ResultView {
        id: check.id.result_id(number),
        check: check.key.clone(),
        check_id: check.id,
        provider: check.provider,
        account: "1000000000000001".to_owned(),
        account_name: "shop-prod".to_owned(),
        region: "cn-hangzhou".to_owned(),
        asset_type: check.asset_type.clone(),
        asset_id: id.to_owned(),
        asset_name: if name.is_empty() {
            id.to_owned()
        } else {
            name.to_owned()
        },
        risk_level: check.risk_level,
        title: check.title.clone(),
        baseline: None,
        solution: check.solution.clone(),
        help: check.help.clone(),
        status,
        reason: None,
        evidence: EvidenceView::default(),
        first_ms: FIRST,
        last_ms: if number == 1 { LAST } else { FIRST },
        file: None,
        line: None,
    }
}

fn coverage() -> Vec<Coverage> {
    let record = |region: &str, asset_type: &str, status, reason| Coverage {
        provider: Provider::Aliyun,
        account: "1000000000000002".to_owned(),
        region: region.to_owned(),
        asset_type: asset_type.parse().unwrap(),
        status,
        reason,
    };
    let mut throttled = Reason::new(ReasonKind::Throttled, HOSTILE);
    throttled.request_id = Some("0A49CE40".to_owned());
    vec![
        record(
            "cn-beijing",
            "aliyun/rds/instance",
            CoverageStatus::Failed,
            Some(throttled),
        ),
        record(
            "cn-shanghai",
            "aliyun/oss/bucket",
            CoverageStatus::Partial,
            None,
        ),
        record(
            "cn-hangzhou",
            "aliyun/waf/domain",
            CoverageStatus::NotActivated,
            None,
        ),
        record(
            "cn-hangzhou",
            "aliyun/rds/instance",
            CoverageStatus::Ok,
            None,
        ),
    ]
}

fn whitelist() -> CheckView {
    CheckView {
        evidence: vec![EvidenceColumn {
            name: "OpenArrays".to_owned(),
            title: Text::new("放开的白名单分组", "Open whitelist groups"),
        }],
        policies: vec![PolicyView {
            standard_id: 1,
            standard: Text::new(
                "阿里云安全最佳实践",
                "Alibaba Cloud security best practices",
            ),
            standard_type: StandardType::Risk,
            requirement_id: 101,
            requirement: Text::new("数据安全", "Data security"),
            section_id: 10_101,
            section: Text::new("数据库访问控制", "Database access control"),
        }],
        ..check(
            5,
            "ali.rds.whitelist_open",
            "aliyun/rds/instance",
            RiskLevel::High,
        )
    }
}

fn bucket() -> CheckView {
    CheckView {
        help: Text::new("javascript:alert(1)", "javascript:alert(1)"),
        ..check(12, "ali.oss.acl", "aliyun/oss/bucket", RiskLevel::Low)
    }
}

fn check(id: i64, key: &str, asset_type: &str, risk_level: RiskLevel) -> CheckView {
    CheckView {
        id: CheckId::new(id).unwrap(),
        key: key.to_owned(),
        provider: Provider::Aliyun,
        asset_type: asset_type.parse().unwrap(),
        instance_type: "RDS".to_owned(),
        instance_sub_type: "INSTANCE".to_owned(),
        asset_type_number: 3,
        risk_level,
        title: Text::new(format!("检查 {key}"), format!("Check of {key}")),
        description: Text::new("不允许任意来源。", "No source may be any."),
        risk: Text::new("任何人都可以连接。", "Anyone can connect."),
        solution: Text::new(
            "只允许必要的地址。",
            "Admit only the addresses that need it.",
        ),
        help: Text::new(
            "https://help.example.cn/rds",
            "https://help.example.com/rds",
        ),
        has_parameters: false,
        repair_supported: false,
        free: true,
        custom: false,
        legacy: None,
        policies: vec![],
        evidence: vec![],
        console: None,
        status: CheckStatus::NotPass,
        reason: None,
        task_id: None,
        last_ms: None,
        counts: Counts::default(),
    }
}
