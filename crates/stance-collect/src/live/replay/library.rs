//! Recorded answers, by what was asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::exchange::Exchange;
use super::operation::{Known, action, find};
use super::paging::{self, Listing};
use crate::live::answer::Answer;
use crate::live::request::Request;

/// Answers to one request, in the order in which they came.
#[derive(Debug, Default)]
struct Answers {
    all: Vec<Answer>,
    next: usize,
}

/// All that was recorded.
#[derive(Debug)]
pub(super) struct Library {
    exact: Mutex<HashMap<String, Answers>>,
    /// Whole listings, by their requests without what says the page.
    listings: HashMap<String, Listing>,
    /// Any answer to an operation, for requests that nobody made.
    similar: HashMap<String, Answer>,
    /// The most elements of a page; none: listings are answered as they were recorded.
    page: Option<usize>,
}

impl Library {
    pub(super) fn new(exchanges: &[Exchange], known: &[Known], page: Option<usize>) -> Self {
        let mut library = Self {
            exact: Mutex::default(),
            listings: HashMap::new(),
            similar: HashMap::new(),
            page,
        };
        for exchange in exchanges {
            library.add(&exchange.request.request(), exchange.answer.answer(), known);
        }
        library
    }

    fn add(&mut self, request: &Request, answer: Answer, all: &[Known]) {
        let known = find(all, request);
        if let Some(known) = known.filter(|_| answer.status == 200) {
            self.similar.insert(operation(known), answer.clone());
            if let Some(page) = paging::of(known)
                && let Ok(body) = serde_json::from_slice::<Value>(&answer.body)
            {
                let listing = self.listings.entry(key(request, Some(page)));
                listing
                    .or_insert_with(|| Listing::new(&body))
                    .add(known, &body);
            }
        }
        let exact = self.exact.get_mut().unwrap_or_else(PoisonError::into_inner);
        exact
            .entry(key(request, None))
            .or_default()
            .all
            .push(answer);
    }

    /// The answer: of the whole listing where pages are cut anew; as recorded; or to a request like it.
    pub(super) fn answer(
        &self,
        request: &Request,
        known: Option<&Known>,
        similar: bool,
    ) -> Option<Answer> {
        if let Some(answer) = known.and_then(|known| self.page_of(request, known)) {
            return Some(answer);
        }
        self.recorded(request).or_else(|| {
            let known = known.filter(|_| similar)?;
            self.similar.get(&operation(known)).cloned()
        })
    }

    fn page_of(&self, request: &Request, known: &Known) -> Option<Answer> {
        let (most, page) = (self.page?, paging::of(known)?);
        let listing = self.listings.get(&key(request, Some(page)))?;
        let body = listing.page(known, page, request, most)?;
        Some(Answer {
            status: 200,
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
        })
    }

    /// The next of the answers that were recorded, and the last one from then on.
    fn recorded(&self, request: &Request) -> Option<Answer> {
        let mut exact = self.exact.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = exact.get_mut(&key(request, None))?;
        let last = answers.all.len().saturating_sub(1);
        let answer = answers.all.get(answers.next.min(last)).cloned();
        answers.next += 1;
        answer
    }
}

/// What makes a request the one that it is; without the parameters of its page where a style of paging is given.
fn key(request: &Request, page: Option<&stance_model::operation::Page>) -> String {
    let mut parameters = paging::parameters(request);
    if let Some(page) = page {
        let own = paging::names(page);
        parameters.retain(|(name, _)| !own.contains(&name.as_str()));
    }
    parameters.sort();
    let action = action(request).unwrap_or_default();
    let region = request.header("x-tc-region").unwrap_or_default();
    format!(
        "{} {} {} {action} {region} {parameters:?}",
        request.method, request.host, request.path
    )
}

fn operation(known: &Known) -> String {
    let (api, call) = (&known.api, &known.call);
    let names: Vec<&String> = call.query.iter().map(|(name, _)| name).collect();
    format!("{} {} {} {names:?}", api.host, call.action, call.path)
}
