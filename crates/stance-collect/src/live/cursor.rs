//! Where a listing is, and whether and how it goes on.

use std::collections::BTreeSet;

use serde_json::Value;
use stance_model::operation::Page;

use super::answer::not_documented;
use super::failure::Failure;
use super::path;
use super::turn::{Address, Turn};

/// Where a listing is.
#[derive(Default)]
pub(super) struct Cursor {
    /// How many elements were seen.
    pub(super) seen: u64,
    /// How many pages.
    pub(super) pages: u64,
    /// The most elements that an answer said there are.
    pub(super) total: Option<u64>,
    /// The first element of the last page.
    pub(super) first: Option<Value>,
    /// The word for the next page.
    token: Option<Value>,
    /// The address of the next page.
    address: Option<Address>,
    /// Words and addresses that were there before.
    visited: BTreeSet<String>,
}

pub(super) fn repeats() -> Failure {
    let why = "the listing comes back to a page that it has been at";
    not_documented("PageTokenRepeats", why)
}

impl Cursor {
    /// What the request for the next page has.
    pub(super) fn turn(&self, page: Option<&Page>) -> Turn {
        Turn {
            parameters: self.parameters(page),
            address: self.address.clone(),
        }
    }

    fn parameters(&self, page: Option<&Page>) -> Vec<(String, Value)> {
        let mut all = page.and_then(size).into_iter().collect::<Vec<_>>();
        match page {
            None | Some(Page::Link { .. }) => {}
            Some(Page::Number { param, first, .. }) => {
                all.push((param.clone(), Value::from(first + self.pages)));
            }
            Some(Page::Offset { param, text, .. }) => {
                all.push((param.clone(), number(self.seen, *text)));
            }
            Some(Page::Token { param, .. }) => {
                all.extend(self.token.clone().map(|token| (param.clone(), token)));
            }
        }
        all
    }

    /// Whether there is another page.
    pub(super) fn goes_on(
        &mut self,
        page: Option<&Page>,
        answer: &Value,
        count: u64,
    ) -> Result<bool, Failure> {
        match page {
            None => Ok(false),
            Some(Page::Number { size, total, .. }) => {
                let size = size.as_ref().map(|(_, n)| *n);
                self.goes_on_by_total(total.as_deref(), answer, count, size)
            }
            Some(Page::Offset { size, total, .. }) => {
                self.goes_on_by_total(total.as_deref(), answer, count, Some(size.1))
            }
            Some(Page::Token { from, more, .. }) => self.goes_on_by_token(from, more, answer),
            Some(Page::Link { from }) => self.goes_on_by_link(from, answer),
        }
    }

    /// By how many there are in all, which some write as a text; or, where the answer does not say it, as long as pages
    /// are full.
    fn goes_on_by_total(
        &mut self,
        total: Option<&str>,
        answer: &Value,
        count: u64,
        size: Option<u64>,
    ) -> Result<bool, Failure> {
        let said = total.and_then(|at| path::get(answer, at));
        let said = said.and_then(path::text);
        let Some(said) = said.and_then(|text| text.parse::<u64>().ok()) else {
            // Where it should have been said, only an empty page is the last.
            let full = size.filter(|_| total.is_none()).unwrap_or(1);
            return Ok(count > 0 && count >= full);
        };
        self.total = self.total.max(Some(said));
        if self.seen < said && count > 0 {
            return Ok(true);
        }
        match self.total {
            Some(most) if self.seen < most => {
                let why = format!("the listing ends after {} of {most}", self.seen);
                Err(not_documented("ListingTooShort", &why))
            }
            _ => Ok(false),
        }
    }

    fn goes_on_by_token(
        &mut self,
        from: &str,
        more: &Option<String>,
        answer: &Value,
    ) -> Result<bool, Failure> {
        let said = more.as_ref().and_then(|at| path::get(answer, at));
        let said = said.and_then(path::text);
        if said.as_deref().is_some_and(|said| said != "true") {
            return Ok(false);
        }
        match next(answer, from) {
            Some(token) => {
                self.visit(&token.to_string())?;
                self.token = Some(token.clone());
                Ok(true)
            }
            None if said.is_some() => {
                let why = format!("the answer says that there is more, but has no `{from}`");
                Err(not_documented("NoPageToken", &why))
            }
            None => Ok(false),
        }
    }

    fn goes_on_by_link(&mut self, from: &str, answer: &Value) -> Result<bool, Failure> {
        let Some(link) = next(answer, from) else {
            return Ok(false);
        };
        self.visit(&link.to_string())?;
        let address = link.as_str().and_then(Address::parse);
        let why = "the address of the next page cannot be read";
        self.address = Some(address.ok_or_else(|| not_documented("ForeignLink", why))?);
        Ok(true)
    }

    fn visit(&mut self, next: &str) -> Result<(), Failure> {
        match self.visited.insert(next.to_owned()) {
            true => Ok(()),
            false => Err(repeats()),
        }
    }
}

/// The parameter for the size of a page.
fn size(page: &Page) -> Option<(String, Value)> {
    match page {
        Page::Number { size, .. } | Page::Token { size, .. } => {
            let (name, n) = size.as_ref()?;
            Some((name.clone(), Value::from(*n)))
        }
        Page::Offset { size, text, .. } => Some((size.0.clone(), number(size.1, *text))),
        Page::Link { .. } => None,
    }
}

fn number(n: u64, text: bool) -> Value {
    match text {
        true => Value::from(n.to_string()),
        false => Value::from(n),
    }
}

/// The word or address of the next page.
fn next<'a>(answer: &'a Value, from: &str) -> Option<&'a Value> {
    path::get(answer, from).filter(|token| !token.is_null() && *token != "")
}
