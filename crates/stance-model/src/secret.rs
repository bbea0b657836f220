//! Rules that find secrets in files, as data: items of the catalogue give them, the scanner of root file systems runs
//! them.

use serde::Deserialize;

use crate::ids::CheckId;

/// How one item of the catalogue finds its secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct SecretRule {
    /// The item.
    pub check_id: CheckId,
    /// The item's key.
    pub key: String,
    /// The forms that such a secret has; any of them.
    pub forms: Vec<SecretForm>,
    /// Values that are examples or placeholders, as regular expressions over the whole value.
    pub allow: Vec<String>,
    /// Files in which it is not looked for, as shell patterns without a leading slash; `**` stands for any folders.
    pub skip: Vec<String>,
}

/// One form of a secret; as it is written in an item file, so that a loader can read it as it stands.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretForm {
    /// Literals of at least three bytes, one of which stands in every match: what the fast search looks for. Matched
    /// without regard to ASCII case if `ignore_case`.
    pub literals: Vec<String>,
    /// Whether case is disregarded. Such literals are names (`password`, `secret_key`) and not parts of secrets: they
    /// are looked for in text only, and a hit of theirs gives way to one of a form that knows the secret itself.
    #[serde(default)]
    pub ignore_case: bool,
    /// Whether it is looked for in text only: what no program has built in. Each literal that is looked for in binaries
    /// as well costs time in every byte of an image.
    #[serde(default)]
    pub text: bool,
    /// Bytes of which one must follow a literal within 64 bytes in the same line; after a name the rest of the name,
    /// quotes, brackets and blanks alone may stand before it. `=:` after a name drops most of the frequent ones at no cost.
    /// Empty: nothing is asked.
    #[serde(default)]
    pub then: String,
    /// A regular expression over bytes, at most one line long unless it says otherwise. The group `value` (or the whole
    /// match where there is none) is the secret, which is masked and measured.
    pub pattern: String,
    /// The least Shannon entropy of the value, bits per character.
    #[serde(default)]
    pub entropy: f64,
    /// A regular expression that must match within `near_bytes` before or after the match; empty: none.
    #[serde(default)]
    pub near: String,
    /// How far `near` is looked for, bytes; at most 512.
    #[serde(default = "default_near_bytes")]
    pub near_bytes: usize,
    /// The only files in which this form is looked for, as patterns like those of `skip`; empty: all.
    #[serde(default)]
    pub only: Vec<String>,
}

fn default_near_bytes() -> usize {
    200
}
