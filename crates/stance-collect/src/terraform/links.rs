//! Which resources of a type belong to which others: by the id that they name, in a plan by what their expressions
//! refer to.

use std::collections::{BTreeSet, HashMap};

use super::estate::{Estate, Link};
use super::resource::Resource;

/// The resources of one type, by what they belong to.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// By the name that they give.
    named: HashMap<String, Vec<usize>>,
    /// By the address of the resource that their expression leads to.
    referred: HashMap<String, Vec<usize>>,
    /// One whose expression names a resource and not which of its instances, by that resource.
    one_of: HashMap<String, usize>,
    /// One whose expression leads nowhere that we know.
    lost: Option<usize>,
}

impl Links {
    pub(super) fn of_kind(estate: &Estate, link: Link) -> Self {
        let mut links = Self::default();
        for (at, child) in estate.of(link.kind) {
            match child.item().text(link.by) {
                Ok(Some(name)) => links.named.entry(name).or_default().push(at),
                Ok(None) => {}
                Err(_) => links.refer(estate, at, child, link.by),
            }
        }
        links
    }

    fn refer(&mut self, estate: &Estate, at: usize, child: &Resource, attribute: &str) {
        if let Some(one) = estate.referred(child, attribute) {
            self.referred
                .entry(one.address.clone())
                .or_default()
                .push(at);
        } else if let Some(base) = estate.named(child, attribute) {
            self.one_of.insert(base, at);
        } else {
            self.lost = Some(at);
        }
    }

    /// One of which it cannot be told whether it belongs to an instance of this resource.
    pub(super) fn unclear(&self, declaration: &str) -> Option<usize> {
        self.lost.or_else(|| self.one_of.get(declaration).copied())
    }

    /// Those that give one of the names or lead to the address; with repetitions, in no order.
    pub(super) fn of<'l>(
        &'l self,
        names: &BTreeSet<String>,
        address: &str,
    ) -> impl Iterator<Item = &'l [usize]> + use<'l> {
        let named: Vec<&Vec<usize>> = names
            .iter()
            .filter_map(|name| self.named.get(name))
            .collect();
        named
            .into_iter()
            .chain(self.referred.get(address))
            .map(Vec::as_slice)
    }
}

/// References that choose the instance with the key of the resource itself.
pub(super) const KEYS: [&str; 2] = ["each.key", "count.index"];

/// The type and name of the managed resource that a reference begins with.
pub(super) fn target(reference: &str) -> Option<(&str, &str)> {
    let (kind, rest) = reference.split_once('.')?;
    let others = [
        "var",
        "local",
        "module",
        "data",
        "each",
        "count",
        "path",
        "self",
        "terraform",
    ];
    if others.contains(&kind) {
        return None;
    }
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    Some((kind, rest.get(..end)?))
}

/// The key by which an expression chooses an instance: a literal one, or that of the resource itself.
pub(super) fn named_by(from: &Resource, attribute: &str) -> Option<String> {
    let references = from.references(attribute);
    if let Some(literal) = references.iter().find_map(|r| key_of(r)) {
        return Some(literal.to_owned());
    }
    let own = references
        .iter()
        .any(|r| r == "each.key" || r == "count.index");
    own.then(|| from.key.clone())?
}

/// The key in a reference such as `alicloud_security_group.web["a"].id`.
fn key_of(reference: &str) -> Option<&str> {
    target(reference)?;
    let (_, rest) = reference.split_once('[')?;
    let end = rest.find(']')?;
    rest.get(..end)
}
