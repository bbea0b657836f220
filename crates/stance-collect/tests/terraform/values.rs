//! What attributes become: facts, unknowns, places.

use serde_json::json;
use stance_model::ReasonKind;

use crate::support::{Created, asset, assets, held, plan, state};

fn instance(extra: &serde_json::Value) -> serde_json::Value {
    let mut attributes = json!({"id": "rm-1", "instance_name": "orders", "engine": "MySQL", "engine_version": "8.0",
        "instance_charge_type": "Postpaid", "zone_id": "cn-hangzhou-h", "deletion_protection": true,
        "security_ips": ["10.0.0.0/8", "192.168.0.1"], "ssl_action": "Open", "tags": {"team": "shop"}});
    let all = attributes.as_object_mut().unwrap();
    all.extend(extra.as_object().unwrap().clone());
    attributes
}

#[test]
fn an_asset_has_the_shape_of_the_api_and_says_where_it_is_declared() {
    let text = serde_json::to_string_pretty(&state(&[held(
        "alicloud_db_instance",
        &instance(&json!({})),
    )]))
    .unwrap();
    let records = crate::support::records(&text).unwrap();
    let asset = crate::support::only_assets(records).pop().unwrap();
    assert_eq!((asset.id.as_str(), asset.name.as_str()), ("rm-1", "orders"));
    assert_eq!(
        (asset.account.as_str(), asset.region.as_str()),
        ("terraform", "cn-hangzhou")
    );
    assert_eq!(asset.tags["team"], "shop");
    assert_eq!(
        asset.facts["ip_array"]["Items"]["DBInstanceIPArray"][0]["SecurityIPList"],
        "10.0.0.0/8,192.168.0.1"
    );
    let origin = asset.origin.unwrap();
    assert_eq!(origin.kind, "tfstate");
    assert_eq!(origin.file.as_deref(), Some("main.tfstate"));
    let line = usize::try_from(origin.line.unwrap()).unwrap();
    assert!(
        text.lines()
            .nth(line)
            .unwrap()
            .contains("\"mode\": \"managed\"")
    );
}

#[test]
fn what_is_missing_is_unknown_with_the_name_of_the_attribute() {
    let mut attributes = instance(&json!({}));
    attributes.as_object_mut().unwrap().remove("security_ips");
    let found = asset(&state(&[held("alicloud_db_instance", &attributes)]), "rm-1");
    assert!(!found.facts.contains_key("ip_array"));
    let reason = &found.unknown["ip_array"];
    assert_eq!(reason.kind, ReasonKind::NotCollected);
    assert!(
        reason
            .message
            .as_ref()
            .unwrap()
            .contains("`security_ips` of alicloud_db_instance.x")
    );
    assert!(
        found.unknown["backup_policy"]
            .message
            .as_ref()
            .unwrap()
            .contains("may be set elsewhere")
    );
}

#[test]
fn secrets_never_reach_a_document() {
    let attributes = instance(
        &json!({"security_ips": ["203.0.113.77"], "password": "Secret-1", "instance_name": "Secret-2"}),
    );
    let mut resource = held("alicloud_db_instance", &attributes);
    resource["instances"][0]["sensitive_attributes"] = json!([
        [{"type": "get_attr", "value": "security_ips"}],
        [{"type": "get_attr", "value": "instance_name"}],
    ]);
    let found = asset(&state(&[resource]), "rm-1");
    let text = serde_json::to_string(&found).unwrap();
    for secret in ["Secret", "203.0.113.77"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(
        found.unknown["ip_array"]
            .message
            .as_ref()
            .unwrap()
            .contains("is sensitive")
    );
}

#[test]
fn a_value_known_after_apply_is_unknown_and_the_address_stands_for_the_id() {
    let mut values = instance(&json!({}));
    for name in ["id", "security_ips"] {
        values.as_object_mut().unwrap().remove(name);
    }
    let created = Created {
        address: "alicloud_db_instance.orders",
        values,
        unknown: json!({"id": true, "security_ips": true}),
        expressions: json!({"engine": {"constant_value": "MySQL"}}),
    };
    let found = asset(&plan(&[created]), "alicloud_db_instance.orders");
    assert!(
        found.unknown["ip_array"]
            .message
            .as_ref()
            .unwrap()
            .contains("known only after apply")
    );
    assert_eq!(found.origin.unwrap().kind, "tfplan");
}

#[test]
fn one_provider_has_one_account_and_one_region() {
    let bucket = json!({"id": "b", "bucket": "b", "location": "oss-cn-shanghai", "owner": "1000000000000001"});
    let acl = json!({"id": "acl-1", "name": "office", "entry_list": []});
    let resources = [
        held("alicloud_oss_bucket", &bucket),
        held("alicloud_slb_acl", &acl),
    ];
    let found = asset(&state(&resources), "acl-1");
    assert_eq!(
        (found.account.as_str(), found.region.as_str()),
        ("1000000000000001", "cn-shanghai")
    );
    let mut other = held("alicloud_slb_acl", &acl);
    other["provider"] = json!("provider[\"registry.terraform.io/a/b\"].west");
    let found = asset(&state(&[resources[0].clone(), other]), "acl-1");
    assert_eq!(
        (found.account.as_str(), found.region.as_str()),
        ("terraform", "unknown")
    );
}

#[test]
fn the_shown_form_of_a_state_is_a_state() {
    let shown = json!({"format_version": "1.0", "values": {"root_module": {"child_modules": [{
        "address": "module.db",
        "resources": [{"address": "module.db.alicloud_db_instance.x", "mode": "managed", "type": "alicloud_db_instance",
            "name": "x", "values": instance(&json!({"instance_name": "Secret"})),
            "sensitive_values": {"instance_name": true}}]}]}}});
    let found = asset(&shown, "rm-1");
    assert_eq!(found.origin.unwrap().kind, "tfstate");
    assert_eq!(found.name, "rm-1");
}

#[test]
fn data_sources_deposed_objects_and_other_resources_are_no_assets() {
    let mut data = held("alicloud_db_instance", &instance(&json!({})));
    data["mode"] = json!("data");
    let mut deposed = held("alicloud_db_instance", &instance(&json!({})));
    deposed["instances"][0]["deposed"] = json!("abc");
    let other = held("random_id", &json!({"id": "r"}));
    assert!(assets(&state(&[data, deposed, other])).is_empty());
}
