//! All pages of a listing.

use serde_json::Value;
use stance_model::operation::{Api, CallSpec, Page, Take};

use super::answer::{is_xml, not_documented};
use super::caller::{Ask, Caller};
use super::cursor::{Cursor, repeats};
use super::failure::Failure;
use super::path;
use super::shape::members;
use super::template::Vars;

/// The most pages of one listing.
const MAX_PAGES: u64 = 10_000;

/// The most elements of one listing.
const MAX_ITEMS: usize = 1_000_000;

/// What a listing gave.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// The elements that were seen.
    pub(super) items: Vec<Value>,
    /// The first answer, where the call wants the whole of it.
    pub(super) whole: Option<Value>,
    /// How many there are, where the provider says so.
    pub(super) total: Option<u64>,
    /// Why it is not known whether these are all.
    pub(super) failure: Option<Failure>,
}

/// A listing that is being read.
struct Listing<'l> {
    caller: &'l Caller<'l>,
    call: &'l CallSpec,
    api: &'l Api,
    vars: &'l Vars<'l>,
    cursor: Cursor,
    items: Vec<Value>,
    whole: Option<Value>,
}

/// Goes through all pages. Elements before a failure are kept.
pub(super) fn list(caller: &Caller<'_>, call: &CallSpec, api: &Api, vars: &Vars<'_>) -> Listed {
    let mut listing = Listing {
        caller,
        call,
        api,
        vars,
        cursor: Cursor::default(),
        items: Vec::new(),
        whole: None,
    };
    let failure = loop {
        match listing.page() {
            Ok(true) => {}
            Ok(false) => break None,
            Err(failure) => break Some(failure),
        }
    };
    Listed {
        items: listing.items,
        whole: listing.whole,
        total: listing.cursor.total,
        failure,
    }
}

impl Listing<'_> {
    /// One page; whether there is another.
    fn page(&mut self) -> Result<bool, Failure> {
        let page = self.call.page.as_ref();
        let turn = self.cursor.turn(page);
        let answer = self.caller.call(&Ask {
            call: self.call,
            api: self.api,
            vars: self.vars,
            turn: &turn,
        })?;
        let found = elements(self.call, self.api, &answer)?;
        let wanted = self.call.take == Take::Whole || self.call.items.is_none();
        if wanted && self.whole.is_none() {
            self.whole = Some(answer.clone());
        }
        let counted = matches!(page, Some(Page::Number { .. } | Page::Offset { .. }));
        let first = found.first().filter(|_| counted).cloned();
        if first.is_some() && self.cursor.first == first {
            return Err(repeats());
        }
        self.cursor.first = first;
        self.cursor.seen += found.len() as u64;
        self.cursor.pages += 1;
        let count = found.len() as u64;
        self.items.extend(found);
        if self.cursor.pages >= MAX_PAGES || self.items.len() >= MAX_ITEMS {
            return Err(not_documented("TooManyPages", "the listing does not end"));
        }
        self.cursor.goes_on(page, &answer, count)
    }
}

/// The elements of an answer. An answer without them is an error, not an empty listing; but XML leaves empty lists out,
/// though not what they are in. `reservations[].instances` are those of all the lists within a list.
pub(super) fn elements(call: &CallSpec, api: &Api, answer: &Value) -> Result<Vec<Value>, Failure> {
    let Some(at) = call.items.as_deref() else {
        return Ok(match answer {
            Value::Array(items) => items.clone(),
            one => vec![one.clone()],
        });
    };
    let xml = is_xml(api.style);
    let Some((outer, inner)) = at.split_once("[].") else {
        return list_at(answer, at, xml);
    };
    let mut all = Vec::new();
    for holder in list_at(answer, outer, xml)? {
        all.extend(list_at(&holder, inner, xml)?);
    }
    Ok(all)
}

fn list_at(answer: &Value, at: &str, xml: bool) -> Result<Vec<Value>, Failure> {
    match path::get(answer, at) {
        Some(Value::Array(items)) => Ok(items.clone()),
        Some(list) if xml => Ok(members(list.clone())),
        None if xml && path::get(answer, path::parent(at)).is_some() => Ok(Vec::new()),
        _ => {
            let why = format!("the answer has no list at `{at}`");
            Err(not_documented("NoItems", &why))
        }
    }
}
