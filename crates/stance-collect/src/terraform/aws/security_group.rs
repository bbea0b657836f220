//! `aws_security_group` with `aws_security_group_rule` and `aws_vpc_security_group_ingress_rule`.

use serde_json::{Map, Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Item, Read, Resource};

fn link(kind: &'static str) -> Link {
    Link {
        kind,
        by: "security_group_id",
        to: &["id"],
    }
}

/// `aws/ec2/security_group`.
pub(in crate::terraform) fn group(estate: &Estate, group: &Resource) -> Draft {
    let (region, account) = place::arn(group);
    Draft::new("aws/ec2/security_group", group)
        .name(group, &["name"])
        .region(region)
        .account(group.identity("owner_id").or(account))
        .call("list", list(estate, group))
}

fn list(estate: &Estate, group: &Resource) -> Read<Value> {
    let item = group.item();
    Fields::new()
        .put("GroupId", item.text("id"))
        .put("GroupName", item.text("name"))
        .put("VpcId", item.text("vpc_id"))
        .put("Description", item.text("description"))
        .set("IpPermissions", rules(estate, group)?)
        .done()
}

/// The rules of the group itself and those in resources of their own. The former are read back, so that a state has
/// all rules as of its last refresh. Of a group that is still to be created they are not known unless it has some; one
/// with rules apart has none itself, since the provider does not allow both. A plan that only removes a rule apart
/// still shows it: the group's list follows with the next refresh.
fn rules(estate: &Estate, group: &Resource) -> Read<Vec<Value>> {
    let mut rules = apart(estate, group)?;
    if rules.is_empty() || !group.is_left_to_default("ingress") {
        for rule in group.item().all_blocks("ingress")? {
            rules.push(classic(&rule)?);
        }
    }
    Ok(rules)
}

fn apart(estate: &Estate, group: &Resource) -> Read<Vec<Value>> {
    let mut rules = Vec::new();
    for rule in estate.belonging(group, link("aws_security_group_rule"))? {
        if rule.item().need("type")? == "ingress" {
            rules.push(classic(&rule.item())?);
        }
    }
    for rule in estate.belonging(group, link("aws_vpc_security_group_ingress_rule"))? {
        rules.push(single(&rule.item())?);
    }
    Ok(rules)
}

/// A rule with lists of sources. A source that is another group is never any source, so that it is not named.
fn classic(rule: &Item<'_>) -> Read<Value> {
    permission(
        rule,
        &rule.need("protocol")?,
        &rule.texts("cidr_blocks")?,
        &rule.texts("ipv6_cidr_blocks")?,
        &rule.texts("prefix_list_ids")?,
    )
}

/// A rule with one source.
fn single(rule: &Item<'_>) -> Read<Value> {
    let one =
        |name: &str| Ok::<_, crate::terraform::resource::Gap>(Vec::from_iter(rule.text(name)?));
    permission(
        rule,
        &rule.need("ip_protocol")?,
        &one("cidr_ipv4")?,
        &one("cidr_ipv6")?,
        &one("prefix_list_id")?,
    )
}

fn permission(
    rule: &Item<'_>,
    protocol: &str,
    v4: &[String],
    v6: &[String],
    lists: &[String],
) -> Read<Value> {
    // All protocols have all ports; the API then leaves them out, Terraform writes 0.
    let all = ["-1", "all"].contains(&protocol);
    let port = |name: &str| if all { Ok(None) } else { rule.int(name) };
    let entries = |key: &str, values: &[String]| {
        let entry =
            |value: &String| Value::Object(Map::from_iter([(key.to_owned(), json!(value))]));
        values.iter().map(entry).collect::<Vec<_>>()
    };
    Fields::new()
        .set("IpProtocol", if all { "-1" } else { protocol })
        .put("FromPort", Ok(port("from_port")?))
        .put("ToPort", Ok(port("to_port")?))
        .set("IpRanges", entries("CidrIp", v4))
        .set("Ipv6Ranges", entries("CidrIpv6", v6))
        .set("PrefixListIds", entries("PrefixListId", lists))
        .done()
}
