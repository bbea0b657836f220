//! All resources of a file, and finding those that together make one asset.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::links::{KEYS, Links, named_by, target};
use super::resource::{Gap, Read, Resource};

/// The resources of one file. Everything is found by an index, so that the work grows with the file, not with its
/// square.
#[derive(Debug)]
pub(super) struct Estate {
    resources: Vec<Resource>,
    by_kind: HashMap<String, Vec<usize>>,
    by_address: HashMap<String, usize>,
    by_declaration: HashMap<String, Vec<usize>>,
    links: RefCell<HashMap<(&'static str, &'static str), Rc<Links>>>,
    /// How many parts were joined so far.
    joined: Cell<usize>,
}

/// How often each resource may be joined to another, on average. In a file of Terraform's own making each belongs to one
/// other and is asked for a few times at most; one in which many resources have the same id must not multiply.
const JOINS: usize = 4;

/// How a resource says to which other it belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// The type of the resource that belongs to another.
    pub(super) kind: &'static str,
    /// Its attribute that names the other.
    pub(super) by: &'static str,
    /// The attributes of the other by which it may be named.
    pub(super) to: &'static [&'static str],
}

impl Estate {
    pub(super) fn new(resources: Vec<Resource>) -> Self {
        let mut estate = Self {
            by_kind: HashMap::new(),
            by_address: HashMap::new(),
            by_declaration: HashMap::new(),
            links: RefCell::default(),
            joined: Cell::new(0),
            resources: Vec::new(),
        };
        for (at, resource) in resources.iter().enumerate() {
            let declaration = declaration(&resource.module, &resource.kind, &resource.name);
            estate
                .by_kind
                .entry(resource.kind.clone())
                .or_default()
                .push(at);
            estate.by_address.insert(resource.address.clone(), at);
            estate
                .by_declaration
                .entry(declaration)
                .or_default()
                .push(at);
        }
        estate.resources = resources;
        estate
    }

    /// The resources, in the order of the file.
    pub(super) fn all(&self) -> &[Resource] {
        &self.resources
    }

    /// The resources of a type, with their places.
    pub(super) fn of(&self, kind: &str) -> impl Iterator<Item = (usize, &Resource)> {
        let places = self
            .by_kind
            .get(kind)
            .map(Vec::as_slice)
            .unwrap_or_default();
        places
            .iter()
            .filter_map(|at| Some((*at, self.resources.get(*at)?)))
    }

    /// The resources that belong to `parent`, in the order of the file. A gap when it cannot be told of one whether it
    /// does.
    pub(super) fn belonging(&self, parent: &Resource, link: Link) -> Read<Vec<&Resource>> {
        let links = self.links_of(link);
        let base = declaration(&parent.module, &parent.kind, &parent.name);
        if let Some(child) = links.unclear(&base).and_then(|at| self.resources.get(at)) {
            let message = format!(
                "to what {} belongs is known only after apply",
                child.address
            );
            return Err(Gap(message));
        }
        let names: BTreeSet<String> = link
            .to
            .iter()
            .filter_map(|name| parent.identity(name))
            .collect();
        let found: Vec<&[usize]> = links.of(&names, &parent.address).collect();
        self.spend(link, found.iter().map(|some| some.len()).sum())?;
        let found: BTreeSet<usize> = found.into_iter().flatten().copied().collect();
        Ok(found
            .into_iter()
            .filter_map(|at| self.resources.get(at))
            .collect())
    }

    /// Counts joins, before they are made.
    fn spend(&self, link: Link, joins: usize) -> Read<()> {
        self.joined.set(self.joined.get().saturating_add(joins));
        if self.joined.get() > JOINS * self.resources.len() {
            return Err(Gap(format!(
                "the file has too many {} of the same resources",
                link.kind
            )));
        }
        Ok(())
    }

    /// As [`Estate::belonging`], where there can be at most one; of several the last one counts as the newest.
    pub(super) fn the_one(&self, parent: &Resource, link: Link) -> Read<Option<&Resource>> {
        Ok(self.belonging(parent, link)?.pop())
    }

    fn links_of(&self, link: Link) -> Rc<Links> {
        let key = (link.kind, link.by);
        if let Some(links) = self.links.borrow().get(&key) {
            return Rc::clone(links);
        }
        let links = Rc::new(Links::of_kind(self, link));
        self.links.borrow_mut().insert(key, Rc::clone(&links));
        links
    }

    /// The resource that the expression of an attribute leads to, where it leads to exactly one.
    pub(super) fn referred(&self, from: &Resource, attribute: &str) -> Option<&Resource> {
        let base = self.named(from, attribute)?;
        let at = match self.by_declaration.get(&base)?.as_slice() {
            [one] => one,
            _ => self
                .by_address
                .get(&format!("{base}[{}]", named_by(from, attribute)?))?,
        };
        self.resources.get(*at)
    }

    /// The declaration of the one resource of this file that an expression names; none where it names another number, or
    /// something else besides, as a condition does.
    pub(super) fn named(&self, from: &Resource, attribute: &str) -> Option<String> {
        let references = from.references(attribute);
        let choosing = |r: &&String| !KEYS.contains(&r.as_str());
        let targets: Option<BTreeSet<(&str, &str)>> = references
            .iter()
            .filter(choosing)
            .map(|r| target(r))
            .collect();
        let mut targets = targets?.into_iter();
        let (Some((kind, name)), None) = (targets.next(), targets.next()) else {
            return None;
        };
        let base = declaration(&from.module, kind, name);
        self.by_declaration.contains_key(&base).then_some(base)
    }

    /// The id by which the asset of another resource goes: the attribute, or the address of what is still to be
    /// created.
    pub(super) fn id_of(&self, from: &Resource, attribute: &str) -> Read<Option<String>> {
        let given = from.item().text(attribute);
        match (&given, self.referred(from, attribute)) {
            (Err(_), Some(other)) => Ok(Some(other.address.clone())),
            _ => given,
        }
    }
}

/// The address of a resource without the key of its instance.
fn declaration(module: &str, kind: &str, name: &str) -> String {
    match module {
        "" => format!("{kind}.{name}"),
        module => format!("{module}.{kind}.{name}"),
    }
}

/// The one value that all who share a key agree on; no entry where they differ.
pub(super) fn agreed(pairs: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (key, value) in pairs {
        let kept = values.entry(key).or_insert_with(|| Some(value.clone()));
        if kept.as_ref() != Some(&value) {
            *kept = None;
        }
    }
    values
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}
