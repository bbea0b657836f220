//! Origins behind an edge product (Anti-DDoS, WAF): can they be reached around it?
//!
//! An origin address is followed to its owner in the account: an elastic IP bound to an ECS instance, a network
//! interface or a load balancer; the public address of an ECS instance; the address of a load balancer. An instance
//! answers by the rules of its security groups together, a load balancer by the access lists of its listeners.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::{Rules, aliyun, openings, text};
use crate::eval::Eval;
use crate::functions::cidr::entries;
use crate::net::ip::{self, IpSet};
use crate::net::ports::PortSet;
use crate::related::Lookup;
use crate::value::{List, Val};

const EIP: &str = "aliyun/eip/address";
const INSTANCE: &str = "aliyun/ecs/instance";
const INTERFACE: &str = "aliyun/ecs/network_interface";
const GROUP: &str = "aliyun/ecs/security_group";
const BALANCER: &str = "aliyun/slb/load_balancer";
const ACL: &str = "aliyun/slb/acl";

const WAYS: [(&str, &str); 8] = [
    (EIP, "facts.list.IpAddress"),
    (INSTANCE, "facts.list.PublicIpAddress.IpAddress"),
    (BALANCER, "facts.list.Address"),
    (INSTANCE, "id"),
    (INTERFACE, "id"),
    (GROUP, "id"),
    (BALANCER, "id"),
    (ACL, "id"),
];

pub(in crate::functions) fn lookups() -> Vec<Lookup> {
    let own = WAYS
        .iter()
        .filter_map(|(asset_type, path)| super::super::lookup(asset_type, path));
    own.chain(aliyun::lookups()).collect()
}

/// The ways by which an origin is open beyond what the edge product needs.
struct Question<'q, 'a> {
    ports: &'q PortSet,
    allowed: &'q IpSet,
    eval: &'q Eval<'a>,
}

type Ways<'a> = Result<Vec<String>, Val<'a>>;

pub(in crate::functions) fn exposure<'a>(
    address: Val<'a>,
    ports: Val<'a>,
    allowed: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    let Val::Str(address) = address else {
        return eval.mismatch("aliyun.originExposure", address.type_name());
    };
    let ports = match super::super::ports::read(ports, eval) {
        Ok(ports) => ports,
        Err(unknown) => return unknown,
    };
    let allowed = entries(allowed, eval);
    if let Some(why) = allowed.missing {
        return Val::Unknown(why);
    }
    let question = Question {
        ports: &ports,
        allowed: &allowed.set(),
        eval,
    };
    match question.owner(address) {
        Ok(ways) => eval.list(ways.into_iter().map(|way| Val::Str(eval.text(&way)))),
        Err(unknown) => unknown,
    }
}

