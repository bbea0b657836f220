//! What a provider makes of attributes that a configuration leaves out, as its documentation says (argument
//! reference: "Defaults to …", and "Computed" where the service decides).

/// What becomes of an attribute that is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Left {
    /// It is not set.
    Null,
    /// It has this truth value.
    Flag(bool),
    /// It has this text.
    Text(&'static str),
    /// It has this number.
    Int(i64),
    /// The service decides; it is known only after apply.
    Computed,
}

/// Types of resources that share a line.
type Kinds = &'static [&'static str];

/// Attributes and what becomes of them.
type Defaults = &'static [(&'static str, Left)];

/// What becomes of the attributes of a type: `block.attribute` for those of a nested block, `name|older` where an
/// attribute had another name before. What is in no line is unknown when it is left out.
pub(super) fn of(kind: &str) -> Defaults {
    let found = DEFAULTS.iter().find(|(kinds, _)| kinds.contains(&kind));
    found.map_or(&[], |(_, defaults)| defaults)
}

/// Only what the argument references state outright. Blocks that are left out of what is still to be created are not
/// set: a new bucket has no logging.
const DEFAULTS: &[(Kinds, Defaults)] = &[
    (
        &["alicloud_cs_managed_kubernetes"],
        &[("audit_log_config", Left::Null)],
    ),
    (
        &["alicloud_db_instance", "alicloud_db_readonly_instance"],
        &[
            ("instance_name", Left::Null),
            ("instance_charge_type", Left::Text("Postpaid")),
            ("deletion_protection", Left::Flag(false)),
            ("db_instance_ip_array_name", Left::Null),
            ("db_instance_ip_array_attribute", Left::Null),
        ],
    ),
    (
        &["alicloud_disk", "alicloud_ecs_disk"],
        &[
            ("encrypted", Left::Flag(false)),
            ("category", Left::Text("cloud_efficiency")),
            ("kms_key_id", Left::Null),
            ("disk_name", Left::Null),
        ],
    ),
    (
        &["alicloud_instance"],
        &[
            ("instance_name", Left::Text("ECS-Instance")),
            ("http_tokens", Left::Text("optional")),
            ("vswitch_id", Left::Null),
        ],
    ),
    (
        &["alicloud_kms_key"],
        &[
            ("automatic_rotation", Left::Text("Disabled")),
            ("description", Left::Null),
            ("key_spec", Left::Text("Aliyun_AES_256")),
            ("origin", Left::Text("Aliyun_KMS")),
            ("status|key_state|is_enabled", Left::Text("Enabled")),
            ("key_usage", Left::Text("ENCRYPT/DECRYPT")),
            ("protection_level", Left::Text("SOFTWARE")),
        ],
    ),
    (
        &["alicloud_kvstore_instance"],
        &[
            ("db_instance_name|instance_name", Left::Null),
            ("instance_type", Left::Text("Redis")),
            ("security_ip_group_name", Left::Null),
            ("security_ip_group_attribute", Left::Null),
        ],
    ),
    (&["alicloud_mongodb_instance"], &[("name", Left::Null)]),
    (
        &["alicloud_nas_access_group"],
        &[
            ("file_system_type", Left::Text("standard")),
            ("description", Left::Null),
        ],
    ),
    (
        &["alicloud_nas_access_rule"],
        &[
            ("rw_access_type", Left::Text("RDWR")),
            ("user_access_type", Left::Text("no_squash")),
            ("ipv6_source_cidr_ip", Left::Null),
        ],
    ),
    (
        &["alicloud_nas_file_system"],
        &[
            ("encrypt_type", Left::Int(0)),
            ("file_system_type", Left::Text("standard")),
            ("description", Left::Null),
        ],
    ),
    (
        &["alicloud_oss_bucket"],
        &[
            ("storage_class", Left::Text("Standard")),
            ("redundancy_type", Left::Text("LRS")),
            ("logging", Left::Null),
            ("logging.target_prefix", Left::Null),
            ("policy", Left::Null),
            ("referer_config", Left::Null),
            ("referer_config.allow_empty", Left::Flag(true)),
            ("server_side_encryption_rule", Left::Null),
            ("server_side_encryption_rule.kms_master_key_id", Left::Null),
            ("versioning", Left::Null),
        ],
    ),
    (
        &["alicloud_oss_bucket_logging"],
        &[("target_prefix", Left::Null)],
    ),
    (
        &["alicloud_security_group"],
        &[
            ("inner_access_policy", Left::Text("Accept")),
            ("security_group_type", Left::Text("normal")),
            ("vpc_id", Left::Null),
        ],
    ),
    (
        &["alicloud_security_group_rule"],
        &[
            ("policy", Left::Text("accept")),
            ("port_range", Left::Text("-1/-1")),
            ("priority", Left::Int(1)),
            ("cidr_ip", Left::Null),
            ("ipv6_cidr_ip", Left::Null),
            ("prefix_list_id", Left::Null),
            ("source_security_group_id", Left::Null),
        ],
    ),
    (
        &["alicloud_slb_acl"],
        &[
            ("ip_version", Left::Text("ipv4")),
            ("entry_list", Left::Null),
        ],
    ),
    (
        &["alicloud_slb_listener"],
        &[
            ("acl_status", Left::Text("off")),
            ("acl_type", Left::Null),
            ("acl_id|acl_ids", Left::Null),
            ("backend_port", Left::Null),
            ("forward_port", Left::Null),
            ("server_certificate_id", Left::Null),
            ("server_group_id", Left::Null),
            ("tls_cipher_policy", Left::Text("tls_cipher_policy_1_0")),
        ],
    ),
    (
        &["alicloud_slb_load_balancer"],
        &[("address_ip_version", Left::Text("ipv4"))],
    ),
    (
        &["aws_db_instance"],
        &[("publicly_accessible", Left::Flag(false))],
    ),
    (
        &["aws_instance"],
        &[
            // The account and the image decide where the configuration does not.
            ("metadata_options", Left::Computed),
            ("metadata_options.http_tokens", Left::Computed),
            (
                "metadata_options.http_put_response_hop_limit",
                Left::Computed,
            ),
        ],
    ),
    (
        &["aws_s3_bucket"],
        &[
            ("acl", Left::Null),
            ("grant", Left::Null),
            ("policy", Left::Null),
        ],
    ),
    (
        &["aws_s3_bucket_acl"],
        &[("acl", Left::Null), ("access_control_policy", Left::Null)],
    ),
    (
        &[
            "aws_s3_bucket_public_access_block",
            "aws_s3_account_public_access_block",
        ],
        &[
            ("block_public_acls", Left::Flag(false)),
            ("block_public_policy", Left::Flag(false)),
            ("ignore_public_acls", Left::Flag(false)),
            ("restrict_public_buckets", Left::Flag(false)),
        ],
    ),
    (
        &["aws_security_group"],
        &[
            ("description", Left::Text("Managed by Terraform")),
            ("ingress.cidr_blocks", Left::Null),
            ("ingress.ipv6_cidr_blocks", Left::Null),
            ("ingress.prefix_list_ids", Left::Null),
            ("ingress.security_groups", Left::Null),
            ("ingress.self", Left::Flag(false)),
        ],
    ),
    (
        &["aws_security_group_rule"],
        &[
            ("cidr_blocks", Left::Null),
            ("ipv6_cidr_blocks", Left::Null),
            ("prefix_list_ids", Left::Null),
        ],
    ),
    (
        &["aws_vpc_security_group_ingress_rule"],
        &[
            ("cidr_ipv4", Left::Null),
            ("cidr_ipv6", Left::Null),
            ("prefix_list_id", Left::Null),
            ("referenced_security_group_id", Left::Null),
            ("from_port", Left::Null),
            ("to_port", Left::Null),
        ],
    ),
    (
        &["azurerm_network_security_group"],
        &[
            ("security_rule", Left::Null),
            ("security_rule.source_address_prefix", Left::Null),
            ("security_rule.source_address_prefixes", Left::Null),
            ("security_rule.destination_port_range", Left::Null),
            ("security_rule.destination_port_ranges", Left::Null),
        ],
    ),
    (
        &["azurerm_network_security_rule"],
        &[
            ("source_address_prefix", Left::Null),
            ("source_address_prefixes", Left::Null),
            ("destination_port_range", Left::Null),
            ("destination_port_ranges", Left::Null),
        ],
    ),
    (
        &["azurerm_storage_account"],
        &[
            ("account_kind", Left::Text("StorageV2")),
            ("public_network_access_enabled", Left::Flag(true)),
            // `enable_https_traffic_only` and `allow_blob_public_access` before versions 4 and 3 of the provider.
            (
                "https_traffic_only_enabled|enable_https_traffic_only",
                Left::Flag(true),
            ),
        ],
    ),
    (
        &["huaweicloud_compute_instance"],
        &[("key_pair", Left::Null)],
    ),
    (
        &["huaweicloud_networking_secgroup_rule"],
        &[
            ("remote_group_id", Left::Null),
            ("remote_ip_prefix", Left::Null),
            ("remote_address_group_id", Left::Null),
            ("description", Left::Null),
        ],
    ),
    (
        &["tencentcloud_mysql_instance"],
        &[("internet_service", Left::Int(0))],
    ),
    (
        &["tencentcloud_redis_instance"],
        &[("no_auth", Left::Flag(false))],
    ),
    (
        &["tencentcloud_security_group_rule_set"],
        &[
            ("ingress", Left::Null),
            ("ingress.cidr_block", Left::Null),
            ("ingress.ipv6_cidr_block", Left::Null),
            ("ingress.source_security_id", Left::Null),
            ("ingress.description", Left::Null),
            ("ingress.port", Left::Text("ALL")),
            ("ingress.protocol", Left::Text("ALL")),
        ],
    ),
];
