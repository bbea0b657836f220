//! Calls that go to other hosts than the catalogue names: the same APIs in other clouds of a provider.

use std::collections::BTreeMap;

use stance_model::operation::{Api, CallSpec, Collection, Lookup, ProviderCalls};

/// Other hosts by those that the catalogue names.
type Hosts = BTreeMap<String, String>;

/// The collection with its calls going to other hosts, which are given by those that the catalogue names.
#[must_use]
pub fn moved(collection: &Collection, hosts: &BTreeMap<String, String>) -> Collection {
    let mut collection = collection.clone();
    at(&mut collection.api, hosts);
    let calls = collection.parents.iter_mut().chain(&mut collection.calls);
    calls.for_each(|call| spec(call, hosts));
    collection
}

/// The look-ups of a provider with their calls going to other hosts.
#[must_use]
pub fn moved_lookups(calls: &ProviderCalls, hosts: &BTreeMap<String, String>) -> ProviderCalls {
    let mut calls = calls.clone();
    lookup(&mut calls.identity, hosts);
    let others = [&mut calls.regions, &mut calls.members, &mut calls.assume];
    others
        .into_iter()
        .flatten()
        .for_each(|other| lookup(other, hosts));
    calls
}

fn lookup(lookup: &mut Lookup, hosts: &Hosts) {
    at(&mut lookup.api, hosts);
    spec(&mut lookup.call, hosts);
}

fn spec(call: &mut CallSpec, hosts: &Hosts) {
    if let Some(api) = &mut call.api {
        at(api, hosts);
    }
}

fn at(api: &mut Api, hosts: &Hosts) {
    if let Some(host) = hosts.get(&api.host) {
        api.host.clone_from(host);
    }
}
