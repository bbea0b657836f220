//! Which resources make which assets: one line a mapping.

use super::draft::Draft;
use super::estate::Estate;
use super::resource::Resource;
use super::{aliyun, aws, azure, huawei, tencent};

/// Makes an asset of a resource and of those that belong to it.
type Build = fn(&Estate, &Resource) -> Draft;

/// Every resource type that makes an asset of its own. Those that only add to one are named in its mapping.
const MAPPINGS: &[(&str, Build)] = &[
    ("alicloud_cs_managed_kubernetes", aliyun::ack::cluster),
    ("alicloud_db_instance", aliyun::rds::instance),
    ("alicloud_db_readonly_instance", aliyun::rds::read_only),
    ("alicloud_disk", aliyun::disk::disk),
    ("alicloud_ecs_disk", aliyun::disk::disk),
    (
        "alicloud_ecs_auto_snapshot_policy",
        aliyun::disk::snapshot_policy,
    ),
    ("alicloud_instance", aliyun::instance::instance),
    ("alicloud_kms_key", aliyun::kms::key),
    ("alicloud_kvstore_instance", aliyun::redis::instance),
    ("alicloud_mongodb_instance", aliyun::mongodb::instance),
    ("alicloud_nas_access_group", aliyun::nas::access_group),
    ("alicloud_nas_file_system", aliyun::nas::file_system),
    (
        "alicloud_oss_account_public_access_block",
        aliyun::oss::account,
    ),
    ("alicloud_oss_bucket", aliyun::oss::bucket),
    ("alicloud_polardb_cluster", aliyun::polardb::cluster),
    ("alicloud_ram_account_password_policy", aliyun::ram::account),
    ("alicloud_ram_policy", aliyun::ram::policy),
    ("alicloud_security_group", aliyun::security_group::group),
    ("alicloud_slb_acl", aliyun::slb::acl),
    ("alicloud_slb_load_balancer", aliyun::slb::load_balancer),
    (
        "alicloud_slb_tls_cipher_policy",
        aliyun::slb::tls_cipher_policy,
    ),
    ("aws_db_instance", aws::rds::instance),
    ("aws_instance", aws::ec2::instance),
    ("aws_s3_bucket", aws::s3::bucket),
    ("aws_security_group", aws::security_group::group),
    (
        "azurerm_network_security_group",
        azure::network::security_group,
    ),
    ("azurerm_storage_account", azure::storage::account),
    ("huaweicloud_compute_instance", huawei::ecs::instance),
    ("huaweicloud_networking_secgroup", huawei::vpc::group),
    ("huaweicloud_rds_instance", huawei::rds::instance),
    ("tencentcloud_mysql_instance", tencent::mysql::instance),
    ("tencentcloud_redis_instance", tencent::redis::instance),
    (
        "tencentcloud_security_group",
        tencent::security_group::group,
    ),
];

/// The asset of a resource, if its type makes one.
pub(super) fn asset(estate: &Estate, resource: &Resource) -> Option<Draft> {
    let (_, build) = MAPPINGS.iter().find(|(kind, _)| *kind == resource.kind)?;
    Some(build(estate, resource))
}
