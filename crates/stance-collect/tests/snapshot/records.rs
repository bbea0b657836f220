//! What one line must hold.

use sonic_rs::JsonValueTrait;
use stance_collect::snapshot::{AssetDoc, Line};
use stance_model::Provider;

use crate::support::{CORPUS, parse, refusal};

/// An asset record with one part replaced.
fn asset_with(from: &str, to: &str) -> String {
    let line = r#"{"asset":{"provider":"aliyun","account":"1","region":"cn-hangzhou","type":"aliyun/rds/instance","id":"rm-1","name":"orders","facts":{"list":{}}}}"#;
    assert!(line.contains(from), "{from}");
    line.replace(from, to)
}

fn asset(line: &str) -> AssetDoc {
    match parse(line).unwrap() {
        Line::Asset(asset) => asset,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_asset_gives_its_fields_and_its_document() {
    let asset = asset(CORPUS.lines().nth(4).unwrap());
    assert_eq!(
        (asset.provider, asset.account.as_str()),
        (Provider::Aliyun, "1000000000000001")
    );
    assert_eq!(
        (asset.region.as_str(), asset.asset_type.as_str()),
        ("cn-hangzhou", "aliyun/rds/instance")
    );
    assert_eq!(
        (asset.id.as_str(), asset.name.as_str()),
        ("rm-bp1shoporders", "订单库 \"orders\"")
    );
    let port = asset.value.get("facts").get("list").get("Port").as_u64();
    assert_eq!(port, Some(5432));
}

#[test]
fn infrastructure_code_gives_its_file_and_line() {
    let asset = asset(CORPUS.lines().nth(5).unwrap());
    assert_eq!(
        (asset.file.as_deref(), asset.line),
        (Some("infra/main.tf"), Some(42))
    );
}

#[test]
fn a_nameless_asset_is_called_by_its_id() {
    assert_eq!(asset(&asset_with(r#""name":"orders","#, "")).name, "rm-1");
    assert_eq!(asset(&asset_with(r#""orders""#, r#""""#)).name, "rm-1");
}

#[test]
fn optional_parts_may_be_null() {
    asset(&asset_with(
        r#""facts""#,
        r#""zone":null,"origin":null,"facts""#,
    ));
}

#[test]
fn required_parts_must_be_there() {
    for (part, message) in [
        (r#""provider":"aliyun","#, "`provider` is missing"),
        (r#""account":"1","#, "`account` is missing"),
        (r#""region":"cn-hangzhou","#, "`region` is missing"),
        (r#""type":"aliyun/rds/instance","#, "`type` is missing"),
        (r#""id":"rm-1","#, "`id` is missing"),
        (r#","facts":{"list":{}}"#, "`facts` is missing"),
    ] {
        assert_eq!(refusal(&asset_with(part, "")), message);
    }
}

#[test]
fn parts_must_be_what_they_should_be() {
    for (from, to, message) in [
        (r#""rm-1""#, r#""""#, "`id` is empty"),
        (r#""rm-1""#, "5", "`id` is not a string"),
        (r#""rm-1""#, r#""a\u0000b""#, "`id` has a NUL character"),
        (r#""orders""#, r#""\u0000""#, "`name` has a NUL character"),
        (r#""orders""#, "null", "`name` is not a string"),
        (
            r#""aliyun","#,
            r#""ali\nyun","#,
            "`provider` is not one we know: `ali\\nyun`",
        ),
        (
            r#""aliyun","#,
            r#""aws","#,
            "`type` is `aliyun/rds/instance`, but `provider` is `aws`",
        ),
        (r#""id""#, r#""Id":"x","id""#, "an asset has no `Id`"),
        (r#""id""#, r#""id":"x","id""#, "`id` is given twice"),
        (r#"{"list":{}}"#, "[]", "`facts` is not an object"),
        (
            r#""facts""#,
            r#""tags":{"a":1},"facts""#,
            "`tags.a` is not a string",
        ),
        (
            r#""facts""#,
            r#""tags":[],"facts""#,
            "`tags` is not an object",
        ),
        (
            r#""facts""#,
            r#""zone":1,"facts""#,
            "`zone` is not a string",
        ),
        (
            r#""facts""#,
            r#""unknown":{"a":{}},"facts""#,
            "`unknown.a`: missing field `kind`",
        ),
        (
            r#""facts""#,
            r#""unknown":[],"facts""#,
            "`unknown` is not an object",
        ),
        (
            r#""facts""#,
            r#""origin":{"kind":"api","line":0},"facts""#,
            "`origin.line` is 0; lines count from 1",
        ),
        (
            "}}}}",
            r#"}}},"end":{}}"#,
            "not a record: it has more than one key",
        ),
    ] {
        let message_got = refusal(&asset_with(from, to));
        assert!(
            message_got.starts_with(message),
            "{message_got} instead of {message}"
        );
    }
}

#[test]
fn an_unknown_reason_and_a_foreign_origin_are_refused() {
    let kind = asset_with(r#""facts""#, r#""unknown":{"a":{"kind":"tired"}},"facts""#);
    assert!(refusal(&kind).starts_with("`unknown.a`: unknown variant `tired`"));
    let origin = asset_with(
        r#""facts""#,
        r#""origin":{"kind":"api","who":"me"},"facts""#,
    );
    assert!(refusal(&origin).starts_with("`origin`: unknown field `who`"));
}

#[test]
fn texts_are_bounded() {
    for (from, bytes, message) in [
        (r#"rm-1"#, 1_025, "`id` is longer than 1024 bytes"),
        (r#"orders"#, 1_025, "`name` is longer than 1024 bytes"),
        (r#"cn-hangzhou"#, 65, "`region` is longer than 64 bytes"),
    ] {
        assert_eq!(refusal(&asset_with(from, &"x".repeat(bytes))), message);
        asset(&asset_with(from, &"x".repeat(bytes - 1)));
    }
    let account = asset_with(
        r#""account":"1""#,
        &format!(r#""account":"{}""#, "1".repeat(129)),
    );
    assert_eq!(refusal(&account), "`account` is longer than 128 bytes");
}

#[test]
fn the_type_is_spelled_provider_service_kind() {
    for given in [
        "aliyun/rds",
        "ALIYUN/RDS/INSTANCE",
        "other/rds/instance",
        "aliyun/rds/instance/x",
        "",
    ] {
        let message = refusal(&asset_with("aliyun/rds/instance", given));
        assert!(
            message.starts_with("`type` is not a provider, a service and a kind"),
            "{message}"
        );
    }
}

#[test]
fn depth_is_limited_before_parsing() {
    let deep = |levels: usize| {
        let list = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        asset_with("\"list\":{}", &format!("\"list\":{list}"))
    };
    // Three levels lead to a fact: the record, the asset, its facts.
    asset(&deep(61));
    assert_eq!(
        refusal(&deep(62)),
        "nested deeper than 64 levels, which is the limit"
    );
    let bomb = format!("{{\"asset\":{}", "[".repeat(10_000_000));
    assert!(refusal(&bomb).starts_with("nested deeper"));
    let bomb = format!("{{\"end\":{}", "{\"a\":".repeat(1_000_000));
    assert!(refusal(&bomb).starts_with("nested deeper"));
}

#[test]
fn a_syntax_error_says_where_and_does_not_quote_the_line() {
    let message = refusal(r#"{"asset":{"id":"secret-value",}}"#);
    assert!(message.starts_with("not a valid record: "), "{message}");
    assert!(message.contains(" at byte "), "{message}");
    assert!(
        !message.contains("secret-value") && !message.contains('\n'),
        "{message}"
    );
}

#[test]
fn other_records_are_checked_too() {
    for (line, message) in [
        (
            r#"{"snapshot":{"format":2,"at":"2026-11-01T08:00:00Z"}}"#,
            "format 2 is not known",
        ),
        (
            r#"{"snapshot":{"format":1,"at":"yesterday"}}"#,
            "`at` is not a time of RFC 3339: `yesterday`",
        ),
        (
            r#"{"snapshot":{"format":1}}"#,
            "not a valid record: missing field `at`",
        ),
        (
            r#"{"account":{"provider":"aliyun","id":""}}"#,
            "`id` is empty",
        ),
        (
            r#"{"account":{"provider":"aliyun","id":"1","nick":"x"}}"#,
            "not a valid record: unknown field `nick`",
        ),
        (
            r#"{"end":{"assets":-1,"coverage":0}}"#,
            "not a valid record: invalid value",
        ),
        (
            r#"{"end":{"assets":1,"coverage":0}} x"#,
            "not a valid record: trailing characters",
        ),
        (
            r#"{"ende":{}}"#,
            "not a record: expected an object with the key",
        ),
        (r#"[1]"#, "not a record"),
    ] {
        let message_got = refusal(line);
        assert!(
            message_got.starts_with(message),
            "{message_got} instead of {message}"
        );
    }
}

#[test]
fn coverage_must_not_contradict_itself() {
    let line = |status: &str, rest: &str| {
        format!(
            r#"{{"coverage":{{"provider":"aws","account":"2","region":"us-east-1","type":"aws/s3/bucket","status":"{status}"{rest}}}}}"#
        )
    };
    parse(&line("failed", r#","reason":{"kind":"timeout"}"#)).unwrap();
    parse(&line("not_offered", "")).unwrap();
    assert_eq!(
        refusal(&line("ok", r#","reason":{"kind":"timeout"}"#)),
        "`status` is `ok`, but there is a `reason`"
    );
    assert!(refusal(&line("fine", "")).starts_with("not a valid record: unknown variant `fine`"));
    let foreign = line("ok", "").replace("\"aws\"", "\"aliyun\"");
    assert_eq!(
        refusal(&foreign),
        "`type` is `aws/s3/bucket`, but `provider` is `aliyun`"
    );
}
