//! The rules, ready to use.

use std::ops::Range;

use regex::bytes::Regex;
use stance_model::secret::{SecretForm, SecretRule};

use super::error::SecretRuleError;
use super::example::is_example;
use super::form::{Form, expression};
use super::glob::Globs;
use super::measure::entropy;
use super::needle::{Literal, Needles, Scope};
use super::noise::Noise;
use super::stream::SecretStream;

/// Finds secrets by rules; made once and shared by all files and threads.
#[derive(Debug)]
pub struct SecretScanner {
    rules: Vec<SecretRule>,
    contexts: Vec<Context>,
    forms: Vec<Form>,
    pub(super) needles: Needles,
    /// By literal: the forms that it stands for.
    pub(super) owners: Vec<Owner>,
    noise: Noise,
}

/// A literal's forms.
#[derive(Debug)]
pub(super) struct Owner {
    pub(super) length: usize,
    pub(super) forms: Vec<usize>,
}

/// What a rule takes for an example.
#[derive(Debug)]
struct Context {
    allow: Vec<Regex>,
    skip: Option<Globs>,
}

impl SecretScanner {
    /// Compiles the rules.
    ///
    /// # Errors
    /// [`SecretRuleError`]: the first rule with a literal, a pattern or a shell pattern that cannot be used.
    pub fn new(rules: Vec<SecretRule>) -> Result<Self, SecretRuleError> {
        let general = |what: String| SecretRuleError::new("*", what);
        let mut forms = Vec::new();
        let mut contexts = Vec::new();
        let mut literals: Vec<Literal> = Vec::new();
        let mut owners: Vec<Owner> = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            let wrong = |what: String| SecretRuleError::new(&rule.key, what);
            contexts.push(Context::new(rule).map_err(wrong)?);
            for form in &rule.forms {
                for text in &form.literals {
                    let literal = literal(text, form);
                    own(&mut literals, &mut owners, literal, forms.len());
                }
                forms.push(Form::new((at, rule.check_id.get()), form).map_err(wrong)?);
            }
        }
        Ok(Self {
            needles: Needles::new(literals).map_err(general)?,
            noise: Noise::new().map_err(|why| general(why.to_string()))?,
            rules,
            contexts,
            forms,
            owners,
        })
    }

    /// The rules, in the order that [`SecretHit::rule`](super::SecretHit::rule) counts.
    #[must_use]
    pub fn rules(&self) -> &[SecretRule] {
        &self.rules
    }

    /// Something to feed files to, one after the other.
    #[must_use]
    pub fn stream(&self) -> SecretStream<'_> {
        SecretStream::new(self)
    }

    /// A text with every secret in it masked, for showing settings and lines of the build history.
    #[must_use]
    pub fn redact(&self, path: &[u8], text: &str) -> String {
        let mut hits = Vec::new();
        let mut stream = self.stream();
        stream.begin(path);
        stream.feed(text.as_bytes());
        stream.finish(&mut hits);
        hits.sort_by_key(|hit| hit.start);
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (mut out, mut at) = (String::new(), 0);
        for hit in hits.iter().filter(|hit| hit.end > hit.start) {
            let (start, end) = (place(hit.start), place(hit.end));
            if start >= at
                && let Some(before) = text.get(at..start)
            {
                out.push_str(before);
                out.push_str(&hit.masked);
                at = end;
            }
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }

    pub(super) fn form(&self, at: usize) -> Option<&Form> {
        self.forms.get(at)
    }

    /// Whether settings with names are looked for in a file.
    pub(super) fn names_in(&self, path: &[u8]) -> bool {
        !self.noise.covers(path, true)
    }

    /// Whether a value that a form's pattern found in a file is a secret.
    pub(super) fn accepts(
        &self,
        form: &Form,
        path: &[u8],
        window: &[u8],
        range: &Range<usize>,
    ) -> bool {
        let Some(value) = window.get(range.clone()) else {
            return false;
        };
        let Some(context) = self.contexts.get(form.rule) else {
            return false;
        };
        !is_example(value, form.named)
            && entropy(value) >= form.entropy
            && !context.allow.iter().any(|allow| allow.is_match(value))
            && form.near(window, range)
            && form.only.as_ref().is_none_or(|only| only.matches(path))
            && !self.noise.covers(path, form.named)
            && !context.skip.as_ref().is_some_and(|skip| skip.matches(path))
    }
}

impl Context {
    fn new(rule: &SecretRule) -> Result<Self, String> {
        let whole = |allow: &String| expression(&format!(r"\A(?:{allow})\z"));
        Ok(Self {
            allow: rule.allow.iter().map(whole).collect::<Result<_, _>>()?,
            skip: Globs::new(&rule.skip).map_err(|why| why.to_string())?,
        })
    }
}

fn literal(text: &str, form: &SecretForm) -> Literal {
    let mut bytes = text.as_bytes().to_vec();
    if form.ignore_case {
        bytes.make_ascii_lowercase();
    }
    let scope = match (form.ignore_case, form.text) {
        (true, _) => Scope::Named,
        (false, true) => Scope::Text,
        (false, false) => Scope::Anywhere,
    };
    Literal {
        bytes,
        ignore_case: form.ignore_case,
        scope,
    }
}

/// Notes that a form has this literal.
fn own(literals: &mut Vec<Literal>, owners: &mut Vec<Owner>, literal: Literal, form: usize) {
    let known = literals.iter().position(|other| *other == literal);
    match known.and_then(|at| owners.get_mut(at)) {
        Some(owner) if owner.forms.contains(&form) => {}
        Some(owner) => owner.forms.push(form),
        None => {
            owners.push(Owner {
                length: literal.bytes.len(),
                forms: vec![form],
            });
            literals.push(literal);
        }
    }
}
