//! `aws_db_instance`.

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::place;
use crate::terraform::resource::Resource;

/// `aws/rds/instance`. `publicly_accessible` is false unless set (argument reference).
pub(in crate::terraform) fn instance(_: &Estate, instance: &Resource) -> Draft {
    let item = instance.item();
    let (region, account) = place::arn(instance);
    let public = item
        .flag("publicly_accessible")
        .map(|flag| Some(flag.unwrap_or(false)));
    let list = Fields::new()
        .put("DBInstanceIdentifier", item.text("identifier"))
        .put("DBInstanceArn", item.text("arn"))
        .put("Engine", item.text("engine"))
        .put("EngineVersion", item.text("engine_version"))
        .put("DBInstanceStatus", item.text_if_any("status"))
        .put("PubliclyAccessible", public);
    Draft::new("aws/rds/instance", instance)
        .id(instance, "identifier")
        .name(instance, &["identifier"])
        .region(region.or_else(|| place::by_zone(instance, &["availability_zone"])))
        .account(account)
        .call("list", list.done())
}
