//! What an image runs on.

use serde_json::Value;

use super::Platform;
use crate::error::{ScanError, ScanErrorKind};

impl Platform {
    /// `os/architecture[/variant]`.
    ///
    /// # Errors
    /// It has not that form.
    pub(crate) fn parse(text: &str) -> Result<Self, ScanError> {
        let parts: Vec<&str> = text.split('/').collect();
        let (os, architecture, variant) = match parts.as_slice() {
            [os, architecture] => (*os, *architecture, ""),
            [os, architecture, variant] => (*os, *architecture, *variant),
            _ => ("", "", ""),
        };
        if os.is_empty() || architecture.is_empty() {
            return Err(ScanError::new(
                ScanErrorKind::BadReference,
                format!("`{text}` is no platform; write it as linux/amd64 or linux/arm/v7"),
            ));
        }
        Ok(Self {
            os: os.into(),
            architecture: architecture.into(),
            variant: variant.into(),
        })
    }

    /// What this host runs: images of Linux in its architecture.
    pub(crate) fn host() -> Self {
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "x86" => "386",
            "powerpc64" => "ppc64le",
            other => other,
        };
        Self {
            os: "linux".into(),
            architecture: architecture.into(),
            variant: String::new(),
        }
    }

    /// What a configuration says it runs on.
    pub(crate) fn of_config(config: &Value) -> Self {
        let text = |key: &str| {
            let text = config.get(key).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        Self {
            os: text("os"),
            architecture: text("architecture"),
            variant: text("variant"),
        }
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if !self.variant.is_empty() {
            write!(f, "/{}", self.variant)?;
        }
        Ok(())
    }
}
