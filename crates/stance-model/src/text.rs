//! Texts that people read, in both languages.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::IdError;

/// A language of the interface; Chinese is the default of the Alibaba API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl FromStr for Lang {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            other => Err(IdError {
                what: "language",
                given: other.to_owned(),
            }),
        }
    }
}

/// One text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from its two languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        Self::pick(lang, &self.zh, &self.en)
    }

    /// One of two, by language.
    pub fn pick<T>(lang: Lang, zh: T, en: T) -> T {
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
