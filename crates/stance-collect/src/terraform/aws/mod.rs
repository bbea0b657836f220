//! AWS: resources `aws_*`.

pub(super) mod ec2;
pub(super) mod rds;
pub(super) mod s3;
pub(super) mod security_group;