impl<'a> Question<'_, 'a> {
    fn owner(&self, address: &str) -> Ways<'a> {
        if address.parse::<std::net::IpAddr>().is_err() {
            let about = format!("origin {address} is a domain name");
            return Err(Val::Unknown(self.eval.why(ReasonKind::OutOfScope, &about)));
        }
        let mut gap = None;
        for (asset_type, path) in WAYS.iter().take(3) {
            let (assets, incomplete) = self.find(asset_type, path, address);
            gap = gap.or(incomplete);
            if let Some(asset) = assets.first() {
                return self.reach(asset_type, asset);
            }
        }
        let about = format!("origin {address} belongs to nothing in the account");
        Err(Val::Unknown(gap.unwrap_or_else(|| {
            self.eval.why(ReasonKind::OutOfScope, &about)
        })))
    }

    fn find(
        &self,
        asset_type: &str,
        path: &str,
        key: &str,
    ) -> (Vec<&'a Value>, Option<crate::value::Why<'a>>) {
        match super::super::lookup(asset_type, path) {
            Some(lookup) => self.eval.find(&lookup, Some(key), true),
            None => (Vec::new(), None),
        }
    }

    fn reach(&self, asset_type: &str, asset: &'a Value) -> Ways<'a> {
        match asset_type {
            EIP => self.elastic(asset),
            BALANCER => self.balancer(asset),
            _ => self.instance(asset),
        }
    }

    /// What an elastic IP is bound to.
    fn elastic(&self, asset: &'a Value) -> Ways<'a> {
        let item = self.object(asset, "list")?;
        let target = match text(item, "InstanceType") {
            "EcsInstance" => INSTANCE,
            "NetworkInterface" => INTERFACE,
            "SlbInstance" => BALANCER,
            "" => return Ok(Vec::new()),
            other => {
                let about = format!("an elastic IP bound to {other}");
                return Err(Val::Unknown(self.eval.why(ReasonKind::OutOfScope, &about)));
            }
        };
        let id = text(item, "InstanceId");
        let (assets, gap) = self.find(target, "id", id);
        match assets.first() {
            Some(owner) => self.reach(target, owner),
            None => {
                let about = format!("{target} {id}");
                Err(Val::Unknown(gap.unwrap_or_else(|| {
                    self.eval.why(ReasonKind::NotCollected, &about)
                })))
            }
        }
    }

    /// An instance or interface: the rules of its groups together.
    fn instance(&self, asset: &'a Value) -> Ways<'a> {
        let item = self.object(asset, "list")?;
        let ids = item
            .get("SecurityGroupIds")
            .and_then(|ids| ids.get("SecurityGroupId"));
        let Some(ids) = ids.and_then(|ids| ids.as_array()) else {
            return Err(Val::Unknown(
                self.eval.why(ReasonKind::MissingFact, "SecurityGroupIds"),
            ));
        };
        let mut together = Rules::default();
        for id in ids.iter().filter_map(|id| id.as_str()) {
            together.join(self.group(id)?);
        }
        let allowed = self.allowed;
        let found = openings(together, self.ports, self.eval, |fresh, _| {
            fresh.minus(allowed).has_public()
        })?;
        let name = text(asset, "id");
        Ok(found
            .iter()
            .map(|opening| format!("{name} {}", opening.show()))
            .collect())
    }

    fn group(&self, id: &str) -> Result<Rules<'a>, Val<'a>> {
        let (assets, gap) = self.find(GROUP, "id", id);
        let Some(group) = assets.first() else {
            let about = format!("{GROUP} {id}");
            return Err(Val::Unknown(gap.unwrap_or_else(|| {
                self.eval.why(ReasonKind::NotCollected, &about)
            })));
        };
        let attribute = self.object(group, "attribute")?;
        let list = attribute
            .get("Permissions")
            .and_then(|p| p.get("Permission"));
        match list.map(Val::of) {
            Some(permissions) => aliyun::rules(permissions, self.eval),
            None => Err(Val::Unknown(
                self.eval
                    .why(ReasonKind::MissingFact, "Permissions.Permission"),
            )),
        }
    }

    /// A load balancer: each running listener on the ports needs a white list within what is allowed.
    fn balancer(&self, asset: &'a Value) -> Ways<'a> {
        let listeners = self.object(asset, "listeners")?;
        let Some(Val::List(List { items, .. })) = listeners.get("Listeners").map(Val::of) else {
            return Err(Val::Unknown(
                self.eval
                    .why(ReasonKind::MissingFact, "listeners.Listeners"),
            ));
        };
        let mut ways = Vec::new();
        let mut gap = None;
        for item in items.iter() {
            let Val::Object(listener) = item else {
                continue;
            };
            let port =
                super::number(listener, "ListenerPort").and_then(|port| PortSet::span(port, port));
            if text(listener, "Status") != "running"
                || !port.is_some_and(|p| p.intersects(self.ports))
            {
                continue;
            }
            match self.listener(listener) {
                Ok(None) => {}
                Ok(Some(way)) => ways.push(format!("{} {way}", text(asset, "id"))),
                Err(unknown) => gap = Some(unknown),
            }
        }
        match gap {
            Some(unknown) if ways.is_empty() => Err(unknown),
            _ => Ok(ways),
        }
    }

    fn listener(&self, listener: &'a Value) -> Result<Option<String>, Val<'a>> {
        let port = super::number(listener, "ListenerPort").unwrap_or_default();
        let name = format!("{}/{port}", text(listener, "ListenerProtocol"));
        if text(listener, "AclStatus") != "on" || text(listener, "AclType") != "white" {
            return Ok(Some(format!("{name} has no white list")));
        }
        let mut admitted = IpSet::default();
        let ids = listener.get("AclIds").and_then(|ids| ids.as_array());
        let single = text(listener, "AclId");
        let ids = ids
            .into_iter()
            .flat_map(|ids| ids.iter())
            .filter_map(|id| id.as_str());
        for id in ids.chain((!single.is_empty()).then_some(single)) {
            admitted = admitted.union(&self.acl(id)?);
        }
        // A white list without entries forwards everything.
        if admitted.is_empty() {
            return Ok(Some(format!("{name} has an empty white list")));
        }
        let beyond = admitted.minus(self.allowed);
        Ok(beyond
            .has_public()
            .then(|| format!("{name} has white list entries beyond the edge product")))
    }

    fn acl(&self, id: &str) -> Result<IpSet, Val<'a>> {
        let (assets, gap) = self.find(ACL, "id", id);
        let Some(acl) = assets.first() else {
            let about = format!("{ACL} {id}");
            return Err(Val::Unknown(gap.unwrap_or_else(|| {
                self.eval.why(ReasonKind::NotCollected, &about)
            })));
        };
        let attribute = self.object(acl, "attribute")?;
        let list = attribute
            .get("AclEntrys")
            .and_then(|e| e.get("AclEntry"))
            .and_then(|e| e.as_array());
        let mut set = IpSet::default();
        for entry in list.into_iter().flat_map(|l| l.iter()) {
            match ip::parse(text(entry, "AclEntryIP")) {
                Some(block) => set = set.union(&block),
                None => {
                    return Err(self
                        .eval
                        .mismatch("an access list", "an entry that is no address block"));
                }
            }
        }
        Ok(set)
    }

    fn object(&self, asset: &'a Value, call: &str) -> Result<&'a Value, Val<'a>> {
        match self.eval.fact(asset, call) {
            Val::Object(object) => Ok(object),
            Val::Unknown(why) => Err(Val::Unknown(why)),
            _ => Err(Val::Unknown(
                self.eval
                    .why(ReasonKind::MissingFact, &format!("facts.{call}")),
            )),
        }
    }
}
