//! Providers: where assets come from, and how the vendors' APIs spell them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::IdError;
use crate::text::{Lang, Text};

/// A source of assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Alibaba Cloud.
    Aliyun,
    /// Amazon Web Services.
    Aws,
    /// Microsoft Azure.
    Azure,
    /// Tencent Cloud.
    Tencent,
    /// Huawei Cloud.
    Huawei,
    /// A container image.
    Image,
    /// A host.
    Host,
}

impl Provider {
    /// All of them, in the order of the vocabulary.
    pub const ALL: [Self; 7] = [
        Self::Aliyun,
        Self::Aws,
        Self::Azure,
        Self::Tencent,
        Self::Huawei,
        Self::Image,
        Self::Host,
    ];

    /// The word of our own vocabulary: `aliyun`, `aws`, …
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Aliyun => "aliyun",
            Self::Aws => "aws",
            Self::Azure => "azure",
            Self::Tencent => "tencent",
            Self::Huawei => "huawei",
            Self::Image => "image",
            Self::Host => "host",
        }
    }

    /// `Vendor` of `ListCheckResult`: ALIYUN, AWS, MICROSOFT, TENCENT, HUAWEICLOUD. Images and hosts are
    /// ALIYUN assets there, since the reference knows no other vendor for them.
    #[must_use]
    pub fn vendor(self) -> &'static str {
        match self {
            Self::Aliyun | Self::Image | Self::Host => "ALIYUN",
            Self::Aws => "AWS",
            Self::Azure => "MICROSOFT",
            Self::Tencent => "TENCENT",
            Self::Huawei => "HUAWEICLOUD",
        }
    }

    /// `AssetVendor` of `ListCheckResult`: 0 Alibaba, 3 Huawei, 4 Azure, 5 AWS, 7 Tencent.
    #[must_use]
    pub fn asset_vendor(self) -> i64 {
        match self {
            Self::Aliyun | Self::Image | Self::Host => 0,
            Self::Huawei => 3,
            Self::Azure => 4,
            Self::Aws => 5,
            Self::Tencent => 7,
        }
    }

    /// The name that people read.
    #[must_use]
    pub fn show_name(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Aliyun => ("阿里云", "Alibaba Cloud"),
            Self::Aws => ("亚马逊云", "AWS"),
            Self::Azure => ("微软云", "Microsoft Azure"),
            Self::Tencent => ("腾讯云", "Tencent Cloud"),
            Self::Huawei => ("华为云", "Huawei Cloud"),
            Self::Image => ("容器镜像", "Container image"),
            Self::Host => ("主机", "Host"),
        };
        Text::pick(lang, zh, en)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Provider {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::ALL
            .into_iter()
            .find(|p| p.key() == text)
            .ok_or_else(|| IdError {
                what: "provider",
                given: text.to_owned(),
            })
    }
}
