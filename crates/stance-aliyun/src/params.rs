//! Typed reading of an operation's parameters. Everything has bounds; a bad value names itself.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::Value;
use stance_model::Lang;
use stance_model::query::PageRequest;

use crate::error::ApiError;

/// How many bytes one text may have.
const TEXT: usize = 1_024;
/// How many bytes a text may have that holds many words.
const PACKED: usize = 64 << 10;
/// How many elements one array may have.
const ELEMENTS: usize = 1_000;
/// The largest page.
const PAGE_SIZE: i64 = 100;

/// The parameters of a call, by name.
#[derive(Debug)]
pub(crate) struct Params(BTreeMap<String, String>);

impl Params {
    /// Parameters as they came.
    pub(crate) fn new(parameters: BTreeMap<String, String>) -> Self {
        Self(parameters)
    }

    /// A text; none when it is absent or empty.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.0.get(name).map(String::as_str) {
            None | Some("") => Ok(None),
            Some(text) if text.len() > TEXT => {
                Err(illegal(name, format!("has more than {TEXT} bytes")))
            }
            Some(text) => Ok(Some(text)),
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&self, name: &'static str) -> Result<&str, ApiError> {
        self.text(name)?.ok_or(ApiError::Missing(name))
    }

    /// Several words in one text: a JSON array of texts or of objects with the text under `key`, or words between
    /// commas. None when it is absent or empty; `[]` is none of them.
    pub(crate) fn packed(&self, name: &str, key: &str) -> Result<Option<Vec<String>>, ApiError> {
        let text = match self.0.get(name).map(|text| text.trim()) {
            None | Some("") => return Ok(None),
            Some(text) if text.len() > PACKED => {
                return Err(illegal(name, format!("has more than {PACKED} bytes")));
            }
            Some(text) => text,
        };
        let words = if text.starts_with('[') {
            unpacked(name, key, text)?
        } else {
            let words = text.split(',').map(|word| word.trim().to_owned());
            words.filter(|word| !word.is_empty()).collect()
        };
        if words.len() > ELEMENTS {
            return Err(illegal(name, format!("has more than {ELEMENTS} elements")));
        }
        if words.iter().any(|word| word.len() > TEXT) {
            let why = format!("has an element of more than {TEXT} bytes");
            return Err(illegal(name, why));
        }
        Ok(Some(words))
    }

    /// An integer.
    pub(crate) fn int(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.text(name)?.map(|text| int(name, text)).transpose()
    }

    /// An integer that must be there.
    pub(crate) fn required_int(&self, name: &'static str) -> Result<i64, ApiError> {
        self.int(name)?.ok_or(ApiError::Missing(name))
    }

    /// A boolean. Python clients write `True`, the others `true`.
    pub(crate) fn bool(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.text(name)? {
            None => Ok(None),
            Some("true" | "True") => Ok(Some(true)),
            Some("false" | "False") => Ok(Some(false)),
            Some(_) => Err(illegal(name, "must be true or false")),
        }
    }

    /// One word of a closed list.
    pub(crate) fn word<T>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        self.text(name)?
            .map(|text| read(text).ok_or_else(|| unknown_word(name)))
            .transpose()
    }

    /// The elements of an array: `Name.1`, `Name.2`, …, each of which may hold several, separated by commas. A bare
    /// `Name` is read too: a filter that is ignored would answer more than was asked.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<&str>, ApiError> {
        let mut numbered = self.numbered(name)?;
        numbered.sort_by_key(|(number, _)| *number);
        let split = numbered.iter().flat_map(|(_, value)| value.split(','));
        let elements: Vec<&str> = split.map(str::trim).filter(|v| !v.is_empty()).collect();
        if elements.len() > ELEMENTS {
            return Err(illegal(name, format!("has more than {ELEMENTS} elements")));
        }
        if elements.iter().any(|e| e.len() > TEXT) {
            return Err(illegal(
                name,
                format!("has an element of more than {TEXT} bytes"),
            ));
        }
        Ok(elements)
    }

    fn numbered(&self, name: &str) -> Result<Vec<(usize, &str)>, ApiError> {
        let mut numbered: Vec<(usize, &str)> = self
            .0
            .get(name)
            .map(|value| (0, value.as_str()))
            .into_iter()
            .collect();
        let prefix = format!("{name}.");
        let after = self
            .0
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix));
        for (key, value) in after {
            let number = key
                .strip_prefix(&prefix)
                .and_then(|n| n.parse().ok())
                .filter(|n| (1..=ELEMENTS).contains(n));
            let number =
                number.ok_or_else(|| illegal(name, "has elements that are not numbered from 1"))?;
            numbered.push((number, value));
        }
        Ok(numbered)
    }

    /// An array of integers.
    pub(crate) fn ints(&self, name: &str) -> Result<Vec<i64>, ApiError> {
        self.list(name)?
            .into_iter()
            .map(|text| int(name, text))
            .collect()
    }

    /// An array of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<String>, ApiError> {
        Ok(self.list(name)?.into_iter().map(str::to_owned).collect())
    }

    /// An array of words of a closed list.
    pub(crate) fn words<T>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, ApiError> {
        self.list(name)?
            .into_iter()
            .map(|text| read(text).ok_or_else(|| unknown_word(name)))
            .collect()
    }

    /// `Lang`: zh, which is the default, or en.
    pub(crate) fn lang(&self) -> Result<Lang, ApiError> {
        Ok(self.word("Lang", parsed)?.unwrap_or_default())
    }

    /// `CurrentPage`, 1 when absent, and `PageSize`, 20 when absent and 100 at most.
    pub(crate) fn page(&self) -> Result<PageRequest, ApiError> {
        self.page_of(20)
    }

    /// The same with another size when `PageSize` is absent.
    pub(crate) fn page_of(&self, size: u32) -> Result<PageRequest, ApiError> {
        let number = self
            .within("CurrentPage", 1, i64::from(i32::MAX))?
            .unwrap_or(1);
        let size = self.within("PageSize", 1, PAGE_SIZE)?.unwrap_or(size);
        Ok(PageRequest { number, size })
    }

    fn within(&self, name: &str, min: i64, max: i64) -> Result<Option<u32>, ApiError> {
        let Some(value) = self.int(name)? else {
            return Ok(None);
        };
        let fits = (min..=max).contains(&value);
        match u32::try_from(value) {
            Ok(value) if fits => Ok(Some(value)),
            _ => Err(illegal(name, format!("must be from {min} to {max}"))),
        }
    }
}

/// The words of a JSON array.
fn unpacked(name: &str, key: &str, json: &str) -> Result<Vec<String>, ApiError> {
    let bad = || {
        illegal(
            name,
            format!("must be a list of words, or of objects with `{key}`"),
        )
    };
    let elements: Vec<Value> = serde_json::from_str(json).map_err(|_| bad())?;
    let word = |element: &Value| {
        let word = element.as_object().map_or(Some(element), |o| o.get(key));
        word.and_then(Value::as_str)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .ok_or_else(bad)
    };
    elements.iter().map(word).collect()
}

/// A word by its `FromStr`.
pub(crate) fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// `IllegalParam` for `name`.
pub(crate) fn illegal(name: &str, why: impl AsRef<str>) -> ApiError {
    ApiError::IllegalParam(format!("`{name}` {}", why.as_ref()))
}

fn unknown_word(name: &str) -> ApiError {
    illegal(name, "has a value that the reference does not list")
}

fn int(name: &str, text: &str) -> Result<i64, ApiError> {
    text.parse()
        .map_err(|_| illegal(name, "must be an integer"))
}

#[cfg(test)]
mod tests;
